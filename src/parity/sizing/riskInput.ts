/** What the risk estimate is told of each leg: floors, jumps, capital at its venue, and the last estimate of a held one. */
import { exposures, type Leg } from '../../domain/leg.ts';
import type { RiskPolicy } from '../../domain/policy.ts';
import { jumpCovarianceAnnual, stablecoinJump } from '../../risk/jumps.ts';
import type { Jump, LegRiskTraits, RiskInput } from '../../risk/riskTypes.ts';
import { venueCovarianceAnnual } from '../../risk/venueFactor.ts';
import type { Book } from './book.ts';
import { capitalPerUsd } from './capital.ts';

const YEAR_MS = 365 * 24 * 3600 * 1000;

export function riskInput(book: Book): RiskInput {
  const { snapshot, policy } = book;
  const { risk, sizing } = policy;
  const venues = book.venues.map(({ observation }) => ({
    defaultProbabilityAnnual: observation.health.defaultProbabilityAnnual,
    lossGivenDefault: sizing.lossGivenDefaultShare,
  }));
  return {
    returnsByLeg: snapshot.returnsByLeg,
    legs: book.legs.map((leg, index) => traitsOf(book, leg, index, venues)),
    venues,
    settings: {
      barsPerYear: YEAR_MS / risk.barMs,
      volatilityHalfLifeBars: risk.volatilityHalfLifeBars,
      correlationHalfLifeBars: risk.correlationHalfLifeBars,
      volatilityShrinkageShare: 0,
      correlationShrinkageShare: risk.correlationShrinkage,
      historyBarsMin: risk.historyBarsMin,
      staleBarsMax: Math.max(1, Math.ceil(policy.limits.barAgeMsMax / risk.barMs)),
      impliedShare: 0,
      demandRaiseShareMax: 0,
    },
  };
}

/** The stablecoin that a leg is long; null: its risk is not that of a peg. */
export function issuerCoin(book: Book, leg: Leg): string | null {
  if (leg.kind === 'lending') return leg.coin;
  if (leg.kind !== 'stable') return null;
  const first = exposures(leg)[0];
  const held = first === undefined ? undefined : book.instrumentById.get(first.instrument);
  return held?.instrument.baseCoin ?? null;
}

function traitsOf(book: Book, leg: Leg, index: number, venues: RiskInput['venues']): LegRiskTraits {
  const { policy, snapshot } = book;
  const coin = issuerCoin(book, leg);
  const jump = coin === null ? null : jumpOf(policy.risk, coin, snapshot.observedAtMs);
  const venueIndex = book.venues.findIndex((each) => each.venue === leg.venue);
  const venueCapital = [{ venueIndex, capitalShare: capitalPerUsd(book, leg).venueUsd }];
  const volatilityFloorAnnual =
    coin === null ? policy.risk.volatilityFloorAnnual : policy.risk.stableVolatilityFloorAnnual;
  const last = snapshot.previous?.volatilityAnnual[leg.id];
  // The stored figure is the whole volatility; jumps and venues are added again.
  const added =
    jumpCovarianceAnnual(jump, jump) + venueCovarianceAnnual(venueCapital, venueCapital, venues);
  return {
    volatilityFloorAnnual,
    jump,
    desmooth: coin !== null,
    venueCapital,
    held: (snapshot.heldUsdByLeg[index] ?? 0) !== 0,
    lastEstimate:
      last === undefined
        ? null
        : { baseVolatilityAnnual: Math.sqrt(Math.max(0, last ** 2 - added)), correlation: [] },
  };
}

function jumpOf(risk: RiskPolicy, coin: string, asOfMs: number): Jump {
  const stated = risk.jumps[coin];
  return stated === undefined
    ? stablecoinJump(coin, asOfMs)
    : { factor: coin.toUpperCase(), ratePerYear: stated.ratePerYear, sizeRms: stated.sizeShare };
}
