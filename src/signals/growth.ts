/** Relative change of a series over a span, at each of its readings that has one to be compared with. */
type Stamped = { readonly atMs: number; readonly value: number };

/** The earlier reading may be older than the span by this share of it, not younger. */
const SLACK_SHARE = 0.5;

/** Oldest first in and out; a reading without an earlier one above 0 within reach has no change. */
export function growthOver(readings: readonly Stamped[], spanMs: number): readonly Stamped[] {
  let from = 0;
  return readings.flatMap(({ atMs, value }) => {
    while ((readings[from + 1]?.atMs ?? Number.POSITIVE_INFINITY) <= atMs - spanMs) from += 1;
    const before = readings[from];
    if (before === undefined || before.atMs > atMs - spanMs || !(before.value > 0)) return [];
    if (before.atMs < atMs - spanMs * (1 + SLACK_SHARE)) return [];
    return [{ atMs, value: value / before.value - 1 }];
  });
}
