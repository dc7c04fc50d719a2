/**
 * The HTTP dispatcher of one venue: undici with limits on every phase, behind the list of origins.
 *
 * ccxt's own time limit ends at the headers, so a body that stalls would hang; and ccxt follows whatever URL its class
 * builds. Here a request for an origin that is not on the list is refused before a socket is opened.
 */
import { Agent, type Dispatcher } from 'undici';
import { OperatingError } from '../../../domain/operatingError.ts';
import { admit, type OriginPolicy } from './origins.ts';

export type Timeouts = {
  readonly connectMs: number;
  readonly headersMs: number;
  readonly bodyMs: number;
  /** Round the whole of one request. */
  readonly deadlineMs: number;
};

export const defaultTimeouts: Timeouts = {
  connectMs: 5_000,
  headersMs: 8_000,
  bodyMs: 8_000,
  deadlineMs: 10_000,
};

/** Sockets at once to one origin. */
const CONNECTIONS_MAX = 64;

/** Thrown for a request that the list of origins does not admit: nothing left the process. */
export class WrongHost extends OperatingError {
  constructor(venue: string, reason: string) {
    super(`${venue}: a request was refused before it left: ${reason}`, {
      retryable: false,
      remedy: 'check exchange, environment and endpoint of the venue',
    });
    this.name = 'WrongHost';
  }
}

/** A dispatcher that reaches what the policy admits and nothing else. */
export function createDispatcher(
  venue: string,
  policy: OriginPolicy,
  timeouts: Timeouts,
): Dispatcher {
  const agent = new Agent({
    connections: CONNECTIONS_MAX,
    pipelining: 1,
    allowH2: false,
    headersTimeout: timeouts.headersMs,
    bodyTimeout: timeouts.bodyMs,
    keepAliveTimeout: 60_000,
    connect: { timeout: timeouts.connectMs },
  });
  return agent.compose((dispatch) => (options, handler) => {
    const headers = (options.headers ?? {}) as Readonly<Record<string, string>>;
    const admission = admit(policy, String(options.origin ?? ''), headers);
    if (admission.kind === 'refused') throw new WrongHost(venue, admission.reason);
    return dispatch(
      { ...options, origin: admission.origin, headers: { ...headers, ...admission.headers } },
      handler,
    );
  });
}
