/**
 * Returns as one typed column per leg, bars oldest first: the form every estimator works on.
 *
 * A missing bar is NaN inside a column and nowhere else: it never leaves this folder.
 */
import { invariant } from '../math/invariant.ts';

export type ReturnColumns = {
  readonly legs: number;
  readonly bars: number;
  /** N columns of T simple returns, NaN where the bar is missing. */
  readonly columns: readonly Float64Array[];
  /** Bars present per leg. */
  readonly present: readonly number[];
};

/** From N legs × T bars, null = missing. */
export function columnsFromLegs(
  returnsByLeg: readonly (readonly (number | null)[])[],
): ReturnColumns {
  const bars = returnsByLeg[0]?.length ?? 0;
  const present: number[] = [];
  const columns = returnsByLeg.map((series) => {
    invariant(series.length === bars, `legs must have the same bars ${bars}, was ${series.length}`);
    const column = new Float64Array(bars);
    let count = 0;
    for (let bar = 0; bar < bars; bar++) {
      const value = series[bar];
      const here = typeof value === 'number' && Number.isFinite(value);
      column[bar] = here ? value : Number.NaN;
      if (here) count++;
    }
    present.push(count);
    return column;
  });
  return { legs: returnsByLeg.length, bars, columns, present };
}

/** From T bars × N legs, null = missing. */
export function columnsFromBars(returns: readonly (readonly (number | null)[])[]): ReturnColumns {
  const legs = returns[0]?.length ?? 0;
  return columnsFromLegs(
    Array.from({ length: legs }, (_, leg) => returns.map((row) => row[leg] ?? null)),
  );
}

/** The columns of some of the legs, shared, not copied. */
export function selectColumns(all: ReturnColumns, indices: readonly number[]): ReturnColumns {
  return {
    legs: indices.length,
    bars: all.bars,
    columns: indices.map((index) => {
      const column = all.columns[index];
      invariant(column !== undefined, `leg index must exist, was ${index}`);
      return column;
    }),
    present: indices.map((index) => all.present[index] ?? 0),
  };
}
