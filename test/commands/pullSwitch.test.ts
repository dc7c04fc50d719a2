/**
 * The kill switch of the command: venues are swept while the database is being opened, and the answer says what became of each.
 *
 * Method: a world in memory; a venue or a database that does not answer until it is let go, or fails.
 *
 * Tried, and seen to fail: the database opened only after the venues, and the venues swept only after it is open; closed only where
 * the halt is recorded; a failure of it that ends the command; flattened beside the sweeps, or without a record.
 */
import { describe, expect, test } from 'vitest';
import { describeHalt, haltExitCode } from '../../src/commands/describeHalt.ts';
import { pullSwitch } from '../../src/commands/pullSwitch.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { gate } from '../gate.ts';
import { openedWorld, policy, withVenue } from '../rebalance/given.ts';
import { noAnswer } from '../simulation/venueFaults.ts';
import type { World } from '../simulation/world.ts';

/** What takes place, in its order; each part may be made to wait, or to fail, before it does. */
function pulled(
  { ports, isFlattening = false }: { readonly ports: Ports; readonly isFlattening?: boolean },
  before: {
    readonly sweep?: () => Promise<void>;
    readonly open?: () => Promise<void>;
    readonly record?: () => Promise<void>;
  } = {},
) {
  const heard: string[] = [];
  const { venues } = withVenue(ports, {
    gateway: {
      cancelAll: async () => {
        await before.sweep?.();
        heard.push('swept');
        return 1;
      },
    },
  });
  const opened: Ports = {
    ...ports,
    state: {
      ...ports.state,
      setHalt: async (...halted) => {
        await before.record?.();
        await ports.state.setHalt(...halted);
        heard.push('recorded');
      },
    },
    lease: {
      acquire: async (portfolio) => {
        heard.push('flattening');
        return await ports.lease.acquire(portfolio);
      },
    },
  };
  const answer = pullSwitch({
    venues,
    policy,
    reason: 'by hand',
    by: 'me',
    isFlattening,
    openPorts: async () => {
      await before.open?.();
      heard.push('opened');
      return { ports: opened, stop: async () => void heard.push('closed') };
    },
  });
  return { answer, heard };
}

const swept = { venue: 'alpha', cancelled: 2, failure: null };
const haltedIn = (world: World) => world.rows.halt;

describe('pullSwitch', { timeout: 20_000 }, () => {
  test('while a venue does not answer, the database is opened and has the halt', async () => {
    const { world, ports } = openedWorld();
    const venue = gate();
    const recorded = gate();
    const { state } = ports;
    const noted: Ports = {
      ...ports,
      state: { ...state, setHalt: (...said) => state.setHalt(...said).then(recorded.open) },
    };
    const { answer, heard } = pulled({ ports: noted }, { sweep: () => venue.opened });
    await recorded.opened;
    expect(haltedIn(world)).toBe('by hand');
    venue.open();
    const done = await answer;
    expect(done).toEqual({ venues: [swept], database: 'recorded', closed: null });
    expect(haltExitCode(done)).toBe(0);
    expect(heard).toEqual(['opened', 'recorded', 'swept', 'swept', 'closed']);
  });

  test('while the database is being opened, the venues are swept, and once more when it has the halt', async () => {
    const { ports } = openedWorld();
    const database = gate();
    const venue = gate();
    const { answer, heard } = pulled(
      { ports },
      { open: () => database.opened, sweep: async () => venue.open() },
    );
    await venue.opened;
    database.open();
    expect(await answer).toMatchObject({ venues: [swept], database: 'recorded' });
    expect(heard).toEqual(['swept', 'opened', 'recorded', 'swept', 'closed']);
  });

  test.each(['open', 'record'] as const)(
    'where the database does not %s, the venues are swept twice, and it is told',
    async (part) => {
      const { world, ports } = openedWorld();
      const { answer, heard } = pulled(
        { ports, isFlattening: true },
        { [part]: () => Promise.reject(noAnswer()) },
      );
      const done = await answer;
      expect(done).toMatchObject({ venues: [swept], closed: null });
      expect(done.database).toMatch(/^alpha did not answer, was a timeout; ./);
      expect(haltExitCode(done)).toBe(1);
      expect(describeHalt(done)).toMatch(/halt NOT recorded, so a daemon that runs goes on: alpha/);
      expect(haltedIn(world)).toBeNull();
      expect(heard.filter((one) => one !== 'opened')).toEqual(
        part === 'open' ? ['swept', 'swept'] : ['swept', 'swept', 'closed'],
      );
    },
  );

  test('what is held is closed once the halt is recorded and both sweeps are over', async () => {
    const { ports } = openedWorld();
    const { answer, heard } = pulled({ ports, isFlattening: true });
    expect(await answer).toMatchObject({ database: 'recorded', closed: { kind: 'flattened' } });
    expect(heard.indexOf('flattening')).toBeGreaterThan(heard.lastIndexOf('swept'));
    expect(heard.indexOf('flattening')).toBeGreaterThan(heard.indexOf('recorded'));
    expect(heard.at(-1)).toBe('closed');
  });

  test('what cannot be closed for the world’s sake is told beside what was cancelled', async () => {
    const { ports } = openedWorld();
    const lost: Ports = { ...ports, lease: { acquire: () => Promise.reject(noAnswer()) } };
    const { answer } = pulled({ ports: lost, isFlattening: true });
    const done = await answer;
    expect(done).toMatchObject({
      venues: [swept],
      database: 'recorded',
      closed: { kind: 'failed', failure: expect.stringMatching(/did not answer/) },
    });
    expect(haltExitCode(done)).toBe(1);
  });
});
