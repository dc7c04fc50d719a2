/** What both ways of scaling work on, and the risk of notionals over the universe. */
import type { StressScenario } from '../../margin/scenarios.ts';
import type { RiskEstimate } from '../../risk/riskTypes.ts';
import type { Book } from './book.ts';
import type { Cap } from './caps.ts';
import type { LegStanding } from './legState.ts';
import { covarianceForm } from './weigh.ts';

export type SizingProblem = {
  readonly book: Book;
  readonly estimate: RiskEstimate;
  readonly standings: readonly LegStanding[];
  readonly caps: readonly Cap[];
  readonly scenarios: readonly StressScenario[];
  /** Universe order, unsigned. */
  readonly uncappedUsd: readonly number[];
  readonly fixedUsd: readonly number[];
};

/** The rows of the estimate taken from a vector over the universe. */
export function overRows(estimate: RiskEstimate, universe: readonly number[]): readonly number[] {
  return estimate.legIndices.map((leg) => universe[leg] ?? 0);
}

/** Annual volatility of these notionals, USD. Legs without an estimate are not in it. */
export function volatilityUsd(estimate: RiskEstimate, notionalsUsd: readonly number[]): number {
  const rows = overRows(estimate, notionalsUsd);
  return Math.sqrt(Math.max(0, covarianceForm(estimate, rows, rows)));
}
