/** What the risk estimate is told of each leg: floors, jumps, capital at its venue, and the last estimate of a held one. */
import { exposures, hedgedBy, type Leg } from '../../domain/leg.ts';
import type { RiskPolicy } from '../../domain/policy.ts';
import { stablecoinJump } from '../../risk/jumps.ts';
import type { Jump, LegRiskTraits, RiskInput } from '../../risk/riskTypes.ts';
import type { Book } from './book.ts';
import { capitalPerUsd } from './capital.ts';
import { forecastSigns } from './marketSigns.ts';

const YEAR_MS = 365 * 24 * 3600 * 1000;

export function riskInput(book: Book): RiskInput {
  const { snapshot, policy } = book;
  const { sizing } = policy;
  const venues = book.venues.map(({ observation }) => ({
    defaultProbabilityAnnual: observation.health.defaultProbabilityAnnual,
    lossGivenDefault: sizing.lossGivenDefaultShare,
  }));
  return {
    // A hedge's risk is that of what it hedges, which is not in this book.
    returnsByLeg: snapshot.returnsByLeg.map((returns, index) =>
      hedgedBy(book.legs[index]) === null ? returns : returns.map(() => null),
    ),
    legs: book.legs.map((leg, index) => traitsOf(book, leg, index)),
    venues,
    settings: riskSettings(book),
  };
}

/** How every estimate of this book is made. */
export function riskSettings({ policy }: Book): RiskInput['settings'] {
  const { risk } = policy;
  return {
    barsPerYear: YEAR_MS / risk.barMs,
    volatilityHalfLifeBars: risk.volatilityHalfLifeBars,
    correlationHalfLifeBars: risk.correlationHalfLifeBars,
    volatilityShrinkageShare: risk.volatilityShrinkage,
    correlationShrinkageShare: risk.correlationShrinkage,
    historyBarsMin: risk.historyBarsMin,
    staleBarsMax: Math.max(1, Math.ceil(policy.limits.barAgeMsMax / risk.barMs)),
    impliedShare: policy.signals?.impliedShare ?? 0,
    demandRaiseShareMax: policy.signals?.demandRaiseShareMax ?? 0,
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

/** The coin whose peg moves the leg: its issuer's, and for a carry pair, a synthetic holding of its quote coin, that one. */
function peggedCoin(book: Book, leg: Leg): string | null {
  if (leg.kind !== 'carry') return issuerCoin(book, leg);
  const spot = exposures(leg)[0];
  return (spot && book.instrumentById.get(spot.instrument)?.instrument.quoteCoin) ?? null;
}

function traitsOf(book: Book, leg: Leg, index: number): LegRiskTraits {
  const { policy, snapshot } = book;
  const isStable = issuerCoin(book, leg) !== null;
  const coin = peggedCoin(book, leg);
  const venueIndex = book.venues.findIndex((each) => each.venue === leg.venue);
  const last = snapshot.previous?.lastEstimates?.[leg.id];
  return {
    volatilityFloorAnnual: isStable
      ? policy.risk.stableVolatilityFloorAnnual
      : policy.risk.volatilityFloorAnnual,
    jump: coin === null ? null : jumpOf(policy.risk, coin, snapshot.observedAtMs),
    desmooth: isStable,
    venueCapital: [{ venueIndex, capitalShare: capitalPerUsd(book, leg).venueUsd }],
    held: hedgedBy(leg) === null && (snapshot.heldUsdByLeg[index] ?? 0) !== 0,
    ...forecastSigns(book, leg),
    lastEstimate:
      last === undefined
        ? null
        : {
            baseVolatilityAnnual: last.baseVolatilityAnnual,
            correlation: book.legs.map(({ id }) => last.correlation[id] ?? null),
          },
  };
}

/** Whatever the book's unit is called: a coin that is its own unit slips all the same. */
export function jumpOf(risk: RiskPolicy, coin: string, asOfMs: number): Jump {
  const stated = risk.jumps[coin];
  return stated === undefined
    ? stablecoinJump(coin, asOfMs)
    : { factor: coin.toUpperCase(), ratePerYear: stated.ratePerYear, sizeRms: stated.sizeShare };
}
