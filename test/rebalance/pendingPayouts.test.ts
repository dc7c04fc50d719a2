/**
 * Goal: coins that a redemption has paid out before the product says so are not adjusted, and are booked once when it does.
 * Method: a world in memory that holds coins of a product; a redemption that rests, its coins in the wallet already; more than it
 * awaits, and less than before, are differences like any other.
 *
 * Tried, and seen to fail: adjusted all the same; held whatever the amount.
 */
import { expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import { readClientOrderId } from '../../src/domain/ids.ts';
import type { OrderRecord } from '../../src/domain/order.ts';
import type { VenueOrder } from '../../src/rebalance/ports/venue.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { reconcileVenues } from '../../src/rebalance/reconcileVenues.ts';
import { openedWorld, planned, policy, recordTrade, usdcEarn, withVenue } from './given.ts';
import { adjusting, book, kinds } from './reconciledGiven.ts';

/** Five hundred lent, and asked back: the venue counts them as neither lent nor paid. */
async function redeeming() {
  const { world, ports } = openedWorld();
  let lent = '500';
  const earning: Ports = withVenue(ports, {
    reader: { positions: async () => ({ [usdcEarn.symbol]: decimal(lent) }) },
    gateway: {
      lookUp: async (row) => ({ kind: 'found', order: asVenueOrder(row) }),
    },
  });
  await reconcileVenues(earning, policy, adjusting);
  const record = await recordTrade(ports, []);
  world.rows.outcomes.set(record.rebalanceId, 'partial');
  lent = '0';
  const base = planned({ symbol: usdcEarn.symbol, quantityBase: decimal('500') });
  const row = {
    ...base,
    clientOrderId: readClientOrderId('0'.repeat(32)),
    portfolio: policy.portfolio,
    rebalanceId: record.rebalanceId,
    action: 'redeem',
    timeInForce: 'none',
    limitPrice: null,
    attempt: 0,
    purpose: 'plan',
    state: 'working',
    venueOrderId: 'r1',
    filledBase: decimal('0'),
    reason: null,
    intendedAtMs: world.nowMs,
    sentAtMs: world.nowMs,
    ackedAtMs: world.nowMs,
    endedAtMs: null,
  } as unknown as OrderRecord;
  world.rows.orders.set(row.clientOrderId, row);
  const before = world.venue.wallet.get('USDC') ?? 0;
  const report = async (more: number) => {
    world.venue.wallet.set('USDC', before + more);
    return await reconcileVenues(earning, policy, adjusting);
  };
  return { world, report };
}

const asVenueOrder = (row: OrderRecord): VenueOrder => ({
  clientOrderId: row.clientOrderId,
  venueOrderId: row.venueOrderId ?? 'r1',
  instrument: row.instrument,
  state: 'working',
  quantityBase: row.quantityBase,
  filledBase: decimal('0'),
  createdAtMs: row.intendedAtMs,
});

test('what a redemption has paid out before it is told is left alone', async () => {
  const { world, report } = await redeeming();
  expect(await report(0)).toMatchObject({ adjusted: [], outstanding: [] });
  const adjustments = kinds(world).length;
  expect(await report(500)).toMatchObject({
    adjusted: [],
    outstanding: [{ kind: 'wallet', subject: 'USDC' }],
  });
  expect(kinds(world)).toHaveLength(adjustments);
  expect(book(world).net.size).toBe(1);
});

test('more than it awaits, or less than was there, is adjusted like any other difference', async () => {
  for (const more of [500.5, -20]) {
    const { report } = await redeeming();
    expect(await report(more)).toMatchObject({ adjusted: [{ kind: 'wallet', subject: 'USDC' }] });
  }
});
