/**
 * Bars of the look-back as scenarios for CVaR parity: each leg's own moves, demeaned and scaled to its forecast volatility.
 *
 * The shape of the tail is the record's, its size the estimate's, jumps and the venue included (filtered historical
 * simulation, Barone-Adesi, Giannopoulos and Vosper 1999): else a coin that has not slipped yet would count as riskless.
 */
import type { RiskEstimate } from '../../risk/riskTypes.ts';
import type { Book } from './book.ts';

const YEAR_MS = 365 * 24 * 3600 * 1000;

/** T′×n over the bars in which every one of these rows is known, oldest first. */
export function scenarioReturns(
  book: Book,
  estimate: RiskEstimate,
  rows: readonly number[],
): readonly (readonly number[])[] {
  const series = rows.map(
    (row) => book.snapshot.returnsByLeg[estimate.legIndices[row] ?? -1] ?? [],
  );
  const bars: number[][] = [];
  for (let bar = 0; bar < (series[0]?.length ?? 0); bar++) {
    const known = series.flatMap((returns) => returns[bar] ?? []);
    if (known.length === series.length) bars.push(known);
  }
  const barsPerYear = YEAR_MS / book.policy.risk.barMs;
  const moves = rows.map((row, at) => {
    const mean = bars.reduce((sum, bar) => sum + (bar[at] ?? 0), 0) / bars.length;
    const square = bars.reduce((sum, bar) => sum + ((bar[at] ?? 0) - mean) ** 2, 0) / bars.length;
    const forecast = (estimate.volatilityAnnual[row] ?? 0) / Math.sqrt(barsPerYear);
    return { mean, scale: square > 0 ? forecast / Math.sqrt(square) : 0 };
  });
  return bars.map((bar) => moves.map(({ mean, scale }, at) => ((bar[at] ?? 0) - mean) * scale));
}
