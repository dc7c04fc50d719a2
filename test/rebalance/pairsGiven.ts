/** Given for tests of half-done pairs: a carry of two ether, and what the venue and the rows hold of it in the end. */
import { decimal } from '../../src/domain/decimal.ts';
import type { OrderRecord, PlannedOrder } from '../../src/domain/order.ts';
import { execute } from '../../src/rebalance/execute.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import type { World } from '../simulation/world.ts';
import { attempts, eth, ethSpot, leaseOf, planned, recordTrade, type Wants } from './given.ts';

export const half = (change: Partial<PlannedOrder>): PlannedOrder =>
  planned({
    quantityBase: decimal('2'),
    decisionPrice: 3_000,
    notionalUsd: 6_000,
    pair: 'eth-carry',
    ...change,
  });
/** Two ether long, two short. */
export const pair: readonly PlannedOrder[] = [
  half({ symbol: ethSpot.symbol, action: 'buy', limitPrice: decimal('3006') }),
  half({ symbol: eth.symbol, action: 'sell', limitPrice: decimal('2994') }),
];
export const wants: Wants = [
  { symbol: ethSpot.symbol, leg: 'eth-carry', targetBase: 2 },
  { symbol: eth.symbol, leg: 'eth-carry', targetBase: -2 },
];

export const run = async (ports: Ports): Promise<string> =>
  await execute(ports, await recordTrade(ports, pair, wants), await leaseOf(ports));
export const long = (world: World): number => world.venue.wallet.get('ETH') ?? 0;
export const short = (world: World): number =>
  0 - (world.venue.positions.get(eth.symbol)?.quantity ?? 0);
export const repairs = (world: World): readonly OrderRecord[] =>
  attempts(world).filter((one) => one.purpose === 'repair');

/** The perpetual falls out of the plan's reach as soon as both requests have left. */
export const fallingAfterBoth = (world: World, ports: Ports): Ports => ({
  ...ports,
  clock: {
    ...ports.clock,
    nowMs: () => {
      if (world.venue.requests.length === 2) world.venue.prices.set(eth.symbol, 2_985);
      return world.nowMs;
    },
  },
});
