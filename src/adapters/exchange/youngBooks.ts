/**
 * The newest book of each symbol as ccxt answered it, for who looks at the same moment for something else than a price to
 * trade at. It is forgotten soon: thousands of levels for every account of a process are most of what an account would hold.
 */
import type { Clock } from '../../rebalance/ports.ts';

const AGE_MS_MAX = 2_000;

export type YoungBooks = {
  /** @param askedAtMs when it was asked for, our time. */
  keep(symbol: string, answer: unknown, askedAtMs: number): void;
  /** undefined: there is none, or it is old. */
  find(symbol: string): unknown;
  /** How many are held. */
  count(): number;
};

export function createYoungBooks({ nowMs }: Pick<Clock, 'nowMs'>): YoungBooks {
  const kept = new Map<string, { readonly answer: unknown; readonly askedAtMs: number }>();
  return {
    keep: (symbol, answer, askedAtMs) => {
      const own = { answer, askedAtMs };
      kept.set(symbol, own);
      const forget = () => {
        if (kept.get(symbol) === own) kept.delete(symbol);
      };
      setTimeout(forget, AGE_MS_MAX).unref();
    },
    find: (symbol) => {
      const known = kept.get(symbol);
      const ageMs = nowMs() - (known?.askedAtMs ?? Number.NEGATIVE_INFINITY);
      return ageMs >= 0 && ageMs <= AGE_MS_MAX ? known?.answer : undefined;
    },
    count: () => kept.size,
  };
}
