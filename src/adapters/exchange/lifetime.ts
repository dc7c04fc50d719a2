/**
 * Gives every order request a last moment, so that one which is late is refused by the venue instead of taken.
 *
 * Without it a request that was lost on the way could arrive after it was declared absent. Bybit and Binance sign a window
 * of their own (`recvWindow`, an option of the class); OKX reads a header; Hyperliquid signs `expiresAfter` into the action,
 * which ccxt hashes but never asks for; Deribit takes `valid_until` with the order.
 */
import type { CcxtClient } from './ccxtClient.ts';
import type { Lifetime } from './profiles/profile.ts';

type OrderParams = () => Readonly<Record<string, unknown>>;

/** @returns what `createOrder` must be given beside the order, asked for while it is signed. */
export function limitLifetime(
  client: CcxtClient,
  lifetime: Lifetime,
  windowMs: number,
): OrderParams {
  const lastMs = (): number => client.milliseconds() + windowMs;
  switch (lifetime.kind) {
    case 'orderParam':
      return () => ({ [lifetime.name]: lastMs() });
    case 'header': {
      const fetch = client.fetch.bind(client);
      client.fetch = (url, method, headers, body) => {
        const isOrder = URL.canParse(url) && lifetime.paths.test(new URL(url).pathname);
        const given = (headers ?? {}) as Readonly<Record<string, unknown>>;
        const sent = isOrder ? { ...given, [lifetime.name]: String(lastMs()) } : headers;
        return fetch(url, method, sent, body);
      };
      return () => ({});
    }
    case 'signedAction':
      signExpiry(client, windowMs);
      return () => ({});
    case 'recvWindow':
    case 'none':
      return () => ({});
  }
}

/** The part of Hyperliquid's class that signs. */
type ActionSigner = {
  signL1Action(action: object, nonce: number, vault?: string, expiresAfter?: number): unknown;
  privatePostExchange(request: Readonly<Record<string, unknown>>): Promise<unknown>;
};

/** What was signed with a last moment is posted with it; actions that are signed in another way have none. */
function signExpiry(client: CcxtClient, windowMs: number): void {
  const signer = client as unknown as ActionSigner;
  const sign = signer.signL1Action.bind(signer);
  const expiries = new WeakMap<object, number>();
  signer.signL1Action = (action, nonce, vault, stated) => {
    // Not from the nonce: where another was signed later, ccxt counts that one on, and a stale order would be fresh again.
    const expiresAfter = stated ?? client.milliseconds() + windowMs;
    expiries.set(action, expiresAfter);
    return sign(action, nonce, vault, expiresAfter);
  };
  const post = signer.privatePostExchange.bind(signer);
  signer.privatePostExchange = (request) => {
    const action = request['action'];
    const expiresAfter =
      typeof action === 'object' && action !== null ? expiries.get(action) : undefined;
    return post(expiresAfter === undefined ? request : { ...request, expiresAfter });
  };
}
