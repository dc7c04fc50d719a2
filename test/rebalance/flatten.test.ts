/**
 * Flattening: everything is closed through the line while the portfolio is halted, and what is not closed is said to be.
 *
 * Method: a world in memory that holds something; a lease held by another; a venue or an instrument that does not answer.
 */
import { describe, expect, test } from 'vitest';
import { type HaltAnswer, haltExitCode } from '../../src/commands/describeHalt.ts';
import { decimal } from '../../src/domain/decimal.ts';
import { venueId } from '../../src/domain/ids.ts';
import { execute } from '../../src/rebalance/execute.ts';
import { flatten } from '../../src/rebalance/flatten.ts';
import type { Venue } from '../../src/rebalance/ports/venue.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { alpha } from '../simulation/instrumentsInMemory.ts';
import { noAnswer } from '../simulation/venueFaults.ts';
import { startProcess, type World } from '../simulation/world.ts';
import { atEveryWait } from './atEveryWait.ts';
import {
  btc,
  eth,
  leaseOf,
  openedWorld,
  planned,
  policy,
  recordTrade,
  withVenue,
} from './given.ts';

const answer = (closed: HaltAnswer['closed'], failure: string | null = null): HaltAnswer => ({
  venues: [{ venue: alpha, cancelled: 0, failure }],
  database: 'recorded',
  closed,
});
const exitCode = (closed: HaltAnswer['closed']) => haltExitCode(answer(closed));

/** Some bitcoin, bought by a decision, and then a halt. */
async function holding(quantityBase = '0.1') {
  const { world, ports } = openedWorld();
  const lease = await leaseOf(ports);
  await execute(
    ports,
    await recordTrade(ports, [planned({ quantityBase: decimal(quantityBase) })]),
    lease,
  );
  await lease.release();
  world.rows.halt = 'by hand';
  world.nowMs += 1_000;
  return { world, ports };
}

const held = (world: World) => world.venue.positions.get(btc.symbol)?.quantity ?? 0;

describe('flatten', () => {
  test('closes what is held, though halted, and says of each position what was filled', async () => {
    const { world, ports } = await holding();
    expect(held(world)).toBe(0.1);
    const report = await flatten(ports, policy);
    expect(report).toEqual({
      kind: 'flattened',
      outcome: 'complete',
      closings: [{ instrument: btc.id, action: 'sell', quantityBase: '0.1', filledBase: '0.1' }],
      unknown: [],
      unreached: [],
      isComplete: true,
    });
    expect(held(world)).toBe(0);
    expect(exitCode(report)).toBe(0);
  });

  test('closes a position that is ten times as large as any one order may be', async () => {
    const { world, ports } = await holding();
    world.venue.positions.set(btc.symbol, { quantity: 50, cost: 50 * 50_000 });
    const report = await flatten(ports, policy);
    expect(report).toMatchObject({ isComplete: true });
    expect(held(world)).toBe(0);
  });

  test('what the market does not take is not complete, and by how much', async () => {
    const { world, ports } = await holding();
    world.venue.faults.fillShare = 0;
    const report = await flatten(ports, policy);
    expect(report).toMatchObject({ isComplete: false, closings: [{ filledBase: '0' }] });
    expect(exitCode(report)).toBe(3);
  });

  test('waits for another process that stops because of the halt', async () => {
    const { world, ports } = await holding();
    const other = await leaseOf(startProcess(world, 2));
    const untilMs = world.nowMs + 5_000;
    const releasing = atEveryWait(ports, () =>
      world.nowMs >= untilMs ? other.release() : other.isHeld(),
    );
    expect(await flatten(releasing, policy)).toMatchObject({ isComplete: true });
    expect(held(world)).toBe(0);
  });

  test('gives up on one that does not stop, and says that nothing was closed', async () => {
    const { world, ports } = await holding();
    const other = await leaseOf(startProcess(world, 2));
    const stubborn = atEveryWait(ports, () => other.isHeld());
    const report = await flatten(stubborn, policy);
    expect(report).toEqual({ kind: 'busy' });
    expect(exitCode(report)).toBe(3);
    expect(held(world)).toBe(0.1);
  });

  test('an instrument that is gone keeps no other from being closed', async () => {
    const { world, ports } = await holding();
    const reader = ports.venues.get(alpha)?.reader;
    if (reader === undefined) throw new Error('the venue is there');
    const delisted = withVenue(ports, {
      reader: {
        instruments: (symbols) =>
          symbols.includes(eth.symbol) ? Promise.reject(noAnswer()) : reader.instruments(symbols),
      },
    });
    const report = await flatten(delisted, policy);
    expect(report).toMatchObject({ isComplete: false, unreached: [{ venue: 'alpha' }] });
    expect(held(world)).toBe(0);
    expect(exitCode(report)).toBe(1);
  });

  test('a venue that does not answer keeps no other from being closed', async () => {
    const { world, ports } = await holding();
    const beta = venueId('beta');
    const [leg] = policy.legs;
    if (leg === undefined) throw new Error('a leg is there');
    const twoVenues = {
      ...policy,
      legs: [...policy.legs, { ...leg, id: leg.id, venue: beta }],
    };
    const well = ports.venues.get(alpha);
    if (well === undefined) throw new Error('the venue is there');
    const silent: Venue = {
      reader: { ...well.reader, id: beta, instruments: () => Promise.reject(noAnswer()) },
      gateway: well.gateway,
    };
    const both: Ports = { ...ports, venues: new Map([...ports.venues, [beta, silent]]) };
    expect(await flatten(both, twoVenues)).toMatchObject({ unreached: [{ venue: 'beta' }] });
    expect(held(world)).toBe(0);
    expect(await flatten(ports, twoVenues)).toMatchObject({
      unreached: [{ venue: 'beta', failure: 'it could not be opened' }],
    });
  });
});

describe('the exit code of a halt', () => {
  test.each([
    ['nothing to close was asked for', answer(null), 0],
    ['a venue failed', answer(null, 'no answer'), 1],
    ['the database failed', { ...answer(null), database: 'it is down' }, 1],
    ['the world failed while closing', answer({ kind: 'failed', failure: 'no answer' }), 1],
  ] as const)('where %s', (_, given, code) => {
    expect(haltExitCode(given)).toBe(code);
  });
});
