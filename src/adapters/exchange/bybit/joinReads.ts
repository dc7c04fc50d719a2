/**
 * Fewer requests for the same answers, below ccxt's methods: a reading that is asked for twice in one turn is made once, and
 * what is published of the markets beside prices serves all accounts of the process for a few seconds.
 *
 * Prices, books, the account, orders, the venue's status and time are never remembered.
 */
import type { Clock } from '../../../rebalance/ports.ts';
import type { CcxtClient } from '../ccxtClient.ts';
import type { Common } from '../session.ts';

const SECOND_MS = 1_000;
/** By ccxt's path, and by category where only one counts. */
const COMMON_AGE_MS_MAX: Readonly<Record<string, number>> = {
  'v5/market/risk-limit': 60 * SECOND_MS,
  'v5/market/insurance': 60 * SECOND_MS,
  'v5/market/kline': 5 * SECOND_MS,
  'v5/market/mark-price-kline': 5 * SECOND_MS,
  'v5/market/funding/history': 5 * SECOND_MS,
  'v5/market/open-interest': 5 * SECOND_MS,
  'v5/market/account-ratio': 5 * SECOND_MS,
  'v5/market/tickers option': 5 * SECOND_MS,
};

export function joinReads({
  client,
  clock,
  common,
}: {
  readonly client: Pick<CcxtClient, 'fetch2'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly common: Common | null;
}): void {
  const fetch = client.fetch2.bind(client);
  const underWay = new Map<string, Promise<unknown>>();
  client.fetch2 = (path, api, method, params, ...rest) => {
    const read = () => fetch(path, api, method, params, ...rest);
    if (method !== 'GET') return read();
    const key = JSON.stringify([path, api, params]);
    const ageMsMax =
      COMMON_AGE_MS_MAX[path] ?? COMMON_AGE_MS_MAX[`${path} ${String(params?.['category'])}`];
    if (common !== null && ageMsMax !== undefined && api === 'public') {
      return common.reads.once(`${common.of} ${key}`, { nowMs: clock.nowMs(), ageMsMax }, read);
    }
    const joined = underWay.get(key);
    if (joined !== undefined) return joined;
    const reading = read();
    underWay.set(key, reading);
    const forget = () => {
      if (underWay.get(key) === reading) underWay.delete(key);
    };
    // Whoever asks after this turn, or after the answer, wants to know what is so by then.
    setImmediate(forget);
    reading.then(forget, forget);
    return reading;
  };
}
