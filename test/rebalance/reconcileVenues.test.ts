/**
 * Goal: the ledger against the venue: the venue's word wins, as an explicit adjustment, and no fill is invented.
 * Method: a world in memory whose venue is changed behind the ledger's back.
 */
import { describe, expect, test } from 'vitest';
import { decimal, toNumber } from '../../src/domain/decimal.ts';
import { positionOf, venueWallet } from '../../src/ledger/book.ts';
import { execute } from '../../src/rebalance/execute.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { reconcileVenues } from '../../src/rebalance/reconcileVenues.ts';
import { alpha } from '../simulation/instrumentsInMemory.ts';
import { noAnswer } from '../simulation/venueFaults.ts';
import { startProcess } from '../simulation/world.ts';
import {
  btc,
  eth,
  eventsNamed,
  leaseOf,
  openedWorld,
  planned,
  policy,
  recordTrade,
  withVenue,
} from './given.ts';
import { adjusting, book, holding, kinds, nothing } from './reconciledGiven.ts';

describe('reconcileVenues', () => {
  test('finds nothing where the ledger has what the venue has', async () => {
    const { world, ports } = await holding();
    expect(await reconcileVenues(ports, policy, adjusting)).toEqual(nothing);
    expect(kinds(world)).toEqual(['opening', 'fill']);
    expect(eventsNamed(world, 'discrepancy')).toEqual([]);
  });

  test('the venue’s position wins: the difference is an adjustment, alerted, and no invented fill', async () => {
    const { world, ports } = await holding();
    world.venue.positions.set(btc.symbol, { quantity: 0.06, cost: 0.06 * 50_000 });
    const report = await reconcileVenues(ports, policy, adjusting);
    expect(report?.adjusted).toMatchObject([
      { venue: 'alpha', kind: 'position', subject: btc.symbol, ledger: '0.1', venueSays: '0.06' },
    ]);
    expect(report?.outstanding).toEqual([]);
    expect(positionOf(book(world), alpha, btc.symbol)).toBe('0.06');
    expect(kinds(world)).toEqual(['opening', 'fill', 'adjustment']);
    expect(eventsNamed(world, 'discrepancy')).toHaveLength(1);
    expect(world.rows.events).toContain('adjustment');
    // The leg that held it has lost it.
    const [adjustment] = [...world.rows.transactions.values()].filter(
      (one) => one.kind === 'adjustment',
    );
    expect(adjustment?.postings).toContainEqual({
      account: 'position',
      commodity: btc.symbol,
      amount: '-0.04',
      leg: 'btc',
    });
    world.nowMs += 1_000;
    expect(await reconcileVenues(ports, policy, adjusting)).toEqual(nothing);
  });

  test('a position that the ledger has and the venue has not is flat after it', async () => {
    const { world, ports } = await holding();
    world.venue.positions.delete(btc.symbol);
    await reconcileVenues(ports, policy, adjusting);
    expect(positionOf(book(world), alpha, btc.symbol)).toBe('0');
  });

  test('the wallet is brought to what the venue says, to the last digit', async () => {
    const { world, ports } = await holding();
    world.venue.wallet.set('USDT', (world.venue.wallet.get('USDT') ?? 0) - 12.5);
    const report = await reconcileVenues(ports, policy, adjusting);
    expect(report?.adjusted).toMatchObject([{ kind: 'wallet', subject: 'USDT' }]);
    expect(toNumber(venueWallet(book(world), alpha, 'USDT'))).toBe(world.venue.wallet.get('USDT'));
  });

  test('a cent is no difference, two are', async () => {
    const { world, ports } = await holding();
    const before = world.venue.wallet.get('USDT') ?? 0;
    world.venue.wallet.set('USDT', before + 0.009);
    expect(await reconcileVenues(ports, policy, adjusting)).toEqual(nothing);
    world.venue.wallet.set('USDT', before + 0.02);
    expect((await reconcileVenues(ports, policy, adjusting))?.adjusted).toHaveLength(1);
  });

  test('a fill that is listed late is found by the second reading: booked as a fill, no adjustment', async () => {
    const { world, ports } = openedWorld();
    const gateway = ports.venues.get(alpha)?.gateway;
    const reader = ports.venues.get(alpha)?.reader;
    if (gateway === undefined || reader === undefined) throw new Error('the venue is there');
    world.venue.faults.lateFillReadings = Number.POSITIVE_INFINITY;
    const lease = await leaseOf(ports);
    await execute(ports, await recordTrade(ports, [planned()]), lease);
    await lease.release();
    // The decision is over; the venue moves the position at once and lists the fill at the second reading.
    for (const [id] of world.rows.decisions) world.rows.outcomes.set(id, 'complete');
    let readings = 0;
    const late = withVenue(ports, {
      reader: {
        fills: async (instruments, sinceMs) => {
          readings += 1;
          return readings === 1 ? [] : await reader.fills(instruments, sinceMs);
        },
      },
    });
    expect(await reconcileVenues(late, policy, adjusting)).toEqual(nothing);
    expect(readings).toBe(2);
    expect(kinds(world)).toEqual(['opening', 'fill']);
    expect(positionOf(book(world), alpha, btc.symbol)).toBe('0.1');
  });

  test('a foreign fill explains the position: it is booked, counted, and no adjustment', async () => {
    const { world, ports } = await holding();
    world.venue.fills.push({
      fillId: 'foreign',
      venue: alpha,
      instrument: eth.id,
      clientOrderId: null,
      venueOrderId: 'v99',
      side: 'buy',
      quantityBase: decimal('1'),
      price: decimal('3000'),
      fee: decimal('0'),
      feeCoin: 'USDT',
      isMaker: false,
      filledAtMs: world.nowMs,
    });
    world.venue.positions.set(eth.symbol, { quantity: 1, cost: 3_000 });
    expect(await reconcileVenues(ports, policy, adjusting)).toEqual({
      ...nothing,
      foreignFills: 1,
    });
    expect(kinds(world)).toEqual(['opening', 'fill', 'fill']);
  });

  test('asked only to report, it books nothing and says what differs', async () => {
    const { world, ports } = await holding();
    world.venue.positions.set(btc.symbol, { quantity: 0.06, cost: 0.06 * 50_000 });
    const before = world.rows.transactions.size;
    const report = await reconcileVenues(ports, policy, { adjust: false });
    expect(report?.outstanding).toMatchObject([{ kind: 'position', subject: btc.symbol }]);
    expect(report?.adjusted).toEqual([]);
    expect(world.rows.transactions.size).toBe(before);
  });
});

test('another process that holds the portfolio is left alone', async () => {
  const { world, ports } = await holding();
  world.venue.positions.delete(btc.symbol);
  await leaseOf(startProcess(world, 2));
  expect(await reconcileVenues(ports, policy, adjusting)).toBeNull();
  expect(kinds(world)).toEqual(['opening', 'fill']);
});

test('the lease is given back, also when the database fails', async () => {
  const { world, ports } = await holding();
  await reconcileVenues(ports, policy, adjusting);
  expect(world.rows.lease).toBeNull();
  const broken: Ports = {
    ...ports,
    state: { ...ports.state, setDiscrepancies: () => Promise.reject(noAnswer()) },
  };
  await expect(reconcileVenues(broken, policy, adjusting)).rejects.toThrow();
  expect(world.rows.lease).toBeNull();
});
