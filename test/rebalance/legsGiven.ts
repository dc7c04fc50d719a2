/** Legs of every kind at one venue, for tests of the decision. */
import { legId, venueId } from '../../src/domain/ids.ts';
import type { CarryLeg, Leg, LendingLeg, StableLeg } from '../../src/domain/leg.ts';

export const alpha = venueId('alpha');
export const beta = venueId('beta');

export function perpetualLeg(
  id: string,
  symbol: string,
  direction: 'long' | 'short' = 'long',
): Leg {
  return {
    id: legId(id),
    kind: 'perpetual',
    venue: alpha,
    symbol,
    direction,
    group: null,
    budget: null,
  };
}
export const carryLeg: CarryLeg = {
  id: legId('eth-carry'),
  kind: 'carry',
  venue: alpha,
  spot: 'ETH/USDT',
  perpetual: 'ETH/USDT:USDT',
  group: null,
  budget: null,
};
export const lendingLeg: LendingLeg = {
  id: legId('usdc-earn'),
  kind: 'lending',
  venue: alpha,
  coin: 'USDC',
  group: null,
  budget: null,
};
export const stableLeg: StableLeg = {
  id: legId('usde'),
  kind: 'stable',
  venue: alpha,
  symbol: 'USDE/USDT',
  yieldAnnual: 0.08,
  group: null,
  budget: null,
};
