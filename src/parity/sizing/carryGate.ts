/**
 * The gate of a carry leg: what it is expected to earn a year, against a hurdle to open and a lower one to stay open.
 *
 * One settlement says little of the next ninety: funding is expected at the mean of what was settled in the last days and of
 * what stands to be settled next. To open, the fees of the whole round trip are earned back within the horizon; once open
 * they are spent either way. Signals may keep it from opening: a break-even too far away, futures in backwardation.
 */
import { type CarryLeg, exposures } from '../../domain/leg.ts';
import { basisShare, basisState, breakEvenDays } from '../../signals/basis.ts';
import { expectedCarry, isCarryGateOpen } from '../../signals/carry.ts';
import type { Book, BookInstrument } from './book.ts';
import { expectedFundingRate } from './expectedFunding.ts';

/** A perpetual has no date at which its premium must close; it is counted as closing within a month, like the costs. */
export const HORIZON_DAYS = 30;

export type CarryGate = {
  readonly open: boolean;
  readonly known: boolean;
  readonly reason: string;
};

/** @param heldUsd what the leg holds; a leg that no decision knows counts as open while it holds something. */
export function carryGate(book: Book, leg: CarryLeg, heldUsd: number): CarryGate {
  const [spot, perpetual] = exposures(leg).map((each) => book.instrumentById.get(each.instrument));
  const { carryOpenAnnual, carryCloseAnnual } = book.policy.sizing;
  const wasOpen = book.snapshot.previous?.gatesOpen[leg.id] ?? heldUsd > 0;
  const carry = carryOf(spot, perpetual);
  if (carry === null) {
    return {
      open: wasOpen,
      known: false,
      reason: `funding or basis of ${leg.perpetual} is unknown`,
    };
  }
  const carryAnnual = wasOpen ? carry.annual : carry.afterCostsAnnual;
  const isEnough = isCarryGateOpen({
    carryAnnual,
    wasOpen,
    openAnnual: carryOpenAnnual,
    closeAnnual: carryCloseAnnual,
  });
  const hurdle = wasOpen ? carryCloseAnnual : carryOpenAnnual;
  const what = wasOpen ? 'carry' : 'carry after costs';
  const against = isEnough && !wasOpen ? againstOpening(book, leg, perpetual, carry) : null;
  return {
    open: isEnough && against === null,
    known: true,
    reason: against ?? `${what} must be at least ${hurdle} a year, was ${carryAnnual}`,
  };
}

/** What signals say against opening; they never close what is open. */
function againstOpening(
  book: Book,
  leg: CarryLeg,
  perpetual: BookInstrument | undefined,
  carry: ExpectedPair,
): string | null {
  const { signals, sizing } = book.policy;
  // A hurdle below zero says that the pair may open at a loss: then nothing has to be earned back.
  if (signals === undefined || sizing.carryOpenAnnual < 0) return null;
  const { breakEvenDaysMax, basisFlatAnnual } = signals;
  if (carry.breakEvenDays === null || carry.breakEvenDays > breakEvenDaysMax) {
    return `the round trip must be earned back within ${breakEvenDaysMax} days (signals.breakEvenDaysMax), was ${carry.breakEvenDays ?? 'never'}`;
  }
  const coin = perpetual?.instrument.baseCoin;
  const basis = book.snapshot.signals?.underlyings.find(
    (each) => each.venue === leg.venue && each.coin === coin,
  )?.futureBasis;
  // Where none are listed there is nothing to read; a reading that is missing may be the one against.
  if (basis === undefined || basis.kind === 'notOffered') return null;
  if (basis.kind === 'unknown') return `dated futures on ${coin} must be read: ${basis.reason}`;
  const { value: annual, days } = basis.value;
  return basisState(annual, basisFlatAnnual) === 'backwardation'
    ? `dated futures must not be below -${basisFlatAnnual} a year (signals.basisFlatAnnual), was ${annual} at ${Math.round(days)} days`
    : null;
}

export type ExpectedPair = {
  /** Funding and basis, simple, a year. */
  readonly annual: number;
  /** The same with the round trip spread over the horizon. */
  readonly afterCostsAnnual: number;
  /** Until what is earned has paid for the round trip; null: never. */
  readonly breakEvenDays: number | null;
};

/** What long spot and short perpetual are expected to earn; null: funding or a mark is not known. */
export function carryOf(
  spot: BookInstrument | undefined,
  perpetual: BookInstrument | undefined,
): ExpectedPair | null {
  const funding = perpetual?.observation.funding;
  if (funding?.kind !== 'observed' || !(funding.value.intervalMs > 0)) return null;
  if (spot === undefined || spot.markUsd === null) return null;
  if (perpetual === undefined || perpetual.markUsd === null) return null;
  const roundTripCostShare = 2 * (spot.instrument.takerFeeRate + perpetual.instrument.takerFeeRate);
  const found = expectedCarry({
    fundingRate: expectedFundingRate(perpetual.observation, funding.value),
    fundingIntervalMs: funding.value.intervalMs,
    basis: basisShare(perpetual.markUsd, spot.markUsd),
    horizonDays: HORIZON_DAYS,
    roundTripCostShare,
  });
  const annual = found.fundingAnnual + found.basisAnnual;
  return {
    annual,
    afterCostsAnnual: found.netAnnual,
    breakEvenDays: breakEvenDays(roundTripCostShare, annual),
  };
}
