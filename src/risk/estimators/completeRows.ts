/**
 * The rows in which every leg is present, demeaned: what the shrinkage formulas are derived for.
 *
 * Their intensity is a statement about T joint observations; on pairwise data it means nothing, so rows with a gap
 * are dropped and the drop is reported.
 */
import type { ReturnColumns } from '../returnColumns.ts';
import type { EstimateRepair, NoEstimate } from './covarianceEstimate.ts';

export type CompleteRows = {
  readonly kind: 'complete';
  /** N columns of `rows` numbers, each with mean zero. */
  readonly columns: readonly Float64Array[];
  /** The same rows with their means. */
  readonly raw: readonly Float64Array[];
  /** Which bars of the window they are. */
  readonly bars: readonly number[];
  readonly rows: number;
  readonly repairs: readonly EstimateRepair[];
};

export function completeRows(returns: ReturnColumns): CompleteRows | NoEstimate {
  const bars: number[] = [];
  for (let bar = 0; bar < returns.bars; bar++) {
    if (returns.columns.every((column) => !Number.isNaN(column[bar]))) bars.push(bar);
  }
  const rows = bars.length;
  if (rows < 2) {
    return { kind: 'insufficientHistory', reason: `needs 2 rows without a gap, was ${rows}` };
  }
  const raw = returns.columns.map((column) => Float64Array.from(bars, (bar) => column[bar] ?? 0));
  const columns = raw.map((column) => {
    const mean = column.reduce((sum, value) => sum + value, 0) / rows;
    return column.map((value) => value - mean);
  });
  const dropped = returns.bars - rows;
  const repairs: EstimateRepair[] = dropped > 0 ? [{ code: 'ROWS_DROPPED', rows: dropped }] : [];
  return { kind: 'complete', columns, raw, bars, rows, repairs };
}
