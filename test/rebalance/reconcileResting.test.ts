/**
 * Goal: an order that rests at the venue is held against our rows: ended, unknown, foreign or still open.
 * Method: a world in memory whose venue lists one order, at once, late or never.
 */
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import { ownerPrefix, readClientOrderId } from '../../src/domain/ids.ts';
import { positionOf } from '../../src/ledger/book.ts';
import { execute } from '../../src/rebalance/execute.ts';
import type { VenueOrder } from '../../src/rebalance/ports/venue.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { reconcileVenues } from '../../src/rebalance/reconcileVenues.ts';
import { alpha } from '../simulation/instrumentsInMemory.ts';
import {
  btc,
  eth,
  ethSpot,
  eventsNamed,
  leaseOf,
  planned,
  policy,
  recordTrade,
  withVenue,
} from './given.ts';
import { adjusting, book, holding, nothing } from './reconciledGiven.ts';

describe('an order that rests at the venue', () => {
  const resting = (clientOrderId: string | null, instrument = btc.id): VenueOrder => ({
    clientOrderId: clientOrderId === null ? null : readClientOrderId(clientOrderId),
    venueOrderId: 'v77',
    instrument,
    state: 'working',
    quantityBase: decimal('0.1'),
    filledBase: decimal('0.02'),
    createdAtMs: 0,
  });
  const listing = (ports: Ports, ...lists: readonly (readonly VenueOrder[])[]): Ports => {
    const left = [...lists];
    const last = lists.at(-1) ?? [];
    return withVenue(ports, { reader: { openOrders: async () => left.shift() ?? last } });
  };
  const ownId = async (ports: Ports) =>
    `${ownerPrefix(await ports.state.installation(), policy.portfolio)}${'0'.repeat(24)}`;

  test('and that our rows hold for ended is a discrepancy for as long as it rests', async () => {
    const { world, ports } = await holding();
    const [id = ''] = world.rows.orders.keys();
    const report = await reconcileVenues(listing(ports, [resting(id)]), policy, adjusting);
    expect(report?.outstanding).toEqual([
      {
        venue: 'alpha',
        kind: 'order',
        subject: id,
        ledger: 'filled',
        venueSays: 'rests as v77, filled 0.02 of 0.1',
      },
    ]);
    expect(world.rows.discrepancies).toHaveLength(1);
    await reconcileVenues(ports, policy, adjusting);
    expect(world.rows.discrepancies).toEqual([]);
  });

  test('and that our rows do not know, with our prefix, is one too', async () => {
    const { ports } = await holding();
    const id = await ownId(ports);
    const report = await reconcileVenues(listing(ports, [resting(id)]), policy, adjusting);
    expect(report?.outstanding).toMatchObject([
      { subject: id, ledger: 'not there' },
      // Whoever sent it has our name and not our rows.
      { kind: 'owner', subject: 'another daemon' },
    ]);
  });

  test('in a list that lags behind its end is none', async () => {
    const { world, ports } = await holding();
    const [id = ''] = world.rows.orders.keys();
    expect(await reconcileVenues(listing(ports, [resting(id)], []), policy, adjusting)).toEqual(
      nothing,
    );
  });

  test('and is foreign is told once, and keeps nobody from trading', async () => {
    const { world, ports } = await holding();
    const foreign = listing(ports, [resting(null), resting('deadbeef'), resting(null, ethSpot.id)]);
    expect(await reconcileVenues(foreign, policy, adjusting)).toEqual(nothing);
    expect(await reconcileVenues(foreign, policy, adjusting)).toEqual(nothing);
    expect(eventsNamed(world, 'foreignOrder').map((one) => one['instrument'])).toEqual([
      btc.id,
      ethSpot.id,
    ]);
    expect(world.rows.events.filter((kind) => kind === 'foreignOrder')).toHaveLength(2);
  });

  test('and whose outcome is open keeps its instrument and coin from being adjusted, and nothing else', async () => {
    const { world, ports } = await holding();
    world.venue.faults.sends.push('dropAfter');
    world.venue.faults.silentAnswers = Number.POSITIVE_INFINITY;
    const lease = await leaseOf(ports);
    world.nowMs += 1_000;
    await execute(ports, await recordTrade(ports, [planned()]), lease);
    await lease.release();
    world.venue.positions.set(eth.symbol, { quantity: 1, cost: 3_000 });
    // The venue moved the position at once and does not list the fill yet.
    const silent = withVenue(ports, { reader: { fills: async () => [] } });
    const report = await reconcileVenues(silent, policy, adjusting);
    expect(report?.adjusted.map((one) => one.subject)).toEqual([eth.symbol]);
    expect(report?.outstanding).toContainEqual(
      expect.objectContaining({ kind: 'position', subject: btc.symbol, ledger: '0.1' }),
    );
    world.venue.faults.silentAnswers = 0;
    expect((await reconcileVenues(ports, policy, adjusting))?.outstanding).toEqual([]);
    expect(positionOf(book(world), alpha, btc.symbol)).toBe('0.2');
  });
});
