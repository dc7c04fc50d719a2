/**
 * Hedges of coins that lie elsewhere: how much of which perpetual to be short of.
 *
 * The ratio is the minimum-variance one, from the same estimator as the book's covariance. Of several perpetuals the cheapest is
 * taken: funding and basis expected of being short, less what a round trip costs where it is not held already, so that a held hedge
 * is left only for one that earns the change back.
 */
import type { LegId } from '../../domain/ids.ts';
import { exposures, type HedgedHolding, type Leg, type PerpetualLeg } from '../../domain/leg.ts';
import { estimateRisk } from '../../risk/estimateRisk.ts';
import { type HedgeRatio, hedgeRatio } from '../../risk/hedgeRatio.ts';
import type { LegRiskTraits } from '../../risk/riskTypes.ts';
import { expectedCarry } from '../../signals/carry.ts';
import { type Book, type BookInstrument, isStale } from './book.ts';
import { expectedFundingRate } from './expectedFunding.ts';
import { riskSettings } from './riskInput.ts';

export type HedgePlan = {
  /** Unsigned, short. */
  readonly targetUsd: number;
  readonly reason: string;
  /** What it was chosen for; null: another perpetual is cheaper. */
  readonly chosen: Omit<Candidate, 'leg'> | null;
};

export type HedgeLeg = PerpetualLeg & { readonly hedge: HedgedHolding };

type Candidate = {
  readonly leg: HedgeLeg;
  readonly ratio: HedgeRatio;
  readonly priceUsd: number;
  readonly costAnnual: number;
};

const HORIZON_DAYS = 30;

/** One plan per hedge leg; none where the ratio or the price is not known or too old, so that it keeps what it holds. */
export function hedgePlans(book: Book): ReadonlyMap<LegId, HedgePlan> {
  const legs = book.legs.filter(isHedgeLeg);
  const plans = new Map<LegId, HedgePlan>();
  for (const coin of new Set(legs.map((leg) => leg.hedge.coin))) {
    const own = legs.filter((leg) => leg.hedge.coin === coin);
    const candidates = own.flatMap((leg) => candidateOf(book, leg) ?? []);
    const cheapest = candidates.toSorted((a, b) => a.costAnnual - b.costAnnual)[0];
    if (cheapest === undefined) continue;
    const judged = new Set(candidates.map(({ leg }) => leg));
    const keptUsd = own.reduce((sum, leg) => sum + (judged.has(leg) ? 0 : keptBy(book, leg)), 0);
    for (const { leg } of candidates) plans.set(leg.id, planOf(leg, cheapest, keptUsd));
  }
  return plans;
}

export const isHedgeLeg = (leg: Leg): leg is HedgeLeg =>
  leg.kind === 'perpetual' && leg.hedge !== undefined;

/** What a leg without a plan is short of and keeps: nothing where its venue is to be left. */
function keptBy(book: Book, leg: HedgeLeg): number {
  const state = book.venueById.get(leg.venue)?.observation.health.state ?? 'unknown';
  if (state === 'exit') return 0;
  return Math.max(0, -(book.snapshot.heldUsdByLeg[book.legs.indexOf(leg)] ?? 0));
}

/** @param keptUsd what legs without a plan hedge of the coin already. */
function planOf(leg: HedgeLeg, cheapest: Candidate, keptUsd: number): HedgePlan {
  const { hedge } = leg;
  if (leg.id !== cheapest.leg.id) {
    const reason = `${cheapest.leg.symbol} at ${cheapest.leg.venue} is cheaper`;
    return { targetUsd: 0, reason, chosen: null };
  }
  const { ratio, priceUsd, costAnnual } = cheapest;
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  const wholeUsd = Math.max(0, ratio.ratio) * hedge.quantityBase * priceUsd;
  const kept = keptUsd > 0 ? ` but for ${keptUsd.toFixed(0)} USD that other perpetuals keep` : '';
  return {
    targetUsd: Math.max(0, wholeUsd - keptUsd),
    reason: `hedges ${hedge.quantityBase} ${hedge.coin} at ${hedge.at}${kept}: ratio ${ratio.ratio.toFixed(3)}, takes ${percent(ratio.effectiveness)} of the variance, costs ${percent(costAnnual)} a year`,
    chosen: { ratio, priceUsd, costAnnual },
  };
}

function candidateOf(book: Book, leg: HedgeLeg): Candidate | null {
  const first = exposures(leg)[0];
  const seen = first === undefined ? undefined : book.instrumentById.get(first.instrument);
  const ratio = ratioOf(book, leg);
  if (!mayHedgeAt(book, leg)) return null;
  if (seen === undefined || seen.markUsd === null || ratio === null) return null;
  // Nothing is traded on an old quote: what is held there stays.
  const { snapshot, policy } = book;
  if (isStale(seen.observation.quote, snapshot.observedAtMs, policy.limits.dataAgeMsMax))
    return null;
  return { leg, ratio, priceUsd: seen.markUsd, costAnnual: costOf(book, leg, seen) };
}

/** What may not be opened is no choice: a cheap perpetual at a venue that is to be left would leave the holding without a hedge. */
function mayHedgeAt(book: Book, leg: HedgeLeg): boolean {
  const state = book.venueById.get(leg.venue)?.observation.health.state ?? 'unknown';
  if (state === 'healthy' || state === 'watch') return true;
  return state !== 'exit' && (book.snapshot.heldUsdByLeg[book.legs.indexOf(leg)] ?? 0) !== 0;
}

/** Returns of a short leg fall when the holding rises: the hedge sells what they are of. */
function ratioOf(book: Book, leg: HedgeLeg): HedgeRatio | null {
  const { snapshot } = book;
  const holding = snapshot.hedgedReturns?.[leg.hedge.coin];
  const short = snapshot.returnsByLeg[book.legs.indexOf(leg)];
  if (holding === undefined || short === undefined) return null;
  const estimate = estimateRisk({
    returnsByLeg: [holding, short],
    legs: [plainTraits, plainTraits],
    venues: [],
    settings: riskSettings(book),
  });
  if (estimate.kind === 'insufficientHistory' || estimate.legIndices.length < 2) return null;
  const [[holdingVariance = 0, covariance = 0] = [], [, instrumentVariance = 0] = []] =
    estimate.covarianceAnnual;
  return hedgeRatio({ holdingVariance, instrumentVariance, covariance: -covariance });
}

/** What moves with prices alone: no floor, no jump, no venue. */
const plainTraits: LegRiskTraits = {
  volatilityFloorAnnual: 0,
  jump: null,
  desmooth: false,
  venueCapital: [],
  held: false,
  lastEstimate: null,
};

/** Unknown funding is the dearest: it is taken only where nothing else is there. */
function costOf(book: Book, leg: HedgeLeg, seen: BookInstrument): number {
  const { funding } = seen.observation;
  if (funding?.kind !== 'observed' || !(funding.value.intervalMs > 0)) return Number.MAX_VALUE;
  const quote = seen.observation.quote;
  const index = quote.kind === 'observed' ? quote.value.index : null;
  const isHeld = (book.snapshot.heldUsdByLeg[book.legs.indexOf(leg)] ?? 0) !== 0;
  return -expectedCarry({
    fundingRate: expectedFundingRate(seen.observation, funding.value),
    fundingIntervalMs: funding.value.intervalMs,
    basis: index === null || quote.kind === 'unknown' ? 0 : quote.value.mark / index - 1,
    horizonDays: HORIZON_DAYS,
    roundTripCostShare: isHeld ? 0 : 2 * seen.instrument.takerFeeRate,
  }).netAnnual;
}
