/**
 * Goal: what fills say beyond what a look-up said counts at once: nothing of it is bought a second time, and it is told.
 * Method: a world in memory whose look-up lags behind its list of fills. Tried, and seen to fail: fills booked without the row;
 * a fill counted twice that was booked meanwhile.
 */
import { expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import { execute } from '../../src/rebalance/execute.ts';
import { syncFills } from '../../src/rebalance/syncFills.ts';
import { instruments } from '../simulation/instrumentsInMemory.ts';
import { bought, run } from './executed.ts';
import {
  attempts,
  eventsNamed,
  leaseOf,
  openedWorld,
  planned,
  policy,
  recordTrade,
  states,
  withVenue,
} from './given.ts';

test('a look-up that knows less than the list of fills: what is listed is not bought again', async () => {
  const { world, ports: plain } = openedWorld();
  const gateway = plain.venues.get(planned().venue)?.gateway;
  if (gateway === undefined) throw new Error('the world has one venue');
  world.venue.faults.fillShare = 0.5;
  const ports = withVenue(plain, {
    gateway: {
      lookUp: async (record, instrument) => {
        const outcome = await gateway.lookUp(record, instrument);
        if (outcome.kind !== 'found' || record.attempt > 0) return outcome;
        // The later attempts find the rest.
        world.venue.faults.fillShare = 1;
        return { ...outcome, order: { ...outcome.order, filledBase: decimal('0.03') } };
      },
    },
  });
  expect(await run(ports)).toBe('complete');
  expect(bought(world)).toBeCloseTo(0.1, 12);
  expect(states(world)).toEqual(['ioc cancelled 0.05', 'ioc filled 0.05']);
  expect(eventsNamed(world, 'lateFill')).toMatchObject([{ filledNowBase: '0.05' }]);
});

test('a fill that another process books while it is being booked counts once', async () => {
  const { world, ports } = openedWorld();
  world.venue.faults.fillShare = 0.5;
  const record = await recordTrade(ports, [planned({ quantityBase: decimal('0.1') })]);
  const dying = withVenue(ports, {
    gateway: {
      lookUp: () => Promise.reject(new Error('killed')),
      fills: () => Promise.reject(new Error('killed')),
    },
  });
  await expect(execute(dying, record, await leaseOf(ports))).rejects.toThrow('killed');
  world.rows.outcomes.set(record.rebalanceId, 'partial');
  const venue = ports.venues.get(planned().venue);
  if (venue === undefined) throw new Error('the world has one venue');
  const raced = {
    ...ports,
    ledger: {
      ...ports.ledger,
      unrecorded: async (...asked: Parameters<typeof ports.ledger.unrecorded>) => {
        const missing = await ports.ledger.unrecorded(...asked);
        await ports.ledger.recordFills(policy.portfolio, missing);
        return missing;
      },
    },
  };
  await syncFills(raced, policy, venue, instruments);
  expect(attempts(world)).toMatchObject([{ filledBase: '0.05' }]);
});
