/** The ledger against the exchange's journal, order by order, fill by fill, coin by coin: what was lost, what was doubled. */
import { createLedgerStore } from '../../src/adapters/database/ledgerStore.ts';
import type { Database } from '../../src/adapters/database/openDatabase.ts';
import type { JournalEntry } from '../../src/simulator/core/entries.ts';
import { bookedFills, bookedOrders, bookedTransactions, holdings } from '../../test/e2e/booked.ts';
import { fillsIn, ordersIn, positionsIn, stakesIn, walletsIn } from '../../test/e2e/truth.ts';

export type Audit = {
  readonly orders: number;
  readonly fills: number;
  /** Orders that never left, or that the exchange refused for certain: in our table alone, and rightly so. */
  readonly neverAccepted: number;
  /** Redemptions that the exchange has not paid out yet: they take as long as the product says. */
  readonly onTheirWay: number;
  /** Each with what is wrong; none: nothing lost, nothing doubled. */
  readonly faults: readonly string[];
};

/** A hundredth of a cent. */
const coinTolerance = 1e-4;

export async function audit(
  database: Database,
  portfolio: string,
  journal: readonly JournalEntry[],
  venue = 'alpha',
): Promise<Audit> {
  const orders = await bookedOrders({ database }, venue);
  const refused = orders.filter(({ state }) => state === 'rejected' || state === 'absent');
  const accepted = orders.filter((one) => !refused.includes(one));
  const onTheirWay = accepted.filter(
    ({ order, state }) => order.side === 'redeem' && state === 'working',
  );
  const ours = accepted.map(({ order }) => order);
  const theirs = ordersIn(journal);
  const fills = { ours: await bookedFills({ database }, venue), theirs: fillsIn(journal) };
  const ledger = createLedgerStore(database.queries);
  const booked = await bookedTransactions({ ports: { ledger }, policy: { portfolio } });
  const transactions = booked.filter((one) => one.venue === venue);
  const faults = [
    ...differences('order', ours, theirs),
    ...doubles(
      'client order id',
      theirs.map((one) => one.clientOrderId),
    ),
    ...refused
      .filter(({ order }) => theirs.some((one) => one.clientOrderId === order.clientOrderId))
      .map(({ order, state }) => `order ${order.clientOrderId} is ${state} here and real there`),
    ...accepted
      .filter((one) => !onTheirWay.includes(one))
      .filter(({ state }) => !['filled', 'cancelled', 'expired'].includes(state))
      .map(({ order, state }) => `order ${order.clientOrderId} has not ended: ${state}`),
    ...differences('fill', fills.ours, fills.theirs),
    ...doubles(
      'fill',
      fills.ours.map((one) => one.fillId),
    ),
    ...transactions
      .filter(({ kind }) => kind === 'adjustment')
      .map(({ id }) => `adjustment ${id}: something had to be papered over`),
    ...heldDifferences(transactions, journal, venue),
  ];
  return {
    orders: theirs.length,
    fills: fills.theirs.length,
    neverAccepted: refused.length,
    onTheirWay: onTheirWay.length,
    faults,
  };
}

function heldDifferences(
  transactions: Awaited<ReturnType<typeof bookedTransactions>>,
  journal: readonly JournalEntry[],
  venue: string,
): readonly string[] {
  const wallets = walletsIn(journal);
  const positions = positionsIn(journal);
  const named = { coins: wallets.keys(), perpetuals: positions.keys() };
  const held = holdings(transactions, named, venue);
  const differ = (what: string, ours: number | undefined, theirs: number): readonly string[] =>
    ours !== undefined && Math.abs(ours - theirs) <= coinTolerance
      ? []
      : [`${what}: ledger ${ours ?? 'nothing'}, exchange ${theirs}`];
  return [
    ...[...wallets].flatMap(([coin, amount]) =>
      differ(`wallet ${coin}`, held.wallets.get(coin), Number(amount)),
    ),
    ...[...positions].flatMap(([market, amount]) =>
      differ(`position ${market}`, Number(held.positions.get(market)), Number(amount)),
    ),
    ...[...stakesIn(journal)].flatMap(([coin, amount]) =>
      differ(`lent ${coin}`, Number(held.stake(coin)), Number(amount)),
    ),
  ];
}

function differences<T>(what: string, ours: readonly T[], theirs: readonly T[]): readonly string[] {
  const [here, there] = [ours, theirs].map(
    (rows) => new Set(rows.map((row) => JSON.stringify(row))),
  );
  return [
    ...[...(there ?? [])]
      .filter((row) => here?.has(row) !== true)
      .map((row) => `lost ${what}: ${row}`),
    ...[...(here ?? [])]
      .filter((row) => there?.has(row) !== true)
      .map((row) => `invented ${what}: ${row}`),
  ];
}

const doubles = (what: string, ids: readonly string[]): readonly string[] =>
  ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `doubled ${what}: ${id}`);
