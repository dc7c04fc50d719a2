/**
 * Goal: each round arms the switch where there is one; a venue without is told once, one that was not armed every time; none
 * is waited for.
 * Method: the world in memory with a gateway that counts, one that fails, and one that does not answer.
 */
import { describe, expect, test } from 'vitest';
import { type VenueId, venueId } from '../../src/domain/ids.ts';
import { OperatingError } from '../../src/domain/operatingError.ts';
import { createDeadMan } from '../../src/rebalance/armDeadMan.ts';
import type { Venue } from '../../src/rebalance/ports/venue.ts';
import { alpha } from '../simulation/instrumentsInMemory.ts';
import { eventsNamed, openedWorld, withVenue } from './given.ts';

describe('arming the dead-man switch', () => {
  test('is done at every round, with the time of the config', async () => {
    const { world, ports } = openedWorld();
    const armed: number[] = [];
    const deadMan = async (timeoutMs: number) => {
      armed.push(timeoutMs);
    };
    const arm = createDeadMan(withVenue(ports, { gateway: { deadMan } }), 20_000);
    await arm();
    await arm();
    expect(armed).toEqual([20_000, 20_000]);
    expect(world.events).toEqual([]);
  });

  test('tells once of a venue that has none', async () => {
    const { world, ports } = openedWorld();
    const arm = createDeadMan(ports, 20_000);
    await arm();
    await arm();
    expect(eventsNamed(world, 'deadManNotOffered')).toMatchObject([{ venue: alpha }]);
  });

  test('tells each time that it failed, and does not stop the watch', async () => {
    const { world, ports } = openedWorld();
    const deadMan = () =>
      Promise.reject(new OperatingError('no answer', { retryable: true, remedy: 'wait' }));
    const arm = createDeadMan(withVenue(ports, { gateway: { deadMan } }), 20_000);
    await arm();
    await arm();
    expect(eventsNamed(world, 'deadManNotArmed')).toHaveLength(2);
  });

  test('is left once the process is told to stop', async () => {
    const { ports } = openedWorld();
    let armed = 0;
    const deadMan = async () => {
      armed += 1;
    };
    const stopped = {
      ...withVenue(ports, { gateway: { deadMan } }),
      stopping: AbortSignal.abort(),
    };
    await createDeadMan(stopped, 20_000)();
    expect(armed).toBe(0);
  });

  test('asks a venue again only once it has answered, and the others meanwhile', async () => {
    const { ports } = openedWorld();
    const asked = { slow: 0, quick: 0 };
    let answer: () => void = () => undefined;
    const slow = () => {
      asked.slow += 1;
      return new Promise<void>((resolve) => {
        answer = resolve;
      });
    };
    const quick = async () => {
      asked.quick += 1;
    };
    const [[, venue]] = [...ports.venues] as [[VenueId, Venue]];
    const named = (id: VenueId, deadMan: () => Promise<void>): [VenueId, Venue] => [
      id,
      { reader: { ...venue.reader, id }, gateway: { ...venue.gateway, deadMan } },
    ];
    const venues = new Map([named(alpha, slow), named(venueId('beta'), quick)]);
    const arm = createDeadMan({ ...ports, venues }, 20_000);
    const first = arm();
    for (let round = 0; round < 5; round += 1) await arm();
    expect(asked.quick).toBeGreaterThan(2);
    expect(asked.slow).toBe(1);
    answer();
    await first;
    void arm();
    expect(asked.slow).toBe(2);
  });

  test('that breaks stops the round after it', async () => {
    const { ports } = openedWorld();
    const deadMan = () => Promise.reject(new Error('a defect'));
    const arm = createDeadMan(withVenue(ports, { gateway: { deadMan } }), 20_000);
    await arm();
    expect(arm).toThrow('a defect');
  });
});
