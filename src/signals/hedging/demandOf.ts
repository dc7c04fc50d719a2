/** The demand for protection of one coin from what was observed of it: each part as a z-score against its own last month. */
import type { SeriesValue, Signal, UnderlyingSignals } from '../../domain/marketSignals.ts';
import { zScoreOf } from '../basis.ts';
import { type DemandSignal, type HedgingDemand, hedgingDemand } from './demand.ts';

/** A part that is not offered, not read, too young or that does not move drops out. */
export function demandOf(signs: UnderlyingSignals, historyMin: number): HedgingDemand {
  // A dated future's basis is the term's own; the perpetual's mirrors its funding, which is a part already.
  const basis = signs.futureBasis.kind === 'notOffered' ? signs.perpetualBasis : signs.futureBasis;
  const series: Readonly<Record<DemandSignal, Signal<SeriesValue>>> = {
    funding: signs.fundingAnnual,
    basis,
    openInterest: signs.openInterestGrowth,
    longShort: signs.longShare,
    riskReversal: signs.riskReversal,
    putCall: signs.putCall,
    volatilityPremium: signs.volatilityPremium,
  };
  const readings = Object.entries(series).flatMap(([signal, reading]) => {
    if (reading.kind !== 'observed') return [];
    const { value, history } = reading.value;
    const found = zScoreOf(value, history, historyMin);
    return found.kind === 'zScore' ? [[signal, found.z] as const] : [];
  });
  return hedgingDemand(Object.fromEntries(readings));
}
