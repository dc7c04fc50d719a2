/** Readings against what was read before: held for ten minutes, fallen from a peak, a multiple of the usual. */
import type { Signal } from './observations.ts';
import { median } from './readings.ts';

export type Timed = { readonly atMs: number; readonly value: number };

/** Fewer samples of the past than this tell nothing of what is usual. */
const SAMPLES_MIN = 30;
/** Least deviation that a funding gap is measured by, of eight hours: the rate at which most contracts rest. */
const FUNDING_DEVIATION_MIN = 1e-4;

/**
 * What a reading has been throughout a time: of one sign, its least magnitude; of both, 0.
 *
 * A time that was not looked at throughout bounds it from above only: below `quiet` that is enough, else it is unknown.
 *
 * @param readings oldest first, the newest one of now.
 */
export function heldThroughout(
  readings: readonly Timed[],
  {
    nowMs,
    heldMs,
    gapMsMax,
    quiet,
  }: {
    readonly nowMs: number;
    readonly heldMs: number;
    /** Readings further apart leave a time that was not looked at. */
    readonly gapMsMax: number;
    readonly quiet: number;
  },
): Signal<number> {
  const newest = readings.at(-1);
  if (newest === undefined) return { kind: 'unknown', reason: 'never read' };
  let seen: Timed = newest;
  let held = newest.value;
  for (const each of readings.toReversed()) {
    if (seen.atMs <= nowMs - heldMs || seen.atMs - each.atMs > gapMsMax) break;
    held =
      each.value * held > 0 ? Math.sign(held) * Math.min(Math.abs(held), Math.abs(each.value)) : 0;
    seen = each;
  }
  if (seen.atMs <= nowMs - heldMs || Math.abs(held) < quiet) {
    return { kind: 'observed', value: held, observedAtMs: newest.atMs };
  }
  const minutes = (ms: number): string => (ms / 60_000).toFixed(0);
  return {
    kind: 'unknown',
    reason: `${(held * 100).toFixed(1)} %, seen for ${minutes(nowMs - seen.atMs)} of ${minutes(heldMs)} minutes`,
  };
}

/** Now ÷ the highest of the readings − 1: 0 at the peak. @param readings oldest first; null: none. */
export function sincePeakShare(readings: readonly Timed[]): number | null {
  const newest = readings.at(-1);
  const peak = Math.max(...readings.map(({ value }) => value));
  return newest === undefined || !(peak > 0) ? null : newest.value / peak - 1;
}

/** Now ÷ the median of the past; null: too few samples, or a usual of nothing. */
export function ratioToUsual(now: number, past: readonly number[]): number | null {
  const usual = past.length < SAMPLES_MIN ? null : median(past);
  return usual === null || !(usual > 0) ? null : now / usual;
}

/** (gap − mean) ÷ standard deviation of the past, ddof 1, at least one resting rate; null: too few samples. */
export function gapDeviations(gap: number, past: readonly number[]): number | null {
  if (past.length < SAMPLES_MIN) return null;
  const mean = past.reduce((sum, each) => sum + each, 0) / past.length;
  const squares = past.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (past.length - 1));
  return (gap - mean) / Math.max(deviation, FUNDING_DEVIATION_MIN);
}

/**
 * How many times its usual a withdrawal fee is: of each coin the chain that rose least, of the coins the worst.
 *
 * One dear chain is a chain's matter (gas); all of them dear is the venue's.
 *
 * @param fees by `coin|chain`, of chains that are open. @returns null where nothing usual is known.
 */
export function feeRatio(
  fees: Readonly<Record<string, number>>,
  past: Readonly<Record<string, readonly number[]>>,
): number | null {
  const leastByCoin = new Map<string, number>();
  for (const [key, fee] of Object.entries(fees)) {
    const ratio = ratioToUsual(fee, past[key] ?? []);
    const coin = key.split('|')[0] ?? key;
    if (ratio !== null) leastByCoin.set(coin, Math.min(ratio, leastByCoin.get(coin) ?? ratio));
  }
  return leastByCoin.size === 0 ? null : Math.max(...leastByCoin.values());
}
