/**
 * An acknowledged order that its venue has forgotten ends, is told, and blocks nothing more; no reading that lags ends one.
 *
 * Method: a passive order rests and the process is killed; the venue loses the order, or lags; the next process reconciles. Seen
 * to fail with the answer away, with the wait left out, with what its fills say ignored, and with a fill's order id not kept or put in
 * place of another.
 */
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import { execute } from '../../src/rebalance/execute.ts';
import { reconcileVenues } from '../../src/rebalance/reconcileVenues.ts';
import { syncFills } from '../../src/rebalance/syncFills.ts';
import { startProcess } from '../simulation/world.ts';
import { dayMs, forgetsAfter, hourMs, orphaned } from './forgottenGiven.ts';
import {
  attempts,
  btc,
  eth,
  ethSpot,
  eventsNamed,
  leaseOf,
  openedWorld,
  planned,
  policy,
  recordTrade,
  withVenue,
} from './given.ts';
import { fillOf } from './orderWalkGiven.ts';

describe('acknowledged, cancelled unfilled while nobody looked, forgotten by the venue', () => {
  test.each([
    ['30 minutes', 0.5 * hourMs],
    ['2 hours', 2 * hourMs],
    ['a day', dayMs],
  ])('it ends once the venue could have forgotten it: %s', async (_, memoryMs) => {
    const { world, record, row } = await orphaned();
    world.venue.orders.length = 0;
    const ports = forgetsAfter(startProcess(world, 2), memoryMs);
    world.nowMs += memoryMs - 60_000;
    const early = await reconcileVenues(ports, policy, { adjust: true });
    expect(early?.outstanding).toMatchObject([{ kind: 'order', subject: row.clientOrderId }]);
    expect(attempts(world)).toMatchObject([{ state: 'working' }]);
    world.nowMs += 60_000;
    const late = await reconcileVenues(ports, policy, { adjust: true });
    expect(late).toMatchObject({ outstanding: [], adjusted: [] });
    expect(attempts(world)).toMatchObject([{ state: 'cancelled', filledBase: '0' }]);
    expect(attempts(world)[0]?.reason).toMatch(/^forgotten by the venue: acknowledged/);
    expect(await ports.decisions.unfinished(policy.portfolio)).toEqual([]);
    expect(world.venue.requests, 'nothing is sent for it again').toHaveLength(1);
    expect(eventsNamed(world, 'orderForgotten')).toHaveLength(1);
    expect(eventsNamed(world, 'orderForgotten')[0]).toMatchObject({
      clientOrderId: row.clientOrderId,
      recorded: 'working',
      now: 'cancelled',
      reason: attempts(world)[0]?.reason,
      rebalanceId: record.rebalanceId,
    });
  });

  test.each([
    ['longer than a day', 3 * dayMs],
    ['for nobody knows how long', null],
  ])('a venue that remembers %s is waited for a day', async (_, memoryMs) => {
    const { world } = await orphaned();
    world.venue.orders.length = 0;
    const plain = startProcess(world, 2);
    const ports = memoryMs === null ? plain : forgetsAfter(plain, memoryMs);
    world.nowMs += dayMs - 60_000;
    await reconcileVenues(ports, policy, { adjust: true });
    expect(attempts(world)).toMatchObject([{ state: 'working' }]);
    world.nowMs += 60_000;
    await reconcileVenues(ports, policy, { adjust: true });
    expect(attempts(world)).toMatchObject([{ state: 'cancelled' }]);
  });

  test('also where a look-up had failed before, so that it was unknown', async () => {
    const { world, row } = await orphaned();
    world.venue.orders.length = 0;
    world.rows.orders.set(row.clientOrderId, { ...row, state: 'unknown' });
    world.nowMs += dayMs;
    const report = await reconcileVenues(startProcess(world, 2), policy, { adjust: true });
    expect(report?.outstanding).toEqual([]);
    expect(attempts(world)).toMatchObject([{ state: 'cancelled' }]);
  });

  test('a fill that is listed after all is booked to it, and told', async () => {
    const { world, row } = await orphaned();
    world.venue.orders.length = 0;
    world.nowMs += dayMs;
    const ports = startProcess(world, 2);
    await reconcileVenues(ports, policy, { adjust: true });
    world.venue.fills.push(fillOf(row, decimal('0.02'), world.nowMs));
    await reconcileVenues(ports, policy, { adjust: false });
    expect(attempts(world)).toMatchObject([{ state: 'cancelled', filledBase: '0.02' }]);
    expect(eventsNamed(world, 'lateFill')).toHaveLength(1);
  });
});

describe('what its fills say', () => {
  test('filled in part: it ends with that, which is booked', async () => {
    const { world, row } = await orphaned();
    world.venue.orders.length = 0;
    world.nowMs += dayMs;
    world.venue.fills.push(fillOf(row, decimal('0.02'), world.nowMs - hourMs));
    await reconcileVenues(startProcess(world, 2), policy, { adjust: false });
    expect(attempts(world)).toMatchObject([{ state: 'cancelled', filledBase: '0.02' }]);
    expect(world.rows.fills.size).toBe(1);
    expect(eventsNamed(world, 'foreignFill')).toEqual([]);
  });

  test('filled in whole: it is filled, and nobody is alarmed', async () => {
    const { world, row } = await orphaned();
    world.venue.orders.length = 0;
    world.nowMs += dayMs;
    world.venue.fills.push(fillOf(row, row.quantityBase, world.nowMs - hourMs));
    await reconcileVenues(startProcess(world, 2), policy, { adjust: false });
    expect(attempts(world)).toMatchObject([{ state: 'filled', filledBase: row.quantityBase }]);
    expect(eventsNamed(world, 'orderForgotten')).toEqual([]);
  });
});

test('known only by a fill: that names it, so it ends with what has filled', async () => {
  const { world, row } = await orphaned();
  world.venue.orders.length = 0;
  world.rows.orders.set(row.clientOrderId, {
    ...row,
    state: 'unknown',
    venueOrderId: null,
    ackedAtMs: null,
  });
  world.nowMs += 2 * dayMs;
  world.venue.positions.set(btc.symbol, { quantity: 0.02, cost: 1_000 });
  world.venue.fills.push(fillOf(row, decimal('0.02'), world.nowMs - hourMs));
  const ports = startProcess(world, 2);
  await reconcileVenues(ports, policy, { adjust: true });
  expect(attempts(world)).toMatchObject([
    { state: 'unknown', filledBase: '0.02', venueOrderId: 'v1' },
  ]);
  const next = await reconcileVenues(ports, policy, { adjust: true });
  expect(attempts(world)).toMatchObject([{ state: 'cancelled', filledBase: '0.02' }]);
  expect(next).toMatchObject({ outstanding: [], adjusted: [] });
});

test('a fill names nothing anew: the id that was acknowledged stays', async () => {
  const { world, row } = await orphaned();
  world.venue.fills.push({
    ...fillOf(row, decimal('0.02'), world.nowMs + 1),
    venueOrderId: 'another',
  });
  world.nowMs += 2;
  const ports = startProcess(world, 2);
  const venue = ports.venues.get(btc.venue);
  if (venue === undefined) throw new Error('the venue is there');
  await syncFills(ports, policy, venue, [btc]);
  expect(attempts(world)).toMatchObject([{ filledBase: '0.02', venueOrderId: row.venueOrderId }]);
});

test('one look-up that lags ends nothing, and what rested is taken back before it is called ended', async () => {
  const { world } = await orphaned();
  world.nowMs += 2 * dayMs;
  world.venue.faults.laggingLookUps = 1;
  const ports = startProcess(world, 2);
  await reconcileVenues(ports, policy, { adjust: true });
  expect(attempts(world)).toMatchObject([{ state: 'cancelled', reason: null }]);
  expect(eventsNamed(world, 'orderForgotten')).toEqual([]);

  const again = await orphaned();
  again.world.rows.orders.set(again.row.clientOrderId, { ...again.row, state: 'unknown' });
  again.world.nowMs += 2 * dayMs;
  again.world.venue.faults.laggingLookUps = 10_000;
  const next = startProcess(again.world, 2);
  await reconcileVenues(next, policy, { adjust: true });
  expect(again.world.venue.orders).toMatchObject([{ state: 'cancelled' }]);
  // It settles anew after a cancel that was taken, which may be longer than one look waits.
  await reconcileVenues(next, policy, { adjust: true });
  expect(attempts(again.world)).toMatchObject([{ state: 'cancelled' }]);
});

test('the half of a pair beside it is mended', async () => {
  const { world, ports } = openedWorld();
  const halves = [
    planned({ instrument: ethSpot.id, symbol: ethSpot.symbol, pair: 'carry:0' }),
    planned({ instrument: eth.id, symbol: eth.symbol, action: 'sell', pair: 'carry:0' }),
  ];
  const record = await recordTrade(ports, halves);
  const dying = withVenue(ports, {
    gateway: {
      lookUp: () => Promise.reject(new Error('killed')),
      fills: () => Promise.reject(new Error('killed')),
    },
  });
  world.venue.faults.fillShare = 0;
  await expect(execute(dying, record, await leaseOf(ports))).rejects.toThrow('killed');
  expect(attempts(world)).toMatchObject([{ state: 'working' }, { state: 'working' }]);
  const [spot, perpetual] = attempts(world);
  if (spot === undefined || perpetual === undefined) throw new Error('both are recorded');
  world.rows.lease = null;
  world.venue.faults.fillShare = 1;
  // One half filled and is found; the other ended unfilled and is not.
  const filled = world.venue.orders.findIndex((one) => one.instrument === ethSpot.id);
  const [order] = world.venue.orders.slice(filled, filled + 1);
  if (order === undefined) throw new Error('the venue has both');
  world.venue.orders.length = 0;
  world.venue.orders.push({ ...order, state: 'filled', filledBase: order.quantityBase });
  world.venue.fills.push(fillOf(spot, spot.quantityBase, world.nowMs));
  world.venue.wallet.set('ETH', Number(spot.quantityBase));
  world.nowMs += dayMs;
  await reconcileVenues(startProcess(world, 2), policy, { adjust: true });
  const repairs = [...world.rows.orders.values()].filter((one) => one.purpose === 'repair');
  expect(repairs.length).toBeGreaterThan(0);
  expect(world.rows.outcomes.size).toBe(1);
});
