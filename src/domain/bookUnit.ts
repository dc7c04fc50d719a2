/**
 * The book's unit: a USD index in which everything is valued.
 *
 * `stablecoin-median` takes the marks of USDT and USDC at every venue, in USDT, and calls their median one dollar; `usdt` calls
 * one USDT one dollar. A mark that is missing, or is not above zero, is unknown, never one.
 */
import type { BookUnit } from './snapshot.ts';

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  const high = sorted[Math.floor(middle)] ?? Number.NaN;
  return (low + high) / 2;
};

const prices = (marks: readonly number[]): readonly number[] =>
  marks.filter((mark) => mark > 0 && Number.isFinite(mark));

/** USD per USDT, given USDC in USDT at each venue that has a mark of it; null: no mark at all. */
export function usdPerTether(
  index: 'stablecoin-median' | 'usdt',
  usdcMarks: readonly number[],
): number | null {
  if (index === 'usdt') return 1;
  const known = prices(usdcMarks);
  if (known.length === 0) return null;
  return 1 / median(known.flatMap((mark) => [1, mark]));
}

/**
 * @param marks price in USDT per coin, the median over venues where there are several.
 * @param usdcMarks USDC in USDT at each venue.
 */
export function bookUnitOf(
  index: 'stablecoin-median' | 'usdt',
  usdcMarks: readonly number[],
  marks: Readonly<Record<string, readonly number[]>>,
): BookUnit {
  const usd = usdPerTether(index, usdcMarks);
  if (usd === null) {
    return {
      kind: 'unknown',
      reason: 'no venue gives a mark of USDC in USDT, which the unit is made of',
    };
  }
  const usdByCoin: Record<string, number> = { USDT: usd };
  const usdc = prices(usdcMarks);
  if (usdc.length > 0) usdByCoin['USDC'] = median(usdc) * usd;
  for (const [coin, all] of Object.entries(marks)) {
    const found = prices(all);
    if (found.length > 0 && !(coin in usdByCoin)) usdByCoin[coin] = median(found) * usd;
  }
  return { kind: 'known', index, usdByCoin };
}
