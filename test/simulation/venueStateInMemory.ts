/** What a venue in memory knows: orders, fills, wallet, positions and prices. */
import type { CashEvent, Fill } from '../../src/domain/fill.ts';
import type { OrderRecord } from '../../src/domain/order.ts';
import type { VenueOrder } from '../../src/rebalance/ports/venue.ts';
import { createFaults, type VenueFaults } from './venueFaults.ts';

export type TrueOrder = VenueOrder & { readonly record: OrderRecord };

/** What survives a killed process. */
export type VenueState = {
  readonly orders: TrueOrder[];
  readonly fills: Fill[];
  readonly cash: CashEvent[];
  /** Client ids of the requests to send that left, whether or not they arrived. */
  readonly requests: string[];
  readonly faults: VenueFaults;
  readonly wallet: Map<string, number>;
  /** Signed base and cost per symbol; perpetuals and earn. */
  readonly positions: Map<string, { quantity: number; cost: number }>;
  readonly prices: Map<string, number>;
};

export const createVenueState = (): VenueState => ({
  orders: [],
  fills: [],
  cash: [],
  requests: [],
  faults: createFaults(),
  wallet: new Map([['USDT', 100_000]]),
  positions: new Map(),
  prices: new Map([
    ['BTC/USDT:USDT', 50_000],
    ['ETH/USDT:USDT', 3_000],
    ['ETH/USDT', 3_000],
    ['USDC/USDT', 1],
    ['earn:USDC', 1],
  ]),
});
