/**
 * Start-up is recovery: whatever makes trading unsafe is refused with its name and a remedy, before any order and any entry.
 *
 * Method: a world in memory with one thing wrong at a time; then starts after a crash.
 */
import { describe, expect, test } from 'vitest';
import { OperatingError } from '../../src/domain/operatingError.ts';
import { execute } from '../../src/rebalance/execute.ts';
import { openLedger } from '../../src/rebalance/openLedger.ts';
import type { VenueReader } from '../../src/rebalance/ports/venue.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { recover } from '../../src/rebalance/recover.ts';
import { alpha } from '../simulation/instrumentsInMemory.ts';
import { leaseMs } from '../simulation/storesInMemory.ts';
import { noAnswer } from '../simulation/venueFaults.ts';
import { createWorld, startMs, startProcess } from '../simulation/world.ts';
import { atEveryWait } from './atEveryWait.ts';
import {
  btc,
  dyingAtFirstWait,
  eth,
  leaseOf,
  openedWorld,
  planned,
  policy,
  recordTrade,
  withVenue,
} from './given.ts';

const settings = { leverage: 5, leaseWaitMs: 10_000 };

/** A database and an account that no daemon has seen. */
function newWorld() {
  const world = createWorld();
  world.rows.cursors.clear();
  return { world, ports: startProcess(world, 1) };
}

const readerOf = (ports: Ports): VenueReader => {
  const reader = ports.venues.get(alpha)?.reader;
  if (reader === undefined) throw new Error('the venue is there');
  return reader;
};

async function refusal(starting: Promise<unknown>): Promise<OperatingError> {
  const error = await starting.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof OperatingError))
    throw new Error(`it was not refused, was ${String(error)}`);
  return error;
}

describe('a first start', () => {
  test('books what is there as the opening, once, and is ready', async () => {
    const { world, ports } = newWorld();
    world.venue.wallet.set('ETH', 1.5);
    world.venue.positions.set(btc.symbol, { quantity: -0.2, cost: -0.2 * 48_000 });
    const ready = { adjusted: [], outstanding: [], foreignFills: 0 };
    expect(await recover(ports, policy, settings)).toEqual(ready);
    expect([...world.rows.transactions.keys()].sort()).toEqual([
      'opening:alpha:BTC/USDT:USDT',
      'opening:alpha:wallet',
    ]);
    world.nowMs += 60_000;
    expect(await recover(startProcess(world, 1), policy, settings)).toEqual(ready);
    expect(world.rows.transactions.size).toBe(2);
    expect(world.venue.requests).toEqual([]);
  });

  test('an opening that was interrupted is finished, not repeated', async () => {
    const { world, ports } = newWorld();
    const dying: Ports = {
      ...ports,
      state: { ...ports.state, setCursor: () => Promise.reject(noAnswer()) },
    };
    await expect(openLedger(dying, policy)).rejects.toThrow();
    world.nowMs += 1_000;
    await openLedger(ports, policy);
    expect([...world.rows.transactions.keys()]).toEqual(['opening:alpha:wallet']);
    expect(world.rows.cursors.get('opened|alpha')).toBe(world.nowMs);
  });

  test('of two workers at once books one opening, not what the faster has traded since', async () => {
    const { world, ports } = newWorld();
    const slow = withVenue(ports, {
      reader: {
        // Frozen until its lease has run out and another has opened the ledger and bought.
        positions: async () => {
          if (!world.rows.cursors.has('opened|alpha')) {
            world.nowMs += 2 * leaseMs;
            await openLedger(startProcess(world, 2), policy);
            world.venue.positions.set(btc.symbol, { quantity: 0.1, cost: 5_000 });
          }
          return await readerOf(ports).positions();
        },
      },
    });
    await openLedger(slow, policy);
    expect([...world.rows.transactions.keys()]).toEqual(['opening:alpha:wallet']);
    expect(world.rows.cursors.get('opened|alpha')).toBe(startMs + 2 * leaseMs);
  });

  test('waits for another’s lease with opening and with changing the account', async () => {
    for (const { world, ports } of [newWorld(), openedWorld()]) {
      const heldUntilMs = world.nowMs + leaseMs;
      await leaseOf(startProcess(world, 2));
      const changedAtMs: number[] = [];
      const watching = withVenue(ports, {
        gateway: { prepare: async () => void changedAtMs.push(world.nowMs) },
      });
      await recover(watching, policy, settings);
      expect(changedAtMs).toHaveLength(1);
      for (const atMs of changedAtMs) expect(atMs).toBeGreaterThanOrEqual(heldUntilMs);
      const openings = [...world.rows.transactions.values()].filter((one) => one.id !== 'opening');
      for (const { atMs } of openings) expect(atMs).toBeGreaterThanOrEqual(heldUntilMs);
    }
  });

  test('sets leverage for the universe, after everything was found in order', async () => {
    const { ports } = newWorld();
    const prepared: unknown[] = [];
    const watching = withVenue(ports, {
      gateway: {
        prepare: async (instruments, leverage) => {
          prepared.push([instruments.map((one) => one.symbol), leverage]);
        },
      },
    });
    await recover(watching, policy, settings);
    expect(prepared).toMatchObject([[expect.arrayContaining([btc.symbol, eth.symbol]), 5]]);
  });
});

describe('is refused, with the name of the thing and a remedy, and without an order or an entry', () => {
  const account = async (ports: Ports) => await readerOf(ports).account();
  const rows: readonly (readonly [
    string,
    (ports: Ports) => Promise<Partial<VenueReader>>,
    { readonly says: RegExp; readonly remedy: RegExp; readonly retryable: boolean },
  ])[] = [
    [
      'a key that may withdraw',
      async () => ({ permissions: async () => ({ trade: true, withdraw: true }) }),
      { says: /key of alpha may withdraw/, remedy: /without the withdrawal/, retryable: false },
    ],
    [
      'a key that may not trade',
      async () => ({ permissions: async () => ({ trade: false, withdraw: false }) }),
      { says: /key of alpha may not trade/, remedy: /permission to trade/, retryable: false },
    ],
    [
      'an account in hedge mode',
      async (ports) => {
        const found = await account(ports);
        return { account: async () => ({ ...found, positionMode: 'hedge' as const }) };
      },
      { says: /alpha is in hedge mode/, remedy: /one-way mode/, retryable: false },
    ],
    [
      'a clock that is ahead',
      async () => ({ clockOffsetMs: async () => -1_500 }),
      { says: /alpha.*more than 1000 ms, was -1500 ms/, remedy: /NTP/, retryable: true },
    ],
    [
      'a clock that is behind',
      async () => ({ clockOffsetMs: async () => 1_001 }),
      { says: /alpha.*more than 1000 ms, was 1001 ms/, remedy: /NTP/, retryable: true },
    ],
    [
      'a venue that is down',
      async () => ({ permissions: () => Promise.reject(noAnswer()) }),
      { says: /alpha did not answer/, remedy: /venue is up/, retryable: true },
    ],
  ];
  test.each(rows)('%s', async (_, change, { says, remedy, retryable }) => {
    const { world, ports } = newWorld();
    let prepared = 0;
    const wrong = withVenue(ports, {
      reader: await change(ports),
      gateway: {
        prepare: async () => {
          prepared += 1;
        },
      },
    });
    const error = await refusal(recover(wrong, policy, settings));
    expect(error.message).toMatch(says);
    expect(error.remedy).toMatch(remedy);
    expect(error.retryable).toBe(retryable);
    expect(world.venue.requests).toEqual([]);
    expect(world.rows.transactions.size).toBe(0);
    expect(prepared).toBe(0);
  });

  test('a position in what no leg names', async () => {
    const { world, ports } = newWorld();
    world.venue.positions.set('DOGE/USDT:USDT', { quantity: 1_000, cost: 100 });
    const error = await refusal(recover(ports, policy, settings));
    expect(error.message).toMatch(/alpha holds.*DOGE\/USDT:USDT/);
    expect(error.remedy).toMatch(/close it/);
    expect(error.retryable).toBe(false);
    expect(world.venue.requests).toEqual([]);
    expect(world.rows.transactions.size).toBe(0);
    expect(world.rows.cursors.has('opened|alpha')).toBe(false);
  });

  test('another daemon that holds the portfolio, after waiting for a dead one’s lease', async () => {
    const { world, ports } = newWorld();
    const other = await leaseOf(startProcess(world, 2));
    const living = atEveryWait(ports, () => other.isHeld());
    const startedMs = world.nowMs;
    const error = await refusal(recover(living, policy, settings));
    expect(error.message).toMatch(/another process holds portfolio test/);
    expect(error.remedy).toMatch(/stop the other daemon/);
    expect(world.nowMs - startedMs).toBeGreaterThanOrEqual(settings.leaseWaitMs);
    expect(world.nowMs - startedMs).toBeLessThan(settings.leaseWaitMs + 1_000);
  });
});

describe('a start after a crash', () => {
  test('waits for the dead process’s lease to run out', async () => {
    const { world, ports } = newWorld();
    await leaseOf(startProcess(world, 2));
    expect(await recover(ports, policy, settings)).toMatchObject({ outstanding: [] });
  });

  test('settles what the dead process left at the venue, and sends nothing for it', async () => {
    const { world, ports } = openedWorld();
    const record = await recordTrade(ports, [
      planned({ style: 'passive' }),
      planned({ slice: 1, stage: 2 }),
    ]);
    world.venue.faults.passiveRests = true;
    await expect(execute(dyingAtFirstWait(ports), record, await leaseOf(ports))).rejects.toThrow(
      'killed',
    );
    expect(world.venue.orders).toMatchObject([{ state: 'working' }]);
    // Well before its deadline: a start only settles; the slot, run again, goes on with the decision.
    const report = await recover(startProcess(world, 2), policy, settings);
    expect(report).toEqual({ adjusted: [], outstanding: [], foreignFills: 0 });
    expect(world.venue.orders).toMatchObject([{ state: 'cancelled' }]);
    expect(world.venue.requests).toHaveLength(1);
    expect([...world.rows.outcomes.values()]).toEqual([]);
    const late = startProcess(world, 3);
    world.nowMs = record.decision.deadlineMs + 1;
    await recover(late, policy, settings);
    expect(world.venue.requests).toHaveLength(1);
    expect([...world.rows.outcomes.values()]).toEqual(['partial']);
  });
});
