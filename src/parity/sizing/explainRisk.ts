/** Who contributes what to the risk of the targets: legs, collateral, groups, venues and factors; tails; what was realised. */
import type {
  LastLegEstimate,
  RiskContribution,
  RiskExplanation,
  SharedContribution,
  TailFigure,
} from '../../domain/riskExplanation.ts';
import { withCollateral } from '../../risk/collateral.ts';
import { contributions, sumByLabel } from '../../risk/contributions.ts';
import { type DayFigure, dayTail } from '../../risk/dayTail.ts';
import { type Diversification, diversification } from '../../risk/diversification.ts';
import { lastEstimateOf } from '../../risk/estimateRisk.ts';
import type { RiskEstimate, RiskInput } from '../../risk/riskTypes.ts';
import type { Book } from './book.ts';
import { idleCollateral } from './collateralPools.ts';
import { factorReport } from './factorReport.ts';
import { realisedRisk } from './realisedRisk.ts';
import { overRows } from './sizingProblem.ts';

const DAY_MS = 86_400_000;
const CONFIDENCE = 0.95;

/** @param notionalsUsd unsigned, universe order. */
export function explainRisk(
  book: Book,
  estimate: RiskEstimate,
  input: RiskInput,
  notionalsUsd: readonly number[],
): RiskExplanation {
  const rows = overRows(estimate, notionalsUsd);
  const idle = idleCollateral(book, notionalsUsd);
  const whole = contributions(
    [...rows, ...idle.map((each) => each.idleUsd)],
    withCollateral(
      estimate,
      input.legs,
      input.venues,
      idle.map((each) => each.pool),
    ),
  );
  const at = (index: number): RiskContribution => ({
    marginal: whole.marginal[index] ?? 0,
    absoluteUsd: whole.absolute[index] ?? 0,
    relativeShare: whole.riskShares[index] ?? 0,
  });
  const rowOf = (legIndex: number): number => estimate.legIndices.indexOf(legIndex);
  const legs = book.legs.map((leg, index) => {
    const row = rowOf(index);
    const none = { marginal: 0, absoluteUsd: 0, relativeShare: 0 };
    return { leg: leg.id, ...(row < 0 ? none : at(row)), estimate: lastOf(book, estimate, index) };
  });
  const collateral = idle.map(({ venue, coin, idleUsd }, index) => ({
    venue,
    coin,
    idleUsd,
    ...at(rows.length + index),
  }));
  const bets = betsOf(estimate, rows);
  return {
    volatilityAnnual: whole.volatility / book.equityUsd,
    legs,
    collateral,
    groups: shared(
      legs,
      book.legs.map((leg) => leg.group ?? leg.id),
    ),
    venues: shared(
      [...legs, ...collateral],
      [...book.legs.map((leg) => leg.venue), ...idle.map((each) => each.venue)],
    ),
    factors: factorReport(book, estimate, input, rows),
    effectiveBets: bets?.effectiveBets ?? null,
    diversificationRatio: bets?.diversificationRatio ?? null,
    tail: tailOf(book, estimate, rows),
    realised: realisedRisk(book),
  };
}

/** Of the legs that hold something: a factor of a leg that does not would count what others share with it. */
function betsOf(estimate: RiskEstimate, exposures: readonly number[]): Diversification | null {
  const active = exposures.flatMap((exposure, row) => (exposure === 0 ? [] : [row]));
  return diversification(
    active.map((row) => exposures[row] ?? 0),
    active.map((i) => active.map((j) => estimate.covarianceAnnual[i]?.[j] ?? 0)),
  );
}

function lastOf(book: Book, estimate: RiskEstimate, index: number): LastLegEstimate | null {
  const last = lastEstimateOf(estimate, index);
  if (last === null) return null;
  const correlation = last.correlation.flatMap((value, other) => {
    const id = book.legs[other]?.id;
    return value === null || id === undefined || other === index ? [] : [[id, value] as const];
  });
  return {
    baseVolatilityAnnual: last.baseVolatilityAnnual,
    correlation: Object.fromEntries(correlation),
  };
}

function shared(
  parts: readonly RiskContribution[],
  labels: readonly string[],
): readonly SharedContribution[] {
  const absolute = sumByLabel(
    parts.map((part) => part.absoluteUsd),
    labels,
  );
  const relative = sumByLabel(
    parts.map((part) => part.relativeShare),
    labels,
  );
  return Object.entries(absolute).map(([name, absoluteUsd]) => ({
    name,
    absoluteUsd,
    relativeShare: relative[name] ?? 0,
  }));
}

function tailOf(
  book: Book,
  estimate: RiskEstimate,
  exposures: readonly number[],
): RiskExplanation['tail'] {
  const barsPerDay = Math.max(1, Math.round(DAY_MS / book.policy.risk.barMs));
  const returnsByLeg = estimate.legIndices.map((leg) => book.snapshot.returnsByLeg[leg] ?? []);
  const covarianceAnnual = estimate.covarianceAnnual;
  const found = dayTail({ exposures, covarianceAnnual, returnsByLeg, barsPerDay }, CONFIDENCE);
  const figure = (day: DayFigure): TailFigure => ({
    valueAtRiskUsd: day.valueAtRisk,
    expectedShortfallUsd: day.expectedShortfall,
    shortfallByLegUsd: book.legs.map(
      (_, index) => day.components[estimate.legIndices.indexOf(index)] ?? 0,
    ),
  });
  return {
    confidence: CONFIDENCE,
    horizonMs: DAY_MS,
    normal: figure(found.normal),
    cornishFisher: found.cornishFisher && figure(found.cornishFisher),
    historical: found.historical && figure(found.historical),
    days: found.windows / barsPerDay,
  };
}
