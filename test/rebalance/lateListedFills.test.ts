/**
 * Goal: what fills say beyond what a look-up said counts at once: nothing of it is bought a second time, and it is told.
 * Method: a world in memory whose look-up lags behind its list of fills. Tried, and seen to fail: fills booked without the row.
 */
import { expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import { bought, run } from './executed.ts';
import { eventsNamed, openedWorld, planned, states, withVenue } from './given.ts';

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
