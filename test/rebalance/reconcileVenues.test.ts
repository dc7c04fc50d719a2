/**
 * The ledger against the venue: the venue's word wins, as an explicit adjustment; a query that failed is not "flat".
 *
 * Method: a world in memory whose venue is changed behind the ledger's back.
 */
import { describe, expect, test } from 'vitest';
import { decimal, toNumber } from '../../src/domain/decimal.ts';
import { ownerPrefix, readClientOrderId, venueId } from '../../src/domain/ids.ts';
import { applyTransactions, emptyBook, positionOf, venueWallet } from '../../src/ledger/book.ts';
import { execute } from '../../src/rebalance/execute.ts';
import type { Venue, VenueOrder } from '../../src/rebalance/ports/venue.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { reconcileVenues } from '../../src/rebalance/reconcileVenues.ts';
import { noAnswer } from '../simulation/venueFaults.ts';
import { alpha } from '../simulation/venueInMemory.ts';
import { startProcess, type World } from '../simulation/world.ts';
import {
  btc,
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
const nothing = { adjusted: [], outstanding: [], foreignFills: 0 };
const book = (world: World) => applyTransactions(emptyBook, [...world.rows.transactions.values()]);
const kinds = (world: World): readonly string[] =>
  [...world.rows.transactions.values()].map((one) => one.kind);

/** A tenth of a bitcoin, bought by a decision and booked. */
async function holding() {
  const { world, ports } = openedWorld();
  const lease = await leaseOf(ports);
  await execute(ports, await recordTrade(ports, [planned()]), lease);
  await lease.release();
  return { world, ports };
}

describe('reconcileVenues', () => {
  test('finds nothing where the ledger has what the venue has', async () => {
    const { world, ports } = await holding();
    expect(await reconcileVenues(ports, policy, adjusting)).toEqual(nothing);
    expect(kinds(world)).toEqual(['opening', 'fill']);
    expect(eventsNamed(world, 'discrepancy')).toEqual([]);
  });

  test('the venue’s position wins: the difference is an adjustment, alerted, and no invented fill', async () => {
    const { world, ports } = await holding();
    world.venue.positions.set(btc.symbol, { quantity: 0.06, cost: 0.06 * 50_000 });
    const report = await reconcileVenues(ports, policy, adjusting);
    expect(report?.adjusted).toMatchObject([
      { venue: 'alpha', kind: 'position', subject: btc.symbol, ledger: '0.1', venueSays: '0.06' },
    ]);
    expect(report?.outstanding).toEqual([]);
    expect(positionOf(book(world), alpha, btc.symbol)).toBe('0.06');
    expect(kinds(world)).toEqual(['opening', 'fill', 'adjustment']);
    expect(eventsNamed(world, 'discrepancy')).toHaveLength(1);
    expect(world.rows.events).toContain('adjustment');
    // The leg that held it has lost it.
    const [adjustment] = [...world.rows.transactions.values()].filter(
      (one) => one.kind === 'adjustment',
    );
    expect(adjustment?.postings).toContainEqual({
      account: 'position',
      commodity: btc.symbol,
      amount: '-0.04',
      leg: 'btc',
    });
    world.nowMs += 1_000;
    expect(await reconcileVenues(ports, policy, adjusting)).toEqual(nothing);
  });

  test('a position that the ledger has and the venue has not is flat after it', async () => {
    const { world, ports } = await holding();
    world.venue.positions.delete(btc.symbol);
    await reconcileVenues(ports, policy, adjusting);
    expect(positionOf(book(world), alpha, btc.symbol)).toBe('0');
  });

  test('the wallet is brought to what the venue says, to the last digit', async () => {
    const { world, ports } = await holding();
    world.venue.wallet.set('USDT', (world.venue.wallet.get('USDT') ?? 0) - 12.5);
    const report = await reconcileVenues(ports, policy, adjusting);
    expect(report?.adjusted).toMatchObject([{ kind: 'wallet', subject: 'USDT' }]);
    expect(toNumber(venueWallet(book(world), alpha, 'USDT'))).toBe(world.venue.wallet.get('USDT'));
  });

  test('a cent is no difference, two are', async () => {
    const { world, ports } = await holding();
    const before = world.venue.wallet.get('USDT') ?? 0;
    world.venue.wallet.set('USDT', before + 0.009);
    expect(await reconcileVenues(ports, policy, adjusting)).toEqual(nothing);
    world.venue.wallet.set('USDT', before + 0.02);
    expect((await reconcileVenues(ports, policy, adjusting))?.adjusted).toHaveLength(1);
  });

  test('a fill that is listed late is found by the second reading: booked as a fill, no adjustment', async () => {
    const { world, ports } = openedWorld();
    const gateway = ports.venues.get(alpha)?.gateway;
    const reader = ports.venues.get(alpha)?.reader;
    if (gateway === undefined || reader === undefined) throw new Error('the venue is there');
    world.venue.faults.lateFillReadings = Number.POSITIVE_INFINITY;
    const lease = await leaseOf(ports);
    await execute(ports, await recordTrade(ports, [planned()]), lease);
    await lease.release();
    // The decision is over; the venue moves the position at once and lists the fill at the second reading.
    for (const [id] of world.rows.decisions) world.rows.outcomes.set(id, 'complete');
    let readings = 0;
    const late = withVenue(ports, {
      reader: {
        fills: async (instruments, sinceMs) => {
          readings += 1;
          return readings === 1 ? [] : await reader.fills(instruments, sinceMs);
        },
      },
    });
    expect(await reconcileVenues(late, policy, adjusting)).toEqual(nothing);
    expect(readings).toBe(2);
    expect(kinds(world)).toEqual(['opening', 'fill']);
    expect(positionOf(book(world), alpha, btc.symbol)).toBe('0.1');
  });

  test('a foreign fill explains the position: it is booked, counted, and no adjustment', async () => {
    const { world, ports } = await holding();
    world.venue.fills.push({
      fillId: 'foreign',
      venue: alpha,
      instrument: eth.id,
      clientOrderId: null,
      venueOrderId: 'v99',
      side: 'buy',
      quantityBase: decimal('1'),
      price: decimal('3000'),
      fee: decimal('0'),
      feeCoin: 'USDT',
      isMaker: false,
      filledAtMs: world.nowMs,
    });
    world.venue.positions.set(eth.symbol, { quantity: 1, cost: 3_000 });
    expect(await reconcileVenues(ports, policy, adjusting)).toEqual({
      ...nothing,
      foreignFills: 1,
    });
    expect(kinds(world)).toEqual(['opening', 'fill', 'fill']);
  });

  test('asked only to report, it books nothing and says what differs', async () => {
    const { world, ports } = await holding();
    world.venue.positions.set(btc.symbol, { quantity: 0.06, cost: 0.06 * 50_000 });
    const before = world.rows.transactions.size;
    const report = await reconcileVenues(ports, policy, { adjust: false });
    expect(report?.outstanding).toMatchObject([{ kind: 'position', subject: btc.symbol }]);
    expect(report?.adjusted).toEqual([]);
    expect(world.rows.transactions.size).toBe(before);
  });
});

describe('a venue that does not answer', () => {
  test.each(['positions', 'account', 'fills', 'cashEvents'] as const)(
    'in its %s is a discrepancy, not flat: the ledger keeps what it has',
    async (call) => {
      const { world, ports } = await holding();
      const before = [...world.rows.transactions.keys()];
      const failing = withVenue(ports, { reader: { [call]: () => Promise.reject(noAnswer()) } });
      const report = await reconcileVenues(failing, policy, adjusting);
      expect(report?.outstanding).toMatchObject(
        [{ venue: 'alpha', venueSays: /did not answer/ }].map((one) => ({
          ...one,
          venueSays: expect.stringMatching(one.venueSays) as string,
        })),
      );
      expect(report?.adjusted).toEqual([]);
      expect([...world.rows.transactions.keys()]).toEqual(before);
      expect(world.rows.discrepancies).toHaveLength(1);
    },
  );

  test('is forgotten as a discrepancy once it answers', async () => {
    const { world, ports } = await holding();
    world.venue.faults.isDown = true;
    await reconcileVenues(ports, policy, adjusting);
    expect(world.rows.discrepancies).toHaveLength(1);
    world.venue.faults.isDown = false;
    await reconcileVenues(ports, policy, adjusting);
    expect(world.rows.discrepancies).toEqual([]);
  });

  test('does not keep another venue from being reconciled', async () => {
    const { world, ports } = await holding();
    world.venue.positions.set(btc.symbol, { quantity: 0.06, cost: 0.06 * 50_000 });
    const other = startProcess(world, 1).venues.get(alpha);
    if (other === undefined) throw new Error('the venue is there');
    const beta = venueId('beta');
    const down = () => Promise.reject(noAnswer());
    const silent: Venue = {
      gateway: other.gateway,
      reader: {
        ...other.reader,
        id: beta,
        account: down,
        positions: down,
        fills: down,
        cashEvents: down,
      },
    };
    const both: Ports = { ...ports, venues: new Map([...ports.venues, [beta, silent]]) };
    const report = await reconcileVenues(both, policy, adjusting);
    expect(report?.outstanding.map((one) => one.venue)).toEqual(['beta']);
    expect(report?.adjusted).toMatchObject([{ venue: 'alpha', subject: btc.symbol }]);
  });

  test('for an order leaves the daemon with a discrepancy that names it', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.sends.push('dropAfter');
    world.venue.faults.silentAnswers = Number.POSITIVE_INFINITY;
    const lease = await leaseOf(ports);
    await execute(ports, await recordTrade(ports, [planned()]), lease);
    await lease.release();
    const report = await reconcileVenues(ports, policy, adjusting);
    const [order] = world.rows.orders.keys();
    expect(report?.outstanding).toContainEqual(
      expect.objectContaining({ kind: 'order', subject: order }),
    );
  });
});

describe('an order that rests at the venue', () => {
  const resting = (clientOrderId: string | null, instrument = btc.id): VenueOrder => ({
    clientOrderId: clientOrderId === null ? null : readClientOrderId(clientOrderId),
    venueOrderId: 'v77',
    instrument,
    state: 'working',
    quantityBase: decimal('0.1'),
    filledBase: decimal('0.02'),
    createdAtMs: 0,
  });
  const listing = (ports: Ports, ...lists: readonly (readonly VenueOrder[])[]): Ports => {
    const left = [...lists];
    const last = lists.at(-1) ?? [];
    return withVenue(ports, { reader: { openOrders: async () => left.shift() ?? last } });
  };
  const ownId = async (ports: Ports) =>
    `${ownerPrefix(await ports.state.installation(), policy.portfolio)}${'0'.repeat(24)}`;

  test('and that our rows hold for ended is a discrepancy for as long as it rests', async () => {
    const { world, ports } = await holding();
    const [id = ''] = world.rows.orders.keys();
    const report = await reconcileVenues(listing(ports, [resting(id)]), policy, adjusting);
    expect(report?.outstanding).toEqual([
      {
        venue: 'alpha',
        kind: 'order',
        subject: id,
        ledger: 'filled',
        venueSays: 'rests as v77, filled 0.02 of 0.1',
      },
    ]);
    expect(world.rows.discrepancies).toHaveLength(1);
    await reconcileVenues(ports, policy, adjusting);
    expect(world.rows.discrepancies).toEqual([]);
  });

  test('and that our rows do not know, with our prefix, is one too', async () => {
    const { ports } = await holding();
    const id = await ownId(ports);
    const report = await reconcileVenues(listing(ports, [resting(id)]), policy, adjusting);
    expect(report?.outstanding).toMatchObject([
      { subject: id, ledger: 'not there' },
      // Whoever sent it has our name and not our rows.
      { kind: 'owner', subject: 'another daemon' },
    ]);
  });

  test('in a list that lags behind its end is none', async () => {
    const { world, ports } = await holding();
    const [id = ''] = world.rows.orders.keys();
    expect(await reconcileVenues(listing(ports, [resting(id)], []), policy, adjusting)).toEqual(
      nothing,
    );
  });

  test('and is foreign is told once, and keeps nobody from trading', async () => {
    const { world, ports } = await holding();
    const foreign = listing(ports, [resting(null), resting('deadbeef'), resting(null, ethSpot.id)]);
    expect(await reconcileVenues(foreign, policy, adjusting)).toEqual(nothing);
    expect(await reconcileVenues(foreign, policy, adjusting)).toEqual(nothing);
    expect(eventsNamed(world, 'foreignOrder').map((one) => one['instrument'])).toEqual([
      btc.id,
      ethSpot.id,
    ]);
    expect(world.rows.events.filter((kind) => kind === 'foreignOrder')).toHaveLength(2);
  });

  test('and whose outcome is open keeps its instrument and coin from being adjusted, and nothing else', async () => {
    const { world, ports } = await holding();
    world.venue.faults.sends.push('dropAfter');
    world.venue.faults.silentAnswers = Number.POSITIVE_INFINITY;
    const lease = await leaseOf(ports);
    world.nowMs += 1_000;
    await execute(ports, await recordTrade(ports, [planned()]), lease);
    await lease.release();
    world.venue.positions.set(eth.symbol, { quantity: 1, cost: 3_000 });
    // The venue moved the position at once and does not list the fill yet.
    const silent = withVenue(ports, { reader: { fills: async () => [] } });
    const report = await reconcileVenues(silent, policy, adjusting);
    expect(report?.adjusted.map((one) => one.subject)).toEqual([eth.symbol]);
    expect(report?.outstanding).toContainEqual(
      expect.objectContaining({ kind: 'position', subject: btc.symbol, ledger: '0.1' }),
    );
    world.venue.faults.silentAnswers = 0;
    expect((await reconcileVenues(ports, policy, adjusting))?.outstanding).toEqual([]);
    expect(positionOf(book(world), alpha, btc.symbol)).toBe('0.2');
  });
});

test('another process that holds the portfolio is left alone', async () => {
  const { world, ports } = await holding();
  world.venue.positions.delete(btc.symbol);
  await leaseOf(startProcess(world, 2));
  expect(await reconcileVenues(ports, policy, adjusting)).toBeNull();
  expect(kinds(world)).toEqual(['opening', 'fill']);
});

test('the lease is given back, also when the database fails', async () => {
  const { world, ports } = await holding();
  await reconcileVenues(ports, policy, adjusting);
  expect(world.rows.lease).toBeNull();
  const broken: Ports = {
    ...ports,
    state: { ...ports.state, setDiscrepancies: () => Promise.reject(noAnswer()) },
  };
  await expect(reconcileVenues(broken, policy, adjusting)).rejects.toThrow();
  expect(world.rows.lease).toBeNull();
});
