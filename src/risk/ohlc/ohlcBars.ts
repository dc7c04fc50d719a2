/** Bars of one instrument as four typed columns, oldest first; every OHLC estimator works on natural logarithms. */
export type OhlcBars = {
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
};

/** Natural logarithm of a[i] over b[i]. */
export const logRatio = (a: Float64Array, b: Float64Array, i: number, j = i): number =>
  Math.log((a[i] as number) / (b[j] as number));

/** Mean of `term(bar)` for bars from `first` on. */
export function meanOver(bars: number, first: number, term: (bar: number) => number): number {
  let sum = 0;
  for (let bar = first; bar < bars; bar++) sum += term(bar);
  return sum / (bars - first);
}

/** Sample variance (ddof 1) of `term(bar)` for bars from `first` on. */
export function varianceOver(bars: number, first: number, term: (bar: number) => number): number {
  const mean = meanOver(bars, first, term);
  let sum = 0;
  for (let bar = first; bar < bars; bar++) sum += (term(bar) - mean) ** 2;
  return sum / (bars - first - 1);
}
