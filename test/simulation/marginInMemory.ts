/** The margin that a venue in memory states, and when it would liquidate. */
import type { AccountReading } from '../../src/domain/venue.ts';
import { maintenanceMarginUsd as maintenanceMarginUsdOf } from '../../src/margin/tier.ts';
import { instruments } from './instrumentsInMemory.ts';
import type { VenueState } from './venueStateInMemory.ts';

/** As a venue states them: coins after a haircut of a tenth, positions at its leverage and by their tiers. */
const venueLeverageInMemory = 6;
const coinHaircut = 0.1;

export function marginOf(state: VenueState, equityUsd: number) {
  let notionalUsd = 0;
  let maintenanceMarginUsd = 0;
  for (const { symbol, tiers, kind } of instruments) {
    const held = kind === 'perpetual' ? (state.positions.get(symbol)?.quantity ?? 0) : 0;
    const usd = Math.abs(held) * (state.prices.get(symbol) ?? 0);
    if (usd === 0) continue;
    notionalUsd += usd;
    maintenanceMarginUsd += maintenanceMarginUsdOf(usd, tiers) * state.faults.maintenanceRatio;
  }
  const coinsUsd = (state.wallet.get('ETH') ?? 0) * (state.prices.get('ETH/USDT') ?? 0);
  return {
    equityUsd,
    marginBalanceUsd: equityUsd - Math.max(0, coinsUsd) * coinHaircut,
    initialMarginUsd: notionalUsd / venueLeverageInMemory,
    maintenanceMarginUsd,
  };
}

/** What the venue would have done by now: maintenance has reached the balance. */
export const isLiquidated = ({
  marginBalanceUsd = 0,
  maintenanceMarginUsd,
}: AccountReading): boolean => maintenanceMarginUsd > 0 && maintenanceMarginUsd >= marginBalanceUsd;
