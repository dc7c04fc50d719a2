/**
 * Goal: a query that failed is not "flat": it is a discrepancy until the venue answers, and keeps no other venue waiting.
 * Method: a world in memory whose venue answers all but one question.
 */
import { describe, expect, test } from 'vitest';
import { venueId } from '../../src/domain/ids.ts';
import { execute } from '../../src/rebalance/execute.ts';
import type { Venue } from '../../src/rebalance/ports/venue.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { reconcileVenues } from '../../src/rebalance/reconcileVenues.ts';
import { alpha } from '../simulation/instrumentsInMemory.ts';
import { noAnswer } from '../simulation/venueFaults.ts';
import { startProcess } from '../simulation/world.ts';
import { btc, leaseOf, openedWorld, planned, policy, recordTrade, withVenue } from './given.ts';
import { adjusting, holding } from './reconciledGiven.ts';

describe('a venue that does not answer', () => {
  test.each(['positions', 'account', 'fills', 'cashEvents'] as const)(
    'in its %s is a discrepancy, not flat: the ledger keeps what it has',
    async (call) => {
      const { world, ports } = await holding();
      const before = [...world.rows.transactions.keys()];
      const failing = withVenue(ports, { reader: { [call]: () => Promise.reject(noAnswer()) } });
      const report = await reconcileVenues(failing, policy, adjusting);
      expect(report?.outstanding).toMatchObject(
        [{ venue: 'alpha', venueSays: /did not answer/ }].map((one) => ({
          ...one,
          venueSays: expect.stringMatching(one.venueSays) as string,
        })),
      );
      expect(report?.adjusted).toEqual([]);
      expect([...world.rows.transactions.keys()]).toEqual(before);
      expect(world.rows.discrepancies).toHaveLength(1);
    },
  );

  test('is forgotten as a discrepancy once it answers', async () => {
    const { world, ports } = await holding();
    world.venue.faults.isDown = true;
    await reconcileVenues(ports, policy, adjusting);
    expect(world.rows.discrepancies).toHaveLength(1);
    world.venue.faults.isDown = false;
    await reconcileVenues(ports, policy, adjusting);
    expect(world.rows.discrepancies).toEqual([]);
  });

  test('does not keep another venue from being reconciled', async () => {
    const { world, ports } = await holding();
    world.venue.positions.set(btc.symbol, { quantity: 0.06, cost: 0.06 * 50_000 });
    const other = startProcess(world, 1).venues.get(alpha);
    if (other === undefined) throw new Error('the venue is there');
    const beta = venueId('beta');
    const down = () => Promise.reject(noAnswer());
    const silent: Venue = {
      gateway: other.gateway,
      reader: {
        ...other.reader,
        id: beta,
        account: down,
        positions: down,
        fills: down,
        cashEvents: down,
      },
    };
    const both: Ports = { ...ports, venues: new Map([...ports.venues, [beta, silent]]) };
    const report = await reconcileVenues(both, policy, adjusting);
    expect(report?.outstanding.map((one) => one.venue)).toEqual(['beta']);
    expect(report?.adjusted).toMatchObject([{ venue: 'alpha', subject: btc.symbol }]);
  });

  test('for an order leaves the daemon with a discrepancy that names it', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.sends.push('dropAfter');
    world.venue.faults.silentAnswers = Number.POSITIVE_INFINITY;
    const lease = await leaseOf(ports);
    await execute(ports, await recordTrade(ports, [planned()]), lease);
    await lease.release();
    const report = await reconcileVenues(ports, policy, adjusting);
    const [order] = world.rows.orders.keys();
    expect(report?.outstanding).toContainEqual(
      expect.objectContaining({ kind: 'order', subject: order }),
    );
  });
});
