/**
 * Which origins a venue may reach: a pure function of its environment and of the class's own URLs.
 *
 * A simulated, testnet or demo venue can never reach a live host. Where the paper mode is only a header on the live host
 * (OKX, Bitget), every single request must carry it. What is not on the list is refused.
 */
import type { Environment } from '../../../domain/venue.ts';

export type DemoHeader = { readonly name: string; readonly value: string };

export type OriginPolicy = {
  /** Origins that the class may address. */
  readonly origins: ReadonlySet<string>;
  /** Where admitted requests really go; null: where they are addressed. */
  readonly rehostTo: string | null;
  readonly requiredHeader: DemoHeader | null;
};

export type OriginRefusal = {
  readonly kind: 'refused';
  readonly reason: string;
  readonly remedy: string;
};
export type OriginDecision =
  | { readonly kind: 'policy'; readonly policy: OriginPolicy }
  | OriginRefusal;

export type OriginQuestion = {
  readonly exchange: string;
  readonly environment: Environment;
  readonly endpoint: string | null;
  readonly acknowledgeLive: boolean;
  /** The class's `urls` and `hostname` as described, before any mode was switched. */
  readonly urls: Readonly<Record<string, unknown>>;
  readonly hostname: string | undefined;
  readonly hasSandbox: boolean;
  /** Paper trading is this header on the live host. */
  readonly demoHeader: DemoHeader | null;
};

/** The list for one venue, or why there can be none. */
export function originPolicy(question: OriginQuestion): OriginDecision {
  const { exchange, environment } = question;
  const live = originsIn(question.urls['api'], question.hostname);
  switch (environment) {
    case 'live':
      if (!question.acknowledgeLive) {
        return refused(
          `${exchange}: a live venue needs acknowledgeLive: true`,
          'set acknowledgeLive: true once you mean it',
        );
      }
      return listed(live, exchange, environment);
    case 'simulated':
      return simulated(question, live);
    case 'testnet': {
      if (!question.hasSandbox) return noPaperHost(exchange, environment);
      const test = originsIn(question.urls['test'], question.hostname);
      return listed(without(test, live), exchange, environment);
    }
    case 'demo': {
      if (question.demoHeader !== null) {
        const decision = listed(live, exchange, environment);
        if (decision.kind === 'refused') return decision;
        return {
          kind: 'policy',
          policy: { ...decision.policy, requiredHeader: question.demoHeader },
        };
      }
      const demo = new Set([
        ...originsIn(question.urls['demo'], question.hostname),
        ...originsIn(question.urls['demotrading'], question.hostname),
      ]);
      return listed(without(demo, live), exchange, environment);
    }
  }
}

export type Admission =
  | {
      readonly kind: 'send';
      readonly origin: string;
      readonly headers: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * One request against the list.
 *
 * @param headers of the request, as sent; names in any case.
 * @returns where it goes and which headers are added to it, or why it may not leave.
 */
export function admit(
  policy: OriginPolicy,
  origin: string,
  headers: Readonly<Record<string, unknown>>,
): Admission {
  const addressed = originOf(origin);
  if (addressed === null || !policy.origins.has(addressed)) {
    return { kind: 'refused', reason: `the origin is not on the venue's list, was ${origin}` };
  }
  const { requiredHeader } = policy;
  if (requiredHeader !== null) {
    const wanted = requiredHeader.name.toLowerCase();
    const found = Object.entries(headers).find(([name]) => name.toLowerCase() === wanted)?.[1];
    if (found !== requiredHeader.value) {
      return {
        kind: 'refused',
        reason: `the request must carry ${wanted}: ${requiredHeader.value}, was ${String(found)}`,
      };
    }
  }
  if (policy.rehostTo === null) return { kind: 'send', origin: addressed, headers: {} };
  return {
    kind: 'send',
    origin: policy.rehostTo,
    headers: { 'x-original-host': new URL(addressed).host },
  };
}

function simulated(question: OriginQuestion, live: ReadonlySet<string>): OriginDecision {
  const { exchange, endpoint } = question;
  const remedy = 'set endpoint to the simulator’s origin, such as http://127.0.0.1:9701';
  if (endpoint === null) return refused(`${exchange}: a simulated venue needs an endpoint`, remedy);
  const origin = originOf(endpoint);
  if (origin === null || new URL(endpoint).pathname !== '/' || /[?#@]/.test(endpoint)) {
    return refused(`${exchange}: endpoint must be an http origin, was ${endpoint}`, remedy);
  }
  if (!isPrivateHost(new URL(origin).hostname)) {
    return refused(
      `${exchange}: a simulated venue's endpoint must be this machine or a private network, was ${endpoint}`,
      remedy,
    );
  }
  const decision = listed(live, exchange, 'simulated');
  if (decision.kind === 'refused') return decision;
  return { kind: 'policy', policy: { ...decision.policy, rehostTo: origin } };
}

/** No exchange lives there: loopback, private ranges, names without a dot, and the reserved private domains. */
function isPrivateHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/^\[|\]$/g, '');
  if (host === '::1' || /^f[cd][0-9a-f]{2}:/.test(host)) return true;
  if (host.includes(':')) return false;
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) {
    return /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(host);
  }
  return !host.includes('.') || /\.(localhost|local|internal|test|home\.arpa)$/.test(host);
}

function listed(
  origins: ReadonlySet<string>,
  exchange: string,
  environment: Environment,
): OriginDecision {
  if (origins.size === 0) return noPaperHost(exchange, environment);
  return { kind: 'policy', policy: { origins, rehostTo: null, requiredHeader: null } };
}

function noPaperHost(exchange: string, environment: Environment): OriginRefusal {
  return refused(
    `${exchange} has no ${environment} host of its own in ccxt`,
    'use another environment, or the simulator',
  );
}

function refused(reason: string, remedy: string): OriginRefusal {
  return { kind: 'refused', reason, remedy };
}

/** Origins of every http address in a tree of URLs. */
function originsIn(tree: unknown, hostname: string | undefined): ReadonlySet<string> {
  const found = new Set<string>();
  const walk = (node: unknown): void => {
    if (typeof node === 'string') {
      const origin = originOf(node.replaceAll('{hostname}', hostname ?? ''));
      if (origin !== null) found.add(origin);
    } else if (typeof node === 'object' && node !== null) {
      for (const child of Object.values(node)) walk(child);
    }
  };
  walk(tree);
  return found;
}

function originOf(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.origin : null;
}

/** Live hosts are taken out whatever the scheme or port. */
function without(origins: ReadonlySet<string>, live: ReadonlySet<string>): ReadonlySet<string> {
  const hosts = new Set([...live].map((origin) => new URL(origin).hostname));
  return new Set([...origins].filter((origin) => !hosts.has(new URL(origin).hostname)));
}
