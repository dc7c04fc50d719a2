/**
 * The gate of a carry leg: what it is expected to earn a year, against a hurdle to open and a lower one to stay open.
 *
 * One settlement says little of the next ninety: funding is expected at the mean of what was settled in the last days and of
 * what stands to be settled next. To open, the fees of the whole round trip are earned back within the horizon; once open
 * they are spent either way.
 */
import { type CarryLeg, exposures } from '../../domain/leg.ts';
import { basisShare } from '../../signals/basis.ts';
import { expectedCarry, isCarryGateOpen } from '../../signals/carry.ts';
import type { Book, BookInstrument } from './book.ts';

/** A perpetual has no date at which its premium must close; it is counted as closing within a month, like the costs. */
const HORIZON_DAYS = 30;

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
  const carryAnnual = carryOf(spot, perpetual, wasOpen);
  if (carryAnnual === null) {
    return {
      open: wasOpen,
      known: false,
      reason: `funding or basis of ${leg.perpetual} is unknown`,
    };
  }
  const open = isCarryGateOpen({
    carryAnnual,
    wasOpen,
    openAnnual: carryOpenAnnual,
    closeAnnual: carryCloseAnnual,
  });
  const hurdle = wasOpen ? carryCloseAnnual : carryOpenAnnual;
  const what = wasOpen ? 'carry' : 'carry after costs';
  return {
    open,
    known: true,
    reason: `${what} must be at least ${hurdle} a year, was ${carryAnnual}`,
  };
}

function carryOf(
  spot: BookInstrument | undefined,
  perpetual: BookInstrument | undefined,
  wasOpen: boolean,
): number | null {
  const funding = perpetual?.observation.funding;
  if (funding?.kind !== 'observed' || !(funding.value.intervalMs > 0)) return null;
  if (spot === undefined || spot.markUsd === null) return null;
  if (perpetual === undefined || perpetual.markUsd === null) return null;
  const rates = [...(perpetual.observation.settledFundingRates ?? []), funding.value.rate];
  const feeRates = spot.instrument.takerFeeRate + perpetual.instrument.takerFeeRate;
  return expectedCarry({
    fundingRate: rates.reduce((sum, rate) => sum + rate, 0) / rates.length,
    fundingIntervalMs: funding.value.intervalMs,
    basis: basisShare(perpetual.markUsd, spot.markUsd),
    horizonDays: HORIZON_DAYS,
    roundTripCostShare: wasOpen ? 0 : 2 * feeRates,
  }).netAnnual;
}
