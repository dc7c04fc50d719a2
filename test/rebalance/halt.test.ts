/**
 * The kill switch: venues and record side by side, then every venue once more, whichever of them is slow or down.
 *
 * Method: a world in memory with orders resting; a venue or a database that does not answer until it is let go, or fails.
 *
 * Tried, and seen to fail: the record only after the venues, and the venues only after the record; no second sweep, or one that
 * does not wait for the record, or waits for every venue, or is left out where the record failed.
 */
import { describe, expect, test } from 'vitest';
import { venueId } from '../../src/domain/ids.ts';
import { execute } from '../../src/rebalance/execute.ts';
import { cancelEverywhere, halt, resume } from '../../src/rebalance/halt.ts';
import type { Venue } from '../../src/rebalance/ports/venue.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { gate } from '../gate.ts';
import { alpha } from '../simulation/instrumentsInMemory.ts';
import { noAnswer } from '../simulation/venueFaults.ts';
import type { World } from '../simulation/world.ts';
import {
  btc,
  dyingAtFirstWait,
  eth,
  eventsNamed,
  leaseOf,
  openedWorld,
  planned,
  policy,
  recordTrade,
  withVenue,
} from './given.ts';

/** One order rests at the venue; its process died. */
async function resting() {
  const { world, ports } = openedWorld();
  world.venue.faults.passiveRests = true;
  const record = await recordTrade(ports, [planned({ style: 'passive' })]);
  await expect(execute(dyingAtFirstWait(ports), record, await leaseOf(ports))).rejects.toThrow(
    'killed',
  );
  return { world, ports };
}

const orderStates = (world: World) => world.venue.orders.map((one) => one.state);

/** The effects in the order in which they took place. */
function overheard(ports: Ports): { readonly ports: Ports; readonly heard: string[] } {
  const heard: string[] = [];
  const venues = [...ports.venues].map(([id, { reader, gateway }]): [typeof id, Venue] => [
    id,
    {
      reader,
      gateway: {
        ...gateway,
        cancelAll: async (instruments) => {
          const cancelled = await gateway.cancelAll(instruments);
          heard.push('swept');
          return cancelled;
        },
      },
    },
  ]);
  const setHalt: Ports['state']['setHalt'] = async (...halted) => {
    await ports.state.setHalt(...halted);
    heard.push('recorded');
  };
  return {
    heard,
    ports: { ...ports, venues: new Map(venues), state: { ...ports.state, setHalt } },
  };
}

/** The same ports with something round the writing of the halt. */
const withSetHalt = (
  ports: Ports,
  round: (write: () => Promise<void>) => Promise<void>,
): Ports => ({
  ...ports,
  state: { ...ports.state, setHalt: (...halted) => round(() => ports.state.setHalt(...halted)) },
});

/** A daemon that has not seen the halt lays down another order, and dies. */
async function sendAnother(world: World, ports: Ports): Promise<void> {
  world.nowMs += 1_000;
  const record = await recordTrade(ports, [planned({ style: 'passive' })]);
  await expect(execute(dyingAtFirstWait(ports), record, await leaseOf(ports))).rejects.toThrow(
    'killed',
  );
}

/** The venue of the world, and another before it that answers as it is told. */
function besideBeta(
  ports: Ports,
  betaAnswers: () => Promise<number>,
  change: Partial<Venue['gateway']> = {},
): Ports {
  const [[, well] = []] = [...ports.venues];
  if (well === undefined) throw new Error('the venue is there');
  const beta = venueId('beta');
  const other: Venue = {
    reader: { ...well.reader, id: beta },
    gateway: { ...well.gateway, cancelAll: betaAnswers },
  };
  return {
    ...ports,
    venues: new Map([
      [beta, other],
      [alpha, { reader: well.reader, gateway: { ...well.gateway, ...change } }],
    ]),
  };
}

describe('halt', { timeout: 20_000 }, () => {
  test('cancels what rests, then records who must not trade and why', async () => {
    const { world, ports } = await resting();
    const listening = overheard(ports);
    expect(await halt(listening.ports, policy, 'by hand')).toEqual({
      venues: [{ venue: 'alpha', cancelled: 1, failure: null }],
    });
    expect(orderStates(world)).toEqual(['cancelled']);
    expect(world.rows.halt).toBe('by hand');
    expect(world.rows.events).toContain('halted');
    expect(eventsNamed(world, 'halted')).toMatchObject([{ reason: 'by hand' }]);
    expect(listening.heard.toSorted()).toEqual(['recorded', 'swept', 'swept']);
    expect(listening.heard.at(-1)).toBe('swept');
  });

  test('a venue that does not answer does not keep the halt from being recorded', async () => {
    const { world, ports } = await resting();
    const answer = gate();
    const recorded = gate();
    const slow = withVenue(ports, {
      gateway: {
        cancelAll: async (instruments) => {
          await answer.opened;
          return (await ports.venues.get(alpha)?.gateway.cancelAll(instruments)) ?? 0;
        },
      },
    });
    const noted = withSetHalt(slow, (write) => write().then(recorded.open));
    const halting = halt(noted, policy, 'by hand');
    await recorded.opened;
    expect(world.rows.halt).toBe('by hand');
    expect(orderStates(world)).toEqual(['working']);
    answer.open();
    expect(await halting).toEqual({ venues: [{ venue: 'alpha', cancelled: 1, failure: null }] });
  });

  test('what a daemon sends between the first sweep and the record is cancelled by the second', async () => {
    const { world, ports } = await resting();
    const swept = gate();
    const database = gate();
    const listening = withVenue(ports, {
      gateway: {
        cancelAll: async (instruments) => {
          const cancelled = await ports.venues.get(alpha)?.gateway.cancelAll(instruments);
          swept.open();
          return cancelled ?? 0;
        },
      },
    });
    const late = withSetHalt(listening, (write) => database.opened.then(write));
    const halting = halt(late, policy, 'by hand');
    // The database does not answer yet, and the venue is swept all the same.
    await swept.opened;
    expect(orderStates(world)).toEqual(['cancelled']);
    await sendAnother(world, ports);
    expect(orderStates(world)).toEqual(['cancelled', 'working']);
    database.open();
    expect(await halting).toEqual({ venues: [{ venue: 'alpha', cancelled: 2, failure: null }] });
    expect(orderStates(world)).toEqual(['cancelled', 'cancelled']);
  });

  test('a venue that does not answer holds back no other’s second sweep', async () => {
    const { ports } = await resting();
    const answer = gate();
    const again = gate();
    let sweeps = 0;
    const both = besideBeta(ports, () => answer.opened.then(() => 0), {
      cancelAll: async () => {
        sweeps += 1;
        if (sweeps === 2) again.open();
        return 1;
      },
    });
    const halting = halt(both, policy, 'by hand');
    await again.opened;
    answer.open();
    expect((await halting).venues).toMatchObject([
      { venue: 'beta', cancelled: 0 },
      { venue: 'alpha', cancelled: 2 },
    ]);
    expect(sweeps).toBe(2);
  });

  test('with the database down, the venues are reached all the same, and the failure is told', async () => {
    const { world, ports } = await resting();
    const { ports: listening, heard } = overheard(ports);
    const down = withSetHalt(listening, async () => {
      await sendAnother(world, ports);
      throw noAnswer();
    });
    await expect(halt(down, policy, 'by hand')).rejects.toThrow(/did not answer/);
    expect(heard).toEqual(['swept', 'swept']);
    // Also what a daemon sent meanwhile, which will not see a halt.
    expect(orderStates(world)).toEqual(['cancelled', 'cancelled']);
    expect(eventsNamed(world, 'halted')).toEqual([]);
  });

  test('without any database, the venues alone can be reached', async () => {
    const { world, ports } = await resting();
    expect(await cancelEverywhere(ports.venues, policy)).toEqual([
      { venue: 'alpha', cancelled: 1, failure: null },
    ]);
    expect(orderStates(world)).toEqual(['cancelled']);
  });

  test('with a venue down, the halt is recorded, the report says so, and the other venue is reached', async () => {
    const { world, ports } = await resting();
    const silent = () => Promise.reject(noAnswer());
    const both = besideBeta(ports, silent);
    const report = await halt(both, policy, 'by hand');
    expect(report.venues).toMatchObject([
      { venue: 'beta', cancelled: null, failure: 'alpha did not answer, was a timeout' },
      { venue: 'alpha', cancelled: 1, failure: null },
    ]);
    expect(orderStates(world)).toEqual(['cancelled']);
    expect(world.rows.halt).toBe('by hand');
  });

  test('one symbol that is gone keeps nothing at its venue from being cancelled', async () => {
    const { world, ports } = await resting();
    const reader = ports.venues.get(alpha)?.reader;
    if (reader === undefined) throw new Error('the venue is there');
    const asked: string[][] = [];
    const delisted = withVenue(ports, {
      reader: {
        instruments: (symbols) =>
          symbols.includes(eth.symbol) ? Promise.reject(noAnswer()) : reader.instruments(symbols),
      },
    });
    const listening = withVenue(delisted, {
      gateway: {
        cancelAll: async (instruments) => {
          asked.push(instruments.map((one) => one.symbol));
          return (await ports.venues.get(alpha)?.gateway.cancelAll(instruments)) ?? 0;
        },
      },
    });
    expect(await cancelEverywhere(listening.venues, policy)).toEqual([
      { venue: 'alpha', cancelled: 1, failure: 'alpha did not answer, was a timeout' },
    ]);
    expect(asked[0]).toContain(btc.symbol);
    expect(asked[0]).not.toContain(eth.symbol);
    expect(orderStates(world)).toEqual(['cancelled']);
  });

  test('what was being executed sends nothing more, and is not resumed by resuming', async () => {
    const { world, ports } = await resting();
    await halt(ports, policy, 'by hand');
    const [record] = world.rows.decisions.values();
    if (record === undefined) throw new Error('it was recorded');
    expect(await execute(ports, record, await leaseOf(ports))).toBe('halted');
    expect(world.venue.requests).toHaveLength(1);
    await resume(ports, policy.portfolio);
    expect(world.rows.halt).toBeNull();
    expect(await ports.decisions.unfinished(policy.portfolio)).toEqual([]);
  });
});

test('resuming is an act of its own, and is on record', async () => {
  const { world, ports } = await resting();
  await halt(ports, policy, 'by hand');
  await resume(ports, policy.portfolio);
  expect(world.rows.events.filter((kind) => kind !== 'foreignFill')).toEqual(['halted', 'resumed']);
});
