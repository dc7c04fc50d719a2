/**
 * Goal: each round arms the switch where there is one; a venue without is told once, one that was not armed every time.
 * Method: the world in memory with a gateway that counts, and one that fails.
 */
import { describe, expect, test } from 'vitest';
import { OperatingError } from '../../src/domain/operatingError.ts';
import { armDeadMan } from '../../src/rebalance/armDeadMan.ts';
import { alpha } from '../simulation/venueInMemory.ts';
import { eventsNamed, openedWorld, withVenue } from './given.ts';

describe('arming the dead-man switch', () => {
  test('is done at every round, with the time of the config', async () => {
    const { world, ports } = openedWorld();
    const armed: number[] = [];
    const deadMan = async (timeoutMs: number) => {
      armed.push(timeoutMs);
    };
    const told = new Set<typeof alpha>();
    const armable = withVenue(ports, { gateway: { deadMan } });
    await armDeadMan(armable, 20_000, told);
    await armDeadMan(armable, 20_000, told);
    expect(armed).toEqual([20_000, 20_000]);
    expect(world.events).toEqual([]);
  });

  test('tells once of a venue that has none', async () => {
    const { world, ports } = openedWorld();
    const told = new Set<typeof alpha>();
    await armDeadMan(ports, 20_000, told);
    await armDeadMan(ports, 20_000, told);
    expect(eventsNamed(world, 'deadManNotOffered')).toMatchObject([{ venue: alpha }]);
  });

  test('tells each time that it failed, and does not stop the watch', async () => {
    const { world, ports } = openedWorld();
    const deadMan = () =>
      Promise.reject(new OperatingError('no answer', { retryable: true, remedy: 'wait' }));
    const failing = withVenue(ports, { gateway: { deadMan } });
    await armDeadMan(failing, 20_000, new Set());
    await armDeadMan(failing, 20_000, new Set());
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
    await armDeadMan(stopped, 20_000, new Set());
    expect(armed).toBe(0);
  });
});
