/**
 * The kill switch: every venue is reached first, the database second, whichever of them is down.
 *
 * Method: a world in memory with orders resting, then with the venue or the database down.
 */
import { describe, expect, test } from 'vitest';
import { venueId } from '../../src/domain/ids.ts';
import { execute } from '../../src/rebalance/execute.ts';
import { cancelEverywhere, halt, resume } from '../../src/rebalance/halt.ts';
import type { Venue } from '../../src/rebalance/ports/venue.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
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
          heard.push('cancelled at the venue');
          return cancelled;
        },
      },
    },
  ]);
  const setHalt: Ports['state']['setHalt'] = async (...halted) => {
    heard.push('recorded');
    await ports.state.setHalt(...halted);
  };
  return {
    heard,
    ports: { ...ports, venues: new Map(venues), state: { ...ports.state, setHalt } },
  };
}

describe('halt', () => {
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
    expect(listening.heard).toEqual(['cancelled at the venue', 'recorded']);
  });

  test('with the database down, the venues are reached all the same, and the failure is told', async () => {
    const { world, ports } = await resting();
    const down: Ports = {
      ...ports,
      state: { ...ports.state, setHalt: () => Promise.reject(noAnswer()) },
    };
    await expect(halt(down, policy, 'by hand')).rejects.toThrow(/did not answer/);
    expect(orderStates(world)).toEqual(['cancelled']);
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
    const [[, well] = []] = [...ports.venues];
    if (well === undefined) throw new Error('the venue is there');
    const beta = venueId('beta');
    const silent: Venue = {
      reader: { ...well.reader, id: beta, instruments: () => Promise.reject(noAnswer()) },
      gateway: { ...well.gateway, cancelAll: () => Promise.reject(noAnswer()) },
    };
    const both: Ports = {
      ...ports,
      venues: new Map([
        [beta, silent],
        [alpha, well],
      ]),
    };
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
