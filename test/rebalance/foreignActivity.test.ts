/**
 * Others in the account: told once, refused where the config says so; another daemon is known by its client ids and refused.
 *
 * Method: a world in memory whose venue lists orders and fills that no row of ours explains; the process killed in between.
 */
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import type { Fill } from '../../src/domain/fill.ts';
import {
  type ClientOrderId,
  clientOrderId,
  ownerPrefix,
  readClientOrderId,
  rebalanceId,
} from '../../src/domain/ids.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { applyTransactions, emptyBook, positionOf } from '../../src/ledger/book.ts';
import { decide } from '../../src/rebalance/decide.ts';
import { execute } from '../../src/rebalance/execute.ts';
import { foreignQuietMs, rivalQuietMs } from '../../src/rebalance/foreignActivity.ts';
import { observe } from '../../src/rebalance/observe.ts';
import type { VenueOrder } from '../../src/rebalance/ports/venue.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { reconcileVenues } from '../../src/rebalance/reconcileVenues.ts';
import { recover } from '../../src/rebalance/recover.ts';
import { slotOf } from '../../src/rebalance/slot.ts';
import { alpha } from '../simulation/venueInMemory.ts';
import { startProcess, type World } from '../simulation/world.ts';
import {
  btc,
  dyingAtFirstWait,
  eth,
  ethSpot,
  eventsNamed,
  leaseOf,
  openedWorld,
  planned,
  policy,
  recordTrade,
  withVenue,
} from './given.ts';

const adjusting = { adjust: true };
const withMode = (foreignOrders: 'alert' | 'block' | 'halt'): Policy => ({
  ...policy,
  limits: { ...policy.limits, foreignOrders },
});

const rivalId = clientOrderId({
  installation: 'another installation',
  portfolio: 'test',
  rebalanceId: rebalanceId('r'),
  instrument: btc.id,
  slice: 0,
  attempt: 0,
});

/** An ether bought by somebody, as the venue lists it and holds it. */
function foreignFill(world: World, id: ClientOrderId | null): Fill {
  const fill: Fill = {
    fillId: `foreign${world.venue.fills.length}`,
    venue: alpha,
    instrument: eth.id,
    clientOrderId: id,
    venueOrderId: 'v99',
    side: 'buy',
    quantityBase: decimal('1'),
    price: decimal('3000'),
    fee: decimal('0'),
    feeCoin: 'USDT',
    isMaker: false,
    filledAtMs: world.nowMs,
  };
  world.venue.fills.push(fill);
  world.venue.positions.set(eth.symbol, { quantity: 1, cost: 3_000 });
  return fill;
}

const resting = (id: string | null): VenueOrder => ({
  clientOrderId: id === null ? null : readClientOrderId(id),
  venueOrderId: 'v77',
  instrument: btc.id,
  state: 'working',
  quantityBase: decimal('0.1'),
  filledBase: decimal('0'),
  createdAtMs: 0,
});
const listing = (ports: Ports, ...orders: readonly VenueOrder[]): Ports =>
  withVenue(ports, { reader: { openOrders: async () => orders } });

const blockedIn = async (ports: Ports, mode: Policy) =>
  (await observe(ports, mode, slotOf('test', 'manual', ports.clock.nowMs()))).foreignInstruments;

describe('what somebody else does in the account', () => {
  test('is booked and told, and keeps nobody from trading, unless the config says so', async () => {
    const { world, ports } = openedWorld();
    foreignFill(world, null);
    expect(await reconcileVenues(ports, policy, adjusting)).toMatchObject({ foreignFills: 1 });
    expect(await blockedIn(ports, policy)).toBeUndefined();
    expect(world.rows.events).toEqual(['foreignFill']);
  });

  test('keeps new risk out of its instrument until it has been quiet, where the config says block', async () => {
    const { world, ports } = openedWorld();
    const mode = withMode('block');
    foreignFill(world, null);
    await reconcileVenues(listing(ports, resting(null)), mode, adjusting);
    expect(await blockedIn(ports, mode)).toEqual([btc.id, eth.id]);
    const snapshot = await observe(ports, mode, slotOf('test', 'manual', world.nowMs));
    const decision = decide(snapshot, mode);
    const denied = decision.denials.filter((one) => one.code === 'FOREIGN_ORDER');
    // The spot half of a pair stands or falls with the other.
    expect(new Set(denied.map((one) => one.instrument))).toEqual(
      new Set([btc.id, eth.id, ethSpot.id]),
    );
    world.nowMs += foreignQuietMs - 1;
    expect(await blockedIn(ports, mode)).toEqual([btc.id, eth.id]);
    world.nowMs += 1;
    expect(await blockedIn(ports, mode)).toBeUndefined();
  });

  test('halts trading where the config says halt', async () => {
    const { world, ports } = openedWorld();
    await reconcileVenues(listing(ports, resting('by-hand')), withMode('halt'), adjusting);
    expect(world.rows.halt).toBe('somebody else trades alpha|BTC/USDT:USDT');
    expect(world.rows.events).toEqual(['halted', 'foreignOrder']);
  });

  test('in a symbol that no leg names is found, told and brought into the book', async () => {
    const { world, ports } = openedWorld();
    const onlyBtc: Policy = {
      ...policy,
      legs: policy.legs.filter((leg) => leg.id === 'btc'),
    };
    foreignFill(world, null);
    const report = await reconcileVenues(ports, onlyBtc, adjusting);
    expect(report).toMatchObject({ foreignFills: 1, adjusted: [], outstanding: [] });
    const book = applyTransactions(emptyBook, [...world.rows.transactions.values()]);
    expect(positionOf(book, alpha, eth.symbol)).toBe('1');
  });

  test('the position alone, without a fill that explains it, is an adjustment at its mark', async () => {
    const { world, ports } = openedWorld();
    const onlyBtc: Policy = { ...policy, legs: policy.legs.filter((leg) => leg.id === 'btc') };
    world.venue.positions.set(eth.symbol, { quantity: 1, cost: 3_000 });
    const report = await reconcileVenues(ports, onlyBtc, adjusting);
    expect(report?.adjusted).toMatchObject([{ subject: eth.symbol, ledger: '0', venueSays: '1' }]);
    const [adjustment] = [...world.rows.transactions.values()].filter(
      (one) => one.kind === 'adjustment',
    );
    expect(adjustment?.postings).toContainEqual(
      expect.objectContaining({ account: 'contracts', amount: '-3000' }),
    );
  });

  test.each(['appendEvent', 'post', 'recordFills'] as const)(
    'is told, however the process that found it dies: at %s',
    async (call) => {
      const { world, ports } = openedWorld();
      foreignFill(world, null);
      for (const when of ['before', 'after'] as const) {
        const die = async (act: () => Promise<unknown>): Promise<never> => {
          if (when === 'after') await act();
          throw new Error('killed');
        };
        const dying: Ports = {
          ...ports,
          state: {
            ...ports.state,
            ...(call === 'appendEvent' && {
              appendEvent: (...args) => die(() => ports.state.appendEvent(...args)),
            }),
          },
          ledger: {
            ...ports.ledger,
            ...(call === 'post' && { post: (...args) => die(() => ports.ledger.post(...args)) }),
            ...(call === 'recordFills' && {
              recordFills: (...args) => die(() => ports.ledger.recordFills(...args)),
            }),
          },
        };
        if (when === 'after' && call === 'recordFills') continue;
        await expect(reconcileVenues(dying, policy, adjusting)).rejects.toThrow('killed');
        expect(world.rows.fills.size, 'not remembered before it is told and booked').toBe(0);
      }
      const report = await reconcileVenues(startProcess(world, 1), policy, adjusting);
      expect(report).toMatchObject({ foreignFills: 1, adjusted: [], outstanding: [] });
      expect(world.rows.events).toContain('foreignFill');
      const booked = [...world.rows.transactions.values()].filter((one) => one.kind === 'fill');
      expect(booked).toHaveLength(1);
    },
  );
});

describe('another daemon on the same account', () => {
  const settings = { leverage: 6, leaseWaitMs: 1_000 };

  test('is known by an order of its that rests: told, refused, nothing of new risk', async () => {
    const { world, ports } = openedWorld();
    const seen = listing(ports, resting(rivalId));
    const report = await reconcileVenues(seen, policy, adjusting);
    expect(report?.outstanding).toMatchObject([{ kind: 'owner', subject: 'another daemon' }]);
    expect(eventsNamed(world, 'otherDaemon')).toHaveLength(1);
    expect(world.rows.discrepancies).toHaveLength(1);
    const snapshot = await observe(ports, policy, slotOf('test', 'manual', world.nowMs));
    const decision = decide(snapshot, policy);
    expect(decision.denials.map((one) => one.code)).toContain('NOT_RECONCILED');
    expect(decision.kind === 'trade' ? decision.orders : []).toEqual([]);
  });

  test('is known by a fill of its, also where nothing rests, and the start is refused', async () => {
    const { world, ports } = openedWorld();
    foreignFill(world, rivalId);
    await expect(recover(ports, policy, settings)).rejects.toMatchObject({
      fault: 'refusal',
      retryable: false,
      message: expect.stringContaining('another daemon trades the account of alpha') as string,
    });
    expect(world.rows.events).toContain('otherDaemon');
  });

  test('is refused until an hour after its last act', async () => {
    const { world, ports } = openedWorld();
    const { filledAtMs } = foreignFill(world, rivalId);
    await reconcileVenues(ports, policy, adjusting);
    world.nowMs = filledAtMs + rivalQuietMs - 1;
    await expect(recover(ports, policy, settings)).rejects.toThrow('another daemon');
    world.nowMs = filledAtMs + rivalQuietMs;
    expect((await recover(ports, policy, settings)).outstanding).toEqual([]);
  });

  test('has our own name where the rows are another’s: a copy of the database, or an older one', async () => {
    const { world, ports } = openedWorld();
    const prefix = ownerPrefix(await ports.state.installation(), policy.portfolio);
    foreignFill(world, readClientOrderId(`${prefix}${'0'.repeat(24)}`));
    await expect(recover(ports, policy, settings)).rejects.toThrow('another daemon');
  });

  test('is refused before what a copied database names is cancelled, repaired or set', async () => {
    const { world, ports } = openedWorld();
    const record = await recordTrade(ports, [planned({ style: 'passive' })]);
    world.venue.faults.passiveRests = true;
    const dead = dyingAtFirstWait(ports);
    await expect(execute(dead, record, await leaseOf(ports))).rejects.toThrow('killed');
    expect(world.venue.orders).toMatchObject([{ state: 'working' }]);
    // The original went on after the copy was made; its decision is past its deadline here.
    world.nowMs = record.decision.deadlineMs + 1;
    const prefix = ownerPrefix(await ports.state.installation(), policy.portfolio);
    const unknown = resting(`${prefix}${'0'.repeat(24)}`);
    const reader = ports.venues.get(alpha)?.reader;
    const changes: unknown[] = [];
    const copy = withVenue(startProcess(world, 2), {
      reader: {
        openOrders: async (asked) => [...((await reader?.openOrders(asked)) ?? []), unknown],
      },
      gateway: { prepare: async (...asked) => void changes.push(asked) },
    });
    await expect(recover(copy, policy, settings)).rejects.toMatchObject({
      fault: 'refusal',
      message: expect.stringContaining('its resting order') as string,
    });
    expect(world.venue.orders).toMatchObject([{ state: 'working' }]);
    expect(world.venue.requests).toHaveLength(1);
    expect(changes).toEqual([]);
    expect(eventsNamed(world, 'otherDaemon')).toHaveLength(1);
  });

  test('is not seen in our own orders, nor in those of a person', async () => {
    const { world, ports } = openedWorld();
    foreignFill(world, readClientOrderId('x-1234'));
    expect((await recover(ports, policy, settings)).outstanding).toEqual([]);
    expect(eventsNamed(world, 'otherDaemon')).toEqual([]);
  });
});

describe('adjustments', () => {
  const off = (world: World, usdt: number): void => {
    world.venue.wallet.set('USDT', (world.venue.wallet.get('USDT') ?? 0) + usdt);
  };

  test('of one subject are bounded in a day: what differs beyond that is left to a person', async () => {
    const { world, ports } = openedWorld();
    const few: Policy = { ...policy, limits: { ...policy.limits, adjustmentsPerDayMax: 2 } };
    for (const expected of [1, 1, 0, 0]) {
      world.nowMs += 60_000;
      off(world, -5);
      const report = await reconcileVenues(ports, few, adjusting);
      expect(report?.adjusted).toHaveLength(expected);
      expect(report?.outstanding).toHaveLength(1 - expected);
    }
    world.nowMs += 86_400_000;
    expect((await reconcileVenues(ports, few, adjusting))?.adjusted).toHaveLength(1);
  });

  test('are told before they are booked, and a state of the book is adjusted once', async () => {
    const { world, ports } = openedWorld();
    off(world, -5);
    const dying: Ports = {
      ...ports,
      ledger: {
        ...ports.ledger,
        post: async (_, transactions) => {
          if (transactions.length > 0) throw new Error('killed');
          return [];
        },
      },
    };
    await expect(reconcileVenues(dying, policy, adjusting)).rejects.toThrow('killed');
    expect(world.rows.events).toEqual(['adjustment']);
    const frozen = [...world.rows.transactions.values()];
    await reconcileVenues(ports, policy, adjusting);
    const [adjustment] = [...world.rows.transactions.values()].filter(
      (one) => one.kind === 'adjustment',
    );
    expect(adjustment?.id).toBe('adjustment:alpha:wallet:USDT:#1');
    // A process that compared before it and wakes up after it has nothing to add.
    const late: Ports = {
      ...startProcess(world, 1),
      ledger: { ...ports.ledger, transactions: async () => frozen },
    };
    await reconcileVenues(late, policy, adjusting);
    expect([...world.rows.transactions.values()].length).toBe(frozen.length + 1);
  });
});
