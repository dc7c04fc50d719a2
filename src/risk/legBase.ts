/** Which legs can be estimated, and each one's volatility before jumps and venues are shared out. */
import { separateVariance } from './estimators/separate.ts';
import { forwardVolatility } from './forwardVolatility.ts';
import { effectiveBars } from './halfLife.ts';
import { jumpCovarianceAnnual } from './jumps.ts';
import type { ReturnColumns } from './returnColumns.ts';
import type { LeftOutLeg, LegRisk, LegRiskTraits, RiskInput } from './riskTypes.ts';
import { venueCovarianceAnnual } from './venueFactor.ts';

/** The window and the weights that all legs share. */
export type RiskFrame = {
  readonly returns: ReturnColumns;
  readonly input: RiskInput;
  readonly volatilityWeights: Float64Array;
};

type Included = { readonly legIndex: number; readonly source: LegRisk['source'] };

/** Every leg is either included or left out with one reason; what it last was counts for a held leg only. */
export function sortLegs(frame: RiskFrame): {
  readonly included: readonly Included[];
  readonly leftOut: readonly LeftOutLeg[];
} {
  const included: Included[] = [];
  const leftOut: LeftOutLeg[] = [];
  frame.input.legs.forEach((leg, legIndex) => {
    const fault = faultOf(frame, legIndex);
    if (fault === null) included.push({ legIndex, source: 'sample' });
    else if (leg.held && leg.lastEstimate !== null)
      included.push({ legIndex, source: 'lastEstimate' });
    else leftOut.push(fault);
  });
  return { included, leftOut };
}

function faultOf(frame: RiskFrame, legIndex: number): LeftOutLeg | null {
  const { legs, venues, settings } = frame.input;
  const { returns } = frame;
  const leg = legs[legIndex] as LegRiskTraits;
  const column = returns.columns[legIndex] as Float64Array;
  const barsPresent = returns.present[legIndex] ?? 0;
  const who = { legIndex, held: leg.held };
  if (barsPresent < Math.max(2, settings.historyBarsMin)) {
    const barsRequired = Math.max(2, settings.historyBarsMin);
    return { ...who, code: 'HISTORY_TOO_SHORT', barsPresent, barsRequired };
  }
  const barsSinceLast = barsAfterNewest(column);
  if (barsSinceLast > settings.staleBarsMax) {
    return { ...who, code: 'DATA_STOPPED', barsSinceLast, barsAllowed: settings.staleBarsMax };
  }
  const otherVariance =
    leg.volatilityFloorAnnual ** 2 +
    jumpCovarianceAnnual(leg.jump, leg.jump) +
    venueCovarianceAnnual(leg.venueCapital, leg.venueCapital, venues);
  if (otherVariance === 0 && sampleVariance(frame, column) === 0) {
    return { ...who, code: 'NO_VARIANCE', barsPresent };
  }
  return null;
}

export function legBase(
  frame: RiskFrame,
  at: Included & { readonly desmoothingPhi: number },
): LegRisk {
  const { legs, venues, settings } = frame.input;
  const { returns } = frame;
  const leg = legs[at.legIndex] as LegRiskTraits;
  const column = returns.columns[at.legIndex] as Float64Array;
  const last = at.source === 'lastEstimate' ? leg.lastEstimate : null;
  const sampleVolatilityAnnual =
    last?.baseVolatilityAnnual ?? Math.sqrt(sampleVariance(frame, column) * settings.barsPerYear);
  const forecast =
    last === null
      ? forwardVolatility(sampleVolatilityAnnual, leg.impliedVolatilityAnnual, {
          impliedShare: settings.impliedShare,
          raiseShare: leg.demandRaiseShare ?? 0,
          raiseShareMax: settings.demandRaiseShareMax,
        })
      : sampleVolatilityAnnual;
  return {
    legIndex: at.legIndex,
    source: at.source,
    barsPresent: returns.present[at.legIndex] ?? 0,
    effectiveBars: effectiveBars(frame.volatilityWeights, column),
    sampleVolatilityAnnual,
    desmoothingPhi: at.desmoothingPhi,
    floorApplied: forecast < leg.volatilityFloorAnnual,
    baseVolatilityAnnual: Math.max(forecast, leg.volatilityFloorAnnual),
    jumpVarianceAnnual: jumpCovarianceAnnual(leg.jump, leg.jump),
    venueVarianceAnnual: venueCovarianceAnnual(leg.venueCapital, leg.venueCapital, venues),
  };
}

function sampleVariance({ input, volatilityWeights }: RiskFrame, column: Float64Array): number {
  return separateVariance(column, volatilityWeights, input.settings.volatilityShrinkageShare);
}

/** Bars from the newest present one to the end of the window; the whole window where there is none. */
function barsAfterNewest(column: Float64Array): number {
  let back = 0;
  while (back < column.length && Number.isNaN(column[column.length - 1 - back])) back++;
  return back;
}
