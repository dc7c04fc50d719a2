/**
 * The carry leg's signals: what it is expected to earn, whether its gate is open, what a round trip really earned.
 *
 * Long spot, short perpetual: the short receives funding when it is above 0, and gains the premium if it closes. A premium has no
 * date at which it must close, so it counts over a stated horizon, as the costs do.
 */
import { basisAnnual } from './basis.ts';
import { fundingAnnual } from './funding.ts';

export type CarryInput = {
  /** Funding a settlement as the venue states it; above 0: longs pay the short. */
  readonly fundingRate: number;
  readonly fundingIntervalMs: number;
  /** Perpetual (or future) ÷ spot − 1 now. */
  readonly basis: number;
  /** Days over which premium and costs are spread; a dated future's days to expiry. */
  readonly horizonDays: number;
  /** Fees and spread of all four trades, as a share of the notional. */
  readonly roundTripCostShare: number;
};

export type ExpectedCarry = {
  readonly fundingAnnual: number;
  readonly basisAnnual: number;
  readonly costAnnual: number;
  /** Funding + basis − cost. */
  readonly netAnnual: number;
};

/** Expected carry of long spot and short perpetual, simple annual fractions of the notional. */
export function expectedCarry(input: CarryInput): ExpectedCarry {
  const funding = fundingAnnual(input.fundingRate, input.fundingIntervalMs);
  const basis = basisAnnual(input.basis, input.horizonDays);
  const cost = basisAnnual(input.roundTripCostShare, input.horizonDays);
  return {
    fundingAnnual: funding,
    basisAnnual: basis,
    costAnnual: cost,
    netAnnual: funding + basis - cost,
  };
}

/**
 * Whether a carry leg may be held: opens at or above `openAnnual`, stays open until below `closeAnnual`.
 *
 * @param wasOpen the gate in the previous decision; false for a leg that is new.
 */
export function isCarryGateOpen(gate: {
  readonly carryAnnual: number;
  readonly wasOpen: boolean;
  readonly openAnnual: number;
  readonly closeAnnual: number;
}): boolean {
  return gate.carryAnnual >= (gate.wasOpen ? gate.closeAnnual : gate.openAnnual);
}

export type CarryRoundTrip = {
  /** Unsigned size of the short perpetual. */
  readonly quantityBase: number;
  /** One for each settlement while it was held. */
  readonly settlements: readonly { readonly rate: number; readonly markPriceUsd: number }[];
  /** Perpetual − spot at entry and exit, USD per unit. */
  readonly basisEntryUsd: number;
  readonly basisExitUsd: number;
  readonly feesUsd: number;
};

/** What a closed carry pair earned: funding received − widening of the basis − fees. */
export function carryProfitUsd(trip: CarryRoundTrip): {
  readonly fundingUsd: number;
  readonly basisUsd: number;
  readonly netUsd: number;
} {
  const fundingUsd = trip.settlements.reduce(
    (sum, { rate, markPriceUsd }) => sum + rate * markPriceUsd * trip.quantityBase,
    0,
  );
  const basisUsd = -(trip.basisExitUsd - trip.basisEntryUsd) * trip.quantityBase;
  return { fundingUsd, basisUsd, netUsd: fundingUsd + basisUsd - trip.feesUsd };
}

/**
 * Rank in the queue of auto-deleveraging (Binance's form): the higher, the sooner; a hedge leg moves down with less leverage.
 *
 * @param returnShare profit of the position ÷ its notional; @param leverageEffective notional ÷ margin behind it.
 */
export function deleveragingRank(returnShare: number, leverageEffective: number): number {
  return returnShare > 0 ? returnShare * leverageEffective : returnShare / leverageEffective;
}
