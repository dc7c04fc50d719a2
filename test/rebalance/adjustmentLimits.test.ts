/**
 * Goal: adjustments are bounded in a day, told before they are booked, a state of the book is adjusted once, and by who holds the lease.
 * Method: a world in memory whose wallet is moved behind the ledger's back; the process killed in between.
 */
import { describe, expect, test } from 'vitest';
import type { Policy } from '../../src/domain/policy.ts';
import type { VenueReader } from '../../src/rebalance/ports/venue.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { reconcileVenues } from '../../src/rebalance/reconcileVenues.ts';
import { startProcess, type World } from '../simulation/world.ts';
import { btc, leaseOf, openedWorld, policy, withVenue } from './given.ts';
import { adjusting, holding } from './reconciledGiven.ts';

describe('adjustments', () => {
  const off = (world: World, usdt: number): void => {
    world.venue.wallet.set('USDT', (world.venue.wallet.get('USDT') ?? 0) + usdt);
  };

  test('of one subject are bounded in a day: what differs beyond that is left to a person', async () => {
    const { world, ports } = openedWorld();
    const few: Policy = { ...policy, limits: { ...policy.limits, adjustmentsPerDayMax: 2 } };
    for (const expected of [1, 1, 0, 0]) {
      world.nowMs += 60_000;
      off(world, -5);
      const report = await reconcileVenues(ports, few, adjusting);
      expect(report?.adjusted).toHaveLength(expected);
      expect(report?.outstanding).toHaveLength(1 - expected);
    }
    world.nowMs += 86_400_000;
    expect((await reconcileVenues(ports, few, adjusting))?.adjusted).toHaveLength(1);
  });

  test('are told before they are booked, and a state of the book is adjusted once', async () => {
    const { world, ports } = openedWorld();
    off(world, -5);
    const dying: Ports = {
      ...ports,
      ledger: {
        ...ports.ledger,
        post: async (_, transactions) => {
          if (transactions.length > 0) throw new Error('killed');
          return [];
        },
      },
    };
    await expect(reconcileVenues(dying, policy, adjusting)).rejects.toThrow('killed');
    expect(world.rows.events).toEqual(['adjustment']);
    const frozen = [...world.rows.transactions.values()];
    await reconcileVenues(ports, policy, adjusting);
    const [adjustment] = [...world.rows.transactions.values()].filter(
      (one) => one.kind === 'adjustment',
    );
    expect(adjustment?.id).toBe('adjustment:alpha:wallet:USDT:#1');
    // A process that compared before it and wakes up after it has nothing to add.
    const late: Ports = {
      ...startProcess(world, 1),
      ledger: { ...ports.ledger, transactions: async () => frozen },
    };
    await reconcileVenues(late, policy, adjusting);
    expect([...world.rows.transactions.values()].length).toBe(frozen.length + 1);
  });

  test('are not booked by who lost the lease while the price was read', async () => {
    const { world, ports } = await holding();
    world.venue.positions.set(btc.symbol, { quantity: 0.3, cost: 15_000 });
    let isHeld = true;
    const lease = { ...(await leaseOf(ports)), isHeld: async () => isHeld };
    const quote = async (...asked: Parameters<VenueReader['quote']>) => {
      // Coins are priced before, to compare; the contract, to book it.
      const [instrument] = asked;
      if (instrument.symbol === btc.symbol) isHeld = false;
      return await startProcess(world, 1)
        .venues.get(btc.venue)
        ?.reader.quote(...asked);
    };
    const slow = withVenue(ports, { reader: { quote: quote as VenueReader['quote'] } });
    const losing: Ports = { ...slow, lease: { acquire: async () => lease } };
    const before = world.rows.transactions.size;
    const report = await reconcileVenues(losing, policy, adjusting);
    expect(isHeld).toBe(false);
    expect(report).toMatchObject({ adjusted: [], outstanding: [{ subject: btc.symbol }] });
    expect(world.rows.transactions.size).toBe(before);
    expect(world.rows.events).toEqual([]);
  });
});
