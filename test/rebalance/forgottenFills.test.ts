/**
 * Goal: an order that its venue has forgotten together with what it filled ends only where the account has what the ledger has; one that
 * nobody says how long its fills are listed for does not stay open for ever.
 * Method: an acknowledged order that is gone, its fills unlisted, in a perpetual and in spot; the account moved or not.
 *
 * Tried, and seen to fail: the account not asked, or no agreement enough; read before the cancel or the open orders; the other coin of a spot
 * market not looked at; every difference of the account taken for one of the order; unbooked fills not asked; no slack.
 */
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import type { PlannedOrder } from '../../src/domain/order.ts';
import { askForgotten } from '../../src/rebalance/forgottenOrder.ts';
import type { OrderGateway } from '../../src/rebalance/ports/venue.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { reconcileVenues } from '../../src/rebalance/reconcileVenues.ts';
import { noAnswer } from '../simulation/venueFaults.ts';
import { startProcess, type World } from '../simulation/world.ts';
import { contextOf, dayMs, hourMs, orphaned } from './forgottenGiven.ts';
import { attempts, btc, eth, ethSpot, eventsNamed, policy, withVenue } from './given.ts';
import { fillOf } from './orderWalkGiven.ts';
import { kinds } from './reconciledGiven.ts';

const unlisted: Partial<OrderGateway> = { fillsListedMs: 0 };

/** Gone from the venue, and asked for after two days, when its fills are listed no longer. */
async function gone(change: Partial<PlannedOrder> = {}) {
  const { world, record, row } = await orphaned(change);
  world.venue.orders.length = 0;
  world.nowMs += 2 * dayMs;
  return { world, record, row, ports: withVenue(startProcess(world, 2), { gateway: unlisted }) };
}

const inSpot = { symbol: ethSpot.symbol, limitPrice: decimal('3003'), decisionPrice: 3_000 };

async function ends(world: World, ports: Ports): Promise<boolean> {
  const report = await reconcileVenues(ports, policy, { adjust: true });
  const isOpen = report?.outstanding.some((one) => one.kind === 'order') === true;
  expect(attempts(world).map((one) => one.state)).toEqual([isOpen ? 'working' : 'cancelled']);
  expect(eventsNamed(world, 'orderForgotten')).toHaveLength(isOpen ? 0 : 1);
  return !isOpen;
}

const bump = (world: World, coin: string, by: number): void =>
  void world.venue.wallet.set(coin, (world.venue.wallet.get(coin) ?? 0) + by);

describe('what it filled is listed no longer', () => {
  test('a perpetual: the position is the ledger’s, so it ends', async () => {
    const { world, ports } = await gone();
    expect(await ends(world, ports)).toBe(true);
    expect(await ports.decisions.unfinished(policy.portfolio)).toEqual([]);
  });

  test('a perpetual: the position has what the ledger lacks, and it stays, unadjusted', async () => {
    const { world, ports } = await gone();
    world.venue.positions.set(btc.symbol, { quantity: 0.1, cost: 5_000 });
    expect(await ends(world, ports)).toBe(false);
    expect(await ends(world, ports), 'nor does another look end it').toBe(false);
    expect(kinds(world)).not.toContain('adjustment');
  });

  test('what differs elsewhere is nothing of it', async () => {
    const { world, ports } = await gone();
    world.venue.positions.set(eth.symbol, { quantity: 1, cost: 3_000 });
    bump(world, 'ETH', 1);
    expect(await ends(world, ports)).toBe(true);
  });

  test('spot: both wallets are the ledger’s, so it ends, whatever its perpetual’s position', async () => {
    const { world, ports } = await gone(inSpot);
    world.venue.positions.set(eth.symbol, { quantity: 1, cost: 3_000 });
    expect(await ends(world, ports)).toBe(true);
  });

  test.each([
    ['ETH', 0.1],
    ['USDT', -300],
  ])('spot: the wallet of %s differs, and it stays', async (coin, by) => {
    const { world, ports } = await gone(inSpot);
    bump(world, coin, by);
    expect(await ends(world, ports)).toBe(false);
  });

  test('the account is read after the cancel: what filled until then is seen', async () => {
    const { world, record, row, ports } = await gone();
    const gateway: Partial<OrderGateway> = {
      cancel: async () => {
        world.venue.positions.set(btc.symbol, { quantity: 0.1, cost: 5_000 });
        return { kind: 'gone' };
      },
    };
    const asked = withVenue(ports, { gateway });
    const { context } = await contextOf(asked, record, world.nowMs);
    expect((await askForgotten(context, row)).answer).toBe('notFoundKnown');
    world.venue.positions.clear();
    expect((await askForgotten({ ...context, ports }, row)).answer).toBe('forgotten');
  });

  test.each([
    [
      'the cancel',
      { gateway: { cancel: async () => ({ kind: 'unknown' as const, reason: 'late' }) } },
    ],
    ['the open orders', { reader: { openOrders: () => Promise.reject(noAnswer()) } }],
  ] as const)('the account is not asked before %s is answered', async (_, change) => {
    const { world, record, row, ports } = await gone();
    let asked = 0;
    const account = () => {
      asked += 1;
      return Promise.reject(noAnswer());
    };
    const counting = withVenue(withVenue(ports, { reader: { account } }), change);
    const { context } = await contextOf(counting, record, world.nowMs);
    expect((await askForgotten(context, row)).answer).toBe('notFoundKnown');
    expect(asked).toBe(0);
  });

  test.each(['account', 'positions', 'fills'] as const)('its %s is not read', async (what) => {
    const { world, ports } = await gone();
    const silent = withVenue(ports, { reader: { [what]: () => Promise.reject(noAnswer()) } });
    expect(await ends(world, silent)).toBe(false);
    expect(await ends(world, ports)).toBe(true);
  });

  test('two unbooked fills that cancel out in the position are seen, and it ends when they are booked', async () => {
    const { world, row, ports } = await gone();
    const own = fillOf(row, decimal('0.02'), world.nowMs - hourMs);
    const foreign = { ...own, fillId: 'x', clientOrderId: null, side: 'sell' as const };
    world.venue.fills.push({ ...own, fillId: 'o' }, foreign);
    expect(await ends(world, ports)).toBe(false);
    expect(await ends(world, ports)).toBe(true);
    expect(attempts(world)).toMatchObject([{ filledBase: '0.02' }]);
  });

  test('what its listed fills say is all of it needs no more proof', async () => {
    const { world, row, ports } = await gone();
    world.venue.fills.push(fillOf(row, row.quantityBase, world.nowMs - hourMs));
    await reconcileVenues(ports, policy, { adjust: false });
    expect(attempts(world)).toMatchObject([{ state: 'filled', filledBase: row.quantityBase }]);
  });
});

test.each([
  ['an hour more than its age: the list is the proof', 2 * dayMs + hourMs + 60_000, true],
  ['less than an hour more: it may leave the list meanwhile', 2 * dayMs + hourMs - 60_000, false],
  ['a list shorter than the slack', hourMs, false],
])('fills listed for %s', async (_, fillsListedMs, isProof) => {
  const { world, ports } = await gone();
  // Differs by something else, so that only the list can end it.
  world.venue.positions.set(btc.symbol, { quantity: 0.1, cost: 5_000 });
  const listing = withVenue(ports, { gateway: { fillsListedMs } });
  expect(await ends(world, listing)).toBe(isProof);
});
