/**
 * The daemon's risk estimate: legs' returns → annual volatility, correlation and covariance, each explained.
 *
 *   sigma_i² = max(sample_i, floor_i)² + lambda_i·J_i² + PD·LGD²·c_i²
 *   covariance_ij = rho_ij·base_i·base_j + shared jumps + shared venues
 * The sample part comes from `estimators/separate.ts`. The sum of positive semi-definite parts stays so.
 */
import { invariant } from '../math/invariant.ts';
import { desmooth } from './desmooth.ts';
import { separateCorrelation } from './estimators/separate.ts';
import { halfLifeWeights } from './halfLife.ts';
import { jumpCovarianceAnnual } from './jumps.ts';
import { legBase, sortLegs } from './legBase.ts';
import { repairCorrelation } from './positiveSemiDefinite.ts';
import { columnsFromLegs, type ReturnColumns, selectColumns } from './returnColumns.ts';
import type {
  InsufficientHistory,
  LastEstimate,
  LegRisk,
  LegRiskTraits,
  RiskEstimate,
  RiskInput,
  RiskRepair,
} from './riskTypes.ts';
import { venueCovarianceAnnual } from './venueFactor.ts';

/**
 * A leg with too little history is left out with its reason. A held leg whose data stop keeps its last estimate
 * (`source: 'lastEstimate'`); held without one, it is left out too and says `held`.
 *
 * @returns vectors over the legs that could be estimated, in universe order; `insufficientHistory` when none could.
 */
export function estimateRisk(input: RiskInput): RiskEstimate | InsufficientHistory {
  invariant(
    input.returnsByLeg.length === input.legs.length,
    `one series per leg (${input.legs.length}), was ${input.returnsByLeg.length}`,
  );
  const raw = columnsFromLegs(input.returnsByLeg);
  const phi: number[] = [];
  const columns = raw.columns.map((column, index) => {
    const smoothed = input.legs[index]?.desmooth ? desmooth(column) : { column, phi: 0 };
    phi.push(smoothed.phi);
    return smoothed.column;
  });
  const present = columns.map((column) => countPresent(column));
  const returns: ReturnColumns = { ...raw, columns, present };
  const volatilityWeights = halfLifeWeights(returns.bars, input.settings.volatilityHalfLifeBars);
  const frame = { returns, input, volatilityWeights };
  const { included, leftOut } = sortLegs(frame);
  if (included.length === 0) return { kind: 'insufficientHistory', leftOut };

  const legs = included.map(({ legIndex, source }) =>
    legBase(frame, { legIndex, source, desmoothingPhi: phi[legIndex] ?? 0 }),
  );
  const correlation = baseCorrelation(returns, input, legs);
  return assemble(input, legs, correlation, leftOut);
}

/** What the next estimate falls back on if this leg's data stop; null: the leg was not estimated. */
export function lastEstimateOf(estimate: RiskEstimate, legIndex: number): LastEstimate | null {
  const row = estimate.legIndices.indexOf(legIndex);
  const leg = estimate.legs[row];
  if (leg === undefined) return null;
  const correlation: (number | null)[] = [];
  estimate.legIndices.forEach((other, column) => {
    while (correlation.length < other) correlation.push(null);
    correlation.push(estimate.baseCorrelation[row]?.[column] ?? null);
  });
  return { baseVolatilityAnnual: leg.baseVolatilityAnnual, correlation };
}

type Correlated = { readonly matrix: Float64Array; readonly repairs: readonly RiskRepair[] };

/** Pairs with too few common bars take their last estimate, else the mean of the known ones, and say so. */
function baseCorrelation(
  returns: ReturnColumns,
  { legs: traits, settings }: RiskInput,
  legs: readonly LegRisk[],
): Correlated {
  const n = legs.length;
  const chosen = selectColumns(
    returns,
    legs.map((leg) => leg.legIndex),
  );
  const { correlation, commonBars } = separateCorrelation(chosen, settings);
  const repairs: RiskRepair[] = [];
  const unknown: { readonly row: number; readonly column: number }[] = [];
  let sum = 0;
  let known = 0;
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < row; column++) {
      const bars = commonBars[row * n + column] ?? 0;
      if (bars < settings.historyBarsMin / 2 || Number.isNaN(correlation[row * n + column])) {
        unknown.push({ row, column });
        continue;
      }
      sum += correlation[row * n + column] ?? 0;
      known++;
    }
  }
  for (const { row, column } of unknown) {
    const a = legs[row]?.legIndex ?? 0;
    const b = legs[column]?.legIndex ?? 0;
    const last = traits[a]?.lastEstimate?.correlation[b] ?? traits[b]?.lastEstimate?.correlation[a];
    const value = last ?? (known === 0 ? 1 : sum / known);
    correlation[row * n + column] = value;
    correlation[column * n + row] = value;
    repairs.push({
      code: 'CORRELATION_ASSUMED',
      legIndices: [a, b],
      correlation: value,
      commonBars: commonBars[row * n + column] ?? 0,
    });
  }
  const repaired = repairCorrelation({ n, values: correlation });
  return { matrix: repaired.correlation.values, repairs: [...repairs, ...repaired.repairs] };
}

function assemble(
  { legs: traits, venues }: RiskInput,
  legs: readonly LegRisk[],
  base: Correlated,
  leftOut: RiskEstimate['leftOut'],
): RiskEstimate {
  const n = legs.length;
  const trait = legs.map((leg) => traits[leg.legIndex] as LegRiskTraits);
  const covarianceAnnual = legs.map((a, row) =>
    legs.map((b, column) => {
      const left = trait[row] as LegRiskTraits;
      const right = trait[column] as LegRiskTraits;
      return (
        (base.matrix[row * n + column] as number) *
          a.baseVolatilityAnnual *
          b.baseVolatilityAnnual +
        jumpCovarianceAnnual(left.jump, right.jump) +
        venueCovarianceAnnual(left.venueCapital, right.venueCapital, venues)
      );
    }),
  );
  const volatilityAnnual = covarianceAnnual.map((row, i) => Math.sqrt(row[i] as number));
  return {
    kind: 'estimated',
    legIndices: legs.map((leg) => leg.legIndex),
    volatilityAnnual,
    correlation: covarianceAnnual.map((row, i) =>
      row.map((value, j) =>
        i === j ? 1 : value / ((volatilityAnnual[i] as number) * (volatilityAnnual[j] as number)),
      ),
    ),
    covarianceAnnual,
    baseCorrelation: legs.map((_, i) => Array.from(base.matrix.subarray(i * n, (i + 1) * n))),
    legs,
    leftOut,
    repairs: base.repairs,
  };
}

function countPresent(column: Float64Array): number {
  let count = 0;
  for (const value of column) if (!Number.isNaN(value)) count++;
  return count;
}
