/**
 * Goal: coins that a redemption has paid out before the product says so are not adjusted, and are booked once when it does.
 * Method: a world in memory that holds coins of a product; a redemption that rests, its coins in the wallet already, alone or with
 * the yield that is paid out with them; then the product tells. Less than before is a difference like any other.
 *
 * Tried, and seen to fail: adjusted all the same; held only up to what is awaited; less held too; other coins held too.
 */
import { expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import type { Fill } from '../../src/domain/fill.ts';
import { readClientOrderId } from '../../src/domain/ids.ts';
import type { OrderRecord } from '../../src/domain/order.ts';
import { positionOf } from '../../src/ledger/book.ts';
import type { VenueOrder } from '../../src/rebalance/ports/venue.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { reconcileVenues } from '../../src/rebalance/reconcileVenues.ts';
import { alpha } from '../simulation/instrumentsInMemory.ts';
import {
  attempts,
  openedWorld,
  planned,
  policy,
  recordTrade,
  usdcEarn,
  withVenue,
} from './given.ts';
import { fillOf } from './orderWalkGiven.ts';
import { adjusting, book, kinds } from './reconciledGiven.ts';

/** Five hundred lent, and asked back: the venue counts them as neither lent nor paid. */
async function redeeming() {
  const { world, ports } = openedWorld();
  let lent = '500';
  let isTold = false;
  const earning: Ports = withVenue(ports, {
    reader: { positions: async () => ({ [usdcEarn.symbol]: decimal(lent) }) },
    gateway: {
      lookUp: async (row) => ({ kind: 'found', order: asVenueOrder(row, isTold) }),
      fills: async (row) => (isTold ? [payoutOf(row)] : []),
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
  const report = async (more: number, coin = 'USDC') => {
    world.venue.wallet.set(coin, (coin === 'USDC' ? before : 0) + more);
    return await reconcileVenues(earning, policy, adjusting);
  };
  const tell = () => {
    isTold = true;
  };
  return { world, report, tell, before };
}

const asVenueOrder = (row: OrderRecord, isTold: boolean): VenueOrder => ({
  clientOrderId: row.clientOrderId,
  venueOrderId: row.venueOrderId ?? 'r1',
  instrument: row.instrument,
  state: isTold ? 'filled' : 'working',
  quantityBase: row.quantityBase,
  filledBase: isTold ? row.quantityBase : decimal('0'),
  createdAtMs: row.intendedAtMs,
});

const payoutOf = (row: OrderRecord): Fill => ({
  ...fillOf(row, row.quantityBase, row.intendedAtMs + 1),
  fillId: 'r1',
  side: 'sell',
});

test.each([500, 500.5])(
  'what a redemption has paid out before it is told is left alone, yield paid with it or not: %d',
  async (more) => {
    const { world, report } = await redeeming();
    expect(await report(0)).toMatchObject({ adjusted: [], outstanding: [] });
    const booked = kinds(world);
    expect(await report(more)).toMatchObject({
      adjusted: [],
      outstanding: [{ kind: 'wallet', subject: 'USDC' }],
    });
    expect(kinds(world)).toEqual(booked);
  },
);

test('when the product tells it is booked, once, and nothing is adjusted', async () => {
  const { world, report, tell } = await redeeming();
  await report(500);
  const booked = kinds(world);
  tell();
  expect(await report(500)).toMatchObject({ adjusted: [], outstanding: [] });
  expect(await report(500)).toMatchObject({ adjusted: [], outstanding: [] });
  expect(kinds(world)).toEqual([...booked, 'fill']);
  expect(positionOf(book(world), alpha, usdcEarn.symbol)).toBe('0');
  expect(attempts(world)).toMatchObject([{ state: 'filled', filledBase: '500' }]);
});

test('what came with it and no event explains is adjusted then, by itself', async () => {
  const { report, tell, before } = await redeeming();
  await report(500.5);
  tell();
  expect(await report(500.5)).toMatchObject({
    adjusted: [{ subject: 'USDC', ledger: `${before + 500}`, venueSays: `${before + 500.5}` }],
    outstanding: [],
  });
});

test('less than was there, or more of another coin, is adjusted like any other difference', async () => {
  const { report } = await redeeming();
  expect(await report(-20)).toMatchObject({ adjusted: [{ kind: 'wallet', subject: 'USDC' }] });
  expect(await report(3, 'ETH')).toMatchObject({ adjusted: [{ kind: 'wallet', subject: 'ETH' }] });
});
