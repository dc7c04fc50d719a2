/** Orders and fills that no row of ours explains: a person’s, or another daemon’s, known by its client id. */
import { decimal } from '../../src/domain/decimal.ts';
import type { Fill } from '../../src/domain/fill.ts';
import {
  type ClientOrderId,
  clientOrderId,
  readClientOrderId,
  rebalanceId,
} from '../../src/domain/ids.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { observe } from '../../src/rebalance/observe.ts';
import type { VenueOrder } from '../../src/rebalance/ports/venue.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { slotOf } from '../../src/rebalance/slot.ts';
import { alpha } from '../simulation/instrumentsInMemory.ts';
import type { World } from '../simulation/world.ts';
import { btc, eth, policy, withVenue } from './given.ts';

export const withMode = (foreignOrders: 'alert' | 'block' | 'halt'): Policy => ({
  ...policy,
  limits: { ...policy.limits, foreignOrders },
});

export const rivalId = clientOrderId({
  installation: 'another installation',
  portfolio: 'test',
  rebalanceId: rebalanceId('r'),
  instrument: btc.id,
  slice: 0,
  attempt: 0,
});

/** An ether bought by somebody, as the venue lists it and holds it. */
export function foreignFill(world: World, id: ClientOrderId | null): Fill {
  const fill: Fill = {
    fillId: `foreign${world.venue.fills.length}`,
    venue: alpha,
    instrument: eth.id,
    clientOrderId: id,
    venueOrderId: 'v99',
    side: 'buy',
    quantityBase: decimal('1'),
    price: decimal('3000'),
    fee: decimal('0'),
    feeCoin: 'USDT',
    isMaker: false,
    filledAtMs: world.nowMs,
  };
  world.venue.fills.push(fill);
  world.venue.positions.set(eth.symbol, { quantity: 1, cost: 3_000 });
  return fill;
}

export const resting = (id: string | null): VenueOrder => ({
  clientOrderId: id === null ? null : readClientOrderId(id),
  venueOrderId: 'v77',
  instrument: btc.id,
  state: 'working',
  quantityBase: decimal('0.1'),
  filledBase: decimal('0'),
  createdAtMs: 0,
});
export const listing = (ports: Ports, ...orders: readonly VenueOrder[]): Ports =>
  withVenue(ports, { reader: { openOrders: async () => orders } });

export const blockedIn = async (ports: Ports, mode: Policy) =>
  (await observe(ports, mode, slotOf('test', 'manual', ports.clock.nowMs()))).foreignInstruments;
