/**
 * Fills and cash into the ledger: whose they are, each once, and what is not ours told apart.
 *
 * Method: a world in memory, trades of known size; entries read back and summed.
 */
import { describe, expect, test } from 'vitest';
import { add, type DecimalText, decimal, zero } from '../../src/domain/decimal.ts';
import type { CashEvent, Fill } from '../../src/domain/fill.ts';
import { readClientOrderId } from '../../src/domain/ids.ts';
import type { Transaction } from '../../src/ledger/transaction.ts';
import { bookCash } from '../../src/rebalance/bookCash.ts';
import { bookCrosses, bookFills } from '../../src/rebalance/bookFills.ts';
import { execute } from '../../src/rebalance/execute.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { syncFills } from '../../src/rebalance/syncFills.ts';
import { alpha, instruments } from '../simulation/instrumentsInMemory.ts';
import { startMs, type World } from '../simulation/world.ts';
import {
  attempts,
  btc,
  eth,
  eventsNamed,
  leaseOf,
  openedWorld,
  planned,
  policy,
  recordTrade,
  withVenue,
} from './given.ts';

const entries = (world: World, kind: Transaction['kind']): readonly Transaction[] =>
  [...world.rows.transactions.values()].filter((one) => one.kind === kind);

/** Sum of an account's postings in a commodity, per leg. */
function byLeg(world: World, account: string, commodity: string): Record<string, DecimalText> {
  const sums: Record<string, DecimalText> = {};
  for (const { postings } of world.rows.transactions.values()) {
    for (const one of postings) {
      if (one.account !== account || one.commodity !== commodity || one.leg === null) continue;
      sums[one.leg] = add(sums[one.leg] ?? zero, one.amount);
    }
  }
  return sums;
}

const venueIn = (ports: Ports) => {
  const venue = ports.venues.get(alpha);
  if (venue === undefined) throw new Error('the venue is there');
  return venue;
};

const ethFill = (change: Partial<Fill> = {}): Fill => ({
  fillId: 'x1',
  venue: alpha,
  instrument: eth.id,
  clientOrderId: null,
  venueOrderId: 'v9',
  side: 'buy',
  quantityBase: decimal('1'),
  price: decimal('3000'),
  fee: decimal('1.5'),
  feeCoin: 'USDT',
  isMaker: false,
  filledAtMs: startMs,
  ...change,
});

/** A leg that wants three ether and one that is short one of carry: two are to be bought. */
const wants = [
  { symbol: eth.symbol, leg: 'eth', targetBase: 3 },
  { symbol: eth.symbol, leg: 'eth-carry', targetBase: -1 },
];

describe('fills of a decision', () => {
  test('belong to the legs that wanted their direction, fees with them; opposite wants cross at the mark', async () => {
    const { world, ports } = openedWorld();
    const record = await recordTrade(ports, [], wants);
    await bookCrosses(ports, record);
    await bookFills(ports, record, eth, [ethFill({ quantityBase: decimal('2') })]);
    expect(byLeg(world, 'position', eth.symbol)).toEqual({ eth: '3', 'eth-carry': '-1' });
    expect(byLeg(world, 'fees', 'USDT')).toEqual({ eth: '1.5' });
    const [cross] = entries(world, 'cross');
    expect(cross?.postings).toContainEqual({
      account: 'contracts',
      commodity: 'USDT',
      amount: '3000',
      leg: 'eth-carry',
    });
  });

  test('two legs that want the same share them by what they want', async () => {
    const { world, ports } = openedWorld();
    const record = await recordTrade(
      ports,
      [],
      [
        { symbol: btc.symbol, leg: 'btc', targetBase: 0.3 },
        { symbol: btc.symbol, leg: 'hedge', targetBase: 0.1 },
      ],
    );
    const fill = ethFill({ instrument: btc.id, quantityBase: decimal('0.2') });
    await bookFills(ports, record, btc, [fill]);
    expect(byLeg(world, 'position', btc.symbol)).toEqual({ btc: '0.15', hedge: '0.05' });
  });

  test('booked twice, or crossed twice, change nothing', async () => {
    const { world, ports } = openedWorld();
    const record = await recordTrade(ports, [], wants);
    const book = async () => {
      await bookCrosses(ports, record);
      await bookFills(ports, record, eth, [
        ethFill({ quantityBase: decimal('2') }),
        ethFill({ quantityBase: decimal('2') }),
      ]);
    };
    await book();
    const before = [...world.rows.transactions.entries()];
    await book();
    expect([...world.rows.transactions.entries()]).toEqual(before);
    expect(entries(world, 'fill')).toHaveLength(1);
  });

  test('every entry balances in every commodity', async () => {
    const { world, ports } = openedWorld();
    const record = await recordTrade(ports, [], wants);
    await bookCrosses(ports, record);
    await bookFills(ports, record, eth, [ethFill({ quantityBase: decimal('2') })]);
    for (const { postings } of world.rows.transactions.values()) {
      for (const commodity of new Set(postings.map((one) => one.commodity))) {
        const sum = postings
          .filter((one) => one.commodity === commodity)
          .reduce((total, one) => add(total, one.amount), zero);
        expect(sum).toBe('0');
      }
    }
  });
});

describe('fills that the venue lists', () => {
  const sync = async (ports: Ports) => await syncFills(ports, policy, venueIn(ports), instruments);

  test('of our own orders are booked as their decision wanted, and are not foreign', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.lateFillReadings = Number.POSITIVE_INFINITY;
    await execute(ports, await recordTrade(ports, [planned()]), await leaseOf(ports));
    expect(entries(world, 'fill')).toEqual([]);
    expect(await sync(ports)).toBe(0);
    expect(byLeg(world, 'position', btc.symbol)).toEqual({ btc: '0.1' });
    expect(entries(world, 'fill')).toMatchObject([
      {
        clientOrderId: attempts(world)[0]?.clientOrderId,
        rebalanceId: attempts(world)[0]?.rebalanceId,
      },
    ]);
    expect(eventsNamed(world, 'foreignFill')).toEqual([]);
  });

  test('of nobody’s order are booked as what they are, alerted once, and counted once', async () => {
    const { world, ports } = openedWorld();
    world.venue.fills.push(ethFill({ side: 'sell' }));
    expect(await sync(ports)).toBe(1);
    expect(entries(world, 'fill')).toMatchObject([{ rebalanceId: null, clientOrderId: null }]);
    expect(entries(world, 'fill')[0]?.postings).toContainEqual({
      account: 'position',
      commodity: eth.symbol,
      amount: '-1',
      leg: null,
    });
    expect(await sync(ports)).toBe(0);
    expect(eventsNamed(world, 'foreignFill')).toHaveLength(1);
    expect(world.rows.events.filter((kind) => kind === 'foreignFill')).toHaveLength(1);
  });

  test('with a client id that we never gave are foreign too', async () => {
    const { world, ports } = openedWorld();
    world.venue.fills.push(ethFill({ clientOrderId: readClientOrderId('0'.repeat(32)) }));
    expect(await sync(ports)).toBe(1);
  });

  test('of somebody who sells what a leg holds are that leg’s loss of position', async () => {
    const { world, ports } = openedWorld();
    await execute(ports, await recordTrade(ports, [planned()]), await leaseOf(ports));
    world.venue.fills.push(
      ethFill({ instrument: btc.id, side: 'sell', quantityBase: decimal('0.04') }),
    );
    expect(await sync(ports)).toBe(1);
    expect(byLeg(world, 'position', btc.symbol)).toEqual({ btc: '0.06' });
  });

  test('from before the ledger was opened are in the opening balances: they are left out', async () => {
    const { world, ports } = openedWorld();
    // The moment of the opening included; the venue pays no heed to what was asked for.
    world.venue.fills.push(ethFill({ filledAtMs: startMs - 1 }));
    world.venue.fills.push(ethFill({ fillId: 'x2', filledAtMs: startMs - 2 }));
    const heedless = withVenue(ports, { reader: { fills: async () => world.venue.fills } });
    expect(await sync(heedless)).toBe(0);
    expect(entries(world, 'fill')).toEqual([]);
  });

  test('that appear behind the cursor are still found: venues list late', async () => {
    const { world, ports } = openedWorld();
    world.nowMs = startMs + 3_600_000;
    await sync(ports);
    world.venue.fills.push(ethFill({ filledAtMs: world.nowMs - 60_000 }));
    world.nowMs += 60_000;
    expect(await sync(ports)).toBe(1);
  });
});

describe('cash', () => {
  const funding = (change: Partial<CashEvent> = {}): CashEvent => ({
    eventId: 'c1',
    venue: alpha,
    kind: 'funding',
    instrument: btc.id,
    coin: 'USDT',
    amount: decimal('-1.25'),
    account: 'wallet',
    atMs: startMs + 1_000,
    ...change,
  });

  test('funding is paid by the leg that holds the perpetual', async () => {
    const { world, ports } = openedWorld();
    await execute(ports, await recordTrade(ports, [planned()]), await leaseOf(ports));
    world.venue.cash.push(funding());
    world.nowMs += 2_000;
    expect(await bookCash(ports, policy)).toBe(1);
    expect(byLeg(world, 'wallet', 'USDT')['btc']).toBeDefined();
    expect(byLeg(world, 'funding', 'USDT')).toEqual({ btc: '1.25' });
  });

  test('a long and a short leg of one netted position each have their own', async () => {
    const { world, ports } = openedWorld();
    const record = await recordTrade(ports, [], wants);
    await bookCrosses(ports, record);
    await bookFills(ports, record, eth, [ethFill({ quantityBase: decimal('2') })]);
    world.venue.cash.push(funding({ instrument: eth.id, amount: decimal('-2') }));
    world.nowMs += 2_000;
    await bookCash(ports, policy);
    expect(byLeg(world, 'funding', 'USDT')).toEqual({ eth: '3', 'eth-carry': '-1' });
  });

  test('a deposit is nobody’s profit', async () => {
    const { world, ports } = openedWorld();
    world.venue.cash.push(funding({ kind: 'deposit', instrument: null, amount: decimal('500') }));
    world.nowMs += 2_000;
    await bookCash(ports, policy);
    const [entry] = entries(world, 'external');
    expect(entry?.postings).toEqual([
      { account: 'wallet', commodity: 'USDT', amount: '500', leg: null },
      { account: 'external', commodity: 'USDT', amount: '-500', leg: null },
    ]);
  });

  test('read again changes nothing, and what the venue lists late is still found', async () => {
    const { world, ports } = openedWorld();
    world.nowMs += 3_600_000;
    await bookCash(ports, policy);
    world.venue.cash.push(funding({ atMs: world.nowMs - 60_000 }));
    world.nowMs += 60_000;
    expect(await bookCash(ports, policy)).toBe(1);
    const before = world.rows.transactions.size;
    expect(await bookCash(ports, policy)).toBe(0);
    expect(world.rows.transactions.size).toBe(before);
  });

  test('from before the ledger was opened is in the opening balances', async () => {
    const { world, ports } = openedWorld();
    world.venue.cash.push(funding({ atMs: startMs - 1 }));
    world.venue.cash.push(funding({ eventId: 'c2', atMs: startMs - 2 }));
    const heedless = withVenue(ports, { reader: { cashEvents: async () => world.venue.cash } });
    expect(await bookCash(heedless, policy)).toBe(0);
  });

  test('that cannot be read leaves the cursor where it was', async () => {
    const { world, ports } = openedWorld();
    await bookCash(ports, policy);
    const readTo = world.rows.cursors.get('cash|alpha');
    world.nowMs += 3_600_000;
    world.venue.faults.isDown = true;
    await expect(bookCash(ports, policy)).rejects.toThrow(/did not answer/);
    expect(world.rows.cursors.get('cash|alpha')).toBe(readTo);
  });
});
