/**
 * Weight and orders of a minute, by the machine's clock: the limits and the headers that tell of them.
 *
 * The limits are a hundred times the venue's own, so that a test is not slowed by them; `exchangeInfo` states them.
 */
import type { Call } from './call.ts';

export type Family = 'spot' | 'futures';

export const weightPerMinuteMax: Readonly<Record<Family, number>> = {
  spot: 600_000,
  futures: 240_000,
};
export const ordersPerMinuteMax = 120_000;

export type Weights = {
  /** Counts a call; seconds until there is room again where there is none, else null. */
  readonly pass: (family: Family, call: Call) => { readonly retryAfterS: number } | null;
  readonly headers: (family: Family, call: Call) => Readonly<Record<string, string>>;
};

export function createWeights(): Weights {
  let minute = 0;
  let used: Record<Family, number> = { spot: 0, futures: 0 };
  let orders: Record<Family, number> = { spot: 0, futures: 0 };
  const roll = () => {
    const now = Math.floor(Date.now() / 60_000);
    if (now === minute) return;
    minute = now;
    used = { spot: 0, futures: 0 };
    orders = { spot: 0, futures: 0 };
  };
  return {
    pass: (family, call) => {
      roll();
      used[family] += call.weight;
      orders[family] += call.orders ?? 0;
      const isFull =
        used[family] > weightPerMinuteMax[family] || orders[family] > ordersPerMinuteMax;
      return isFull ? { retryAfterS: 60 - Math.floor((Date.now() % 60_000) / 1000) } : null;
    },
    headers: (family, call) => ({
      [call.path.startsWith('/sapi') ? 'X-SAPI-USED-IP-WEIGHT-1M' : 'X-MBX-USED-WEIGHT-1M']: String(
        used[family],
      ),
      ...(call.orders === undefined ? {} : { 'X-MBX-ORDER-COUNT-1M': String(orders[family]) }),
    }),
  };
}
