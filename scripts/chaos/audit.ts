/**
 * The ledger against the journals of both venues at the end of a world: what was lost, doubled, left unexplained or naked.
 *
 * Beside the audit of one venue: no planned order was filled beyond its quantity, by however many orders of whichever
 * names, and no half of a pair that was sent stands alone.
 */
import { createDecisionStore } from '../../src/adapters/database/decisionStore.ts';
import { createLedgerStore } from '../../src/adapters/database/ledgerStore.ts';
import type { Database } from '../../src/adapters/database/openDatabase.ts';
import { createOrderStore } from '../../src/adapters/database/orderStore.ts';
import { add, compare, type DecimalText, zero } from '../../src/domain/decimal.ts';
import { type InstrumentId, type RebalanceId, rebalanceId } from '../../src/domain/ids.ts';
import type { OrderRecord, PlannedOrder } from '../../src/domain/order.ts';
import { pairImbalance } from '../../src/execution/pairRepair.ts';
import { repairNumber } from '../../src/execution/repairSlices.ts';
import type { DecisionRecord } from '../../src/rebalance/ports/stores.ts';
import type { JournalEntry } from '../../src/simulator/core/entries.ts';
import { ordersIn, type TrueOrder } from '../../test/e2e/truth.ts';
import { audit } from '../killRestart/audit.ts';
import { auditTransfers } from './auditTransfers.ts';
import { plannedId } from './rules.ts';
import { type Standing, standingUnhedged } from './standing.ts';

export type WorldAudit = {
  readonly orders: number;
  readonly fills: number;
  /** Subscriptions and redemptions among the orders. */
  readonly savings: number;
  /** Made between wallets of one venue; they are no orders. */
  readonly transfers: number;
  readonly decisions: number;
  /** Recorded, and certainly never at the venue: rightly in our table alone. */
  readonly neverAccepted: number;
  /** Orders at a venue that the ledger does not know, or takes for not there. */
  readonly lost: number;
  /** Client ids used twice, and planned orders filled beyond their quantity. */
  readonly doubled: number;
  /** Whatever else differs: orders without an end, fills not booked or booked wrongly, adjustments, balances. */
  readonly unexplained: number;
  /** Pairs that their own decision left half done, above the least order, and that none traded after it. */
  readonly nakedUsd: number;
  readonly nakedPairs: number;
  /** Those that a newer decision, or the guard, has taken over: what they left was in its targets. */
  readonly handedOnUsd: number;
  readonly handedOnPairs: number;
  /** Carry legs that are not hedged after the last, undisturbed, rebalance. */
  readonly standingUsd: number;
  readonly standingLegs: number;
  readonly faults: readonly string[];
};

type Journals = Readonly<Record<string, readonly JournalEntry[]>>;

export async function auditWorld(
  database: Database,
  portfolio: string,
  journals: Journals,
): Promise<WorldAudit> {
  const audits = await Promise.all(
    Object.entries(journals).map(([venue, journal]) => audit(database, portfolio, journal, venue)),
  );
  const moves = await Promise.all(
    Object.entries(journals).map(([venue, journal]) => auditTransfers(database, journal, venue)),
  );
  const plans = await plansOf(database, journals);
  const overfilled = plans.flatMap(overfills);
  const halves = plans.flatMap(halfPairs);
  const [handedOn, naked] = [halves.filter(isTakenIn(plans)), halves.filter(isLeftIn(plans))];
  const standing = await standingAtEnd(database, portfolio);
  const found = [...audits, ...moves].flatMap((one) => one.faults);
  const isLost = (fault: string) => /^lost (order|transfer)|and real there$/.test(fault);
  const isDouble = (fault: string) => fault.startsWith('doubled');
  const sum = (of: (typeof audits)[number][], what: 'orders' | 'fills' | 'neverAccepted') =>
    of.reduce((total, one) => total + one[what], 0);
  return {
    orders: sum(audits, 'orders'),
    fills: sum(audits, 'fills'),
    savings: Object.values(journals).flatMap(ordersIn).filter(isOfSavings).length,
    transfers: moves.reduce((total, one) => total + one.transfers, 0),
    decisions: plans.length,
    neverAccepted: sum(audits, 'neverAccepted'),
    lost: found.filter(isLost).length,
    doubled: found.filter(isDouble).length + overfilled.length,
    unexplained: found.filter((fault) => !isLost(fault) && !isDouble(fault)).length,
    nakedUsd: usdOf(naked),
    nakedPairs: naked.length,
    handedOnUsd: usdOf(handedOn),
    handedOnPairs: handedOn.length,
    standingUsd: usdOf(standing),
    standingLegs: standing.length,
    faults: [
      ...found,
      ...overfilled,
      ...naked.map(({ usd, said }) => `naked ${said}, ${usd} USD`),
      ...standing.map(({ usd, said }) => `unhedged at the end ${said}, ${usd} USD`),
    ],
  };
}

const usdOf = (found: readonly { readonly usd: number }[]): number =>
  Math.round(found.reduce((total, one) => total + one.usd, 0) * 100) / 100;

async function standingAtEnd(
  { queries }: Database,
  portfolio: string,
): Promise<readonly Standing[]> {
  const latest = await createDecisionStore(queries).latest(portfolio);
  const balances = await createLedgerStore(queries).balances(portfolio);
  return latest === null ? [] : standingUnhedged(latest, balances);
}

const isOfSavings = ({ side }: TrueOrder): boolean => side === 'subscribe' || side === 'redeem';

type Plan = {
  readonly record: DecisionRecord;
  readonly orders: readonly PlannedOrder[];
  /** Our rows, with what the venue really filled under their names. */
  readonly rows: readonly OrderRecord[];
};

async function plansOf({ queries }: Database, journals: Journals): Promise<readonly Plan[]> {
  const filled = new Map<string, DecimalText>();
  for (const order of Object.values(journals).flatMap(ordersIn)) {
    const id = plannedId(order.clientOrderId);
    filled.set(id, add(filled.get(id) ?? zero, order.filledBase));
  }
  const decisions = createDecisionStore(queries);
  const orders = createOrderStore(queries);
  const plans: Plan[] = [];
  for (const { rebalance_id } of await queries
    .selectFrom('decisions')
    .select('rebalance_id')
    .execute()) {
    const id: RebalanceId = rebalanceId(rebalance_id);
    const record = await decisions.find(id);
    if (record?.decision.kind !== 'trade') continue;
    const rows = (await orders.ofRebalance(id)).map((row) => ({
      ...row,
      filledBase: filled.get(row.clientOrderId) ?? zero,
    }));
    plans.push({ record, orders: record.decision.orders, rows });
  }
  return plans;
}

function overfills({ record, orders, rows }: Plan): readonly string[] {
  return orders.flatMap((order) => {
    const done = sumOf(rows.filter((row) => isOf(row, order)));
    return compare(done, order.quantityBase) <= 0
      ? []
      : [
          `overfilled ${record.rebalanceId} ${order.instrument} slice ${order.slice}: ${done} of ${order.quantityBase}`,
        ];
  });
}

const isOf = (row: OrderRecord, order: PlannedOrder): boolean =>
  row.instrument === order.instrument && row.slice === order.slice;

const sumOf = (rows: readonly OrderRecord[]): DecimalText =>
  rows.reduce<DecimalText>((sum, row) => add(sum, row.filledBase), zero);

type HalfPair = {
  readonly record: DecisionRecord;
  readonly instruments: readonly InstrumentId[];
  readonly usd: number;
  readonly said: string;
};

/** A newer decision has traded one of its instruments: it has sized on what was left. */
const isTakenIn =
  (plans: readonly Plan[]) =>
  ({ record, instruments }: HalfPair): boolean =>
    plans.some(
      (newer) =>
        newer.record.decision.decidedAtMs > record.decision.decidedAtMs &&
        newer.rows.some(
          (row) => instruments.includes(row.instrument) && compare(row.filledBase, 0) > 0,
        ),
    );

const isLeftIn = (plans: readonly Plan[]) => {
  const isTaken = isTakenIn(plans);
  return (half: HalfPair): boolean => !isTaken(half);
};

function halfPairs({ record, orders, rows }: Plan): readonly HalfPair[] {
  const names = new Set(orders.flatMap((order) => order.pair ?? []));
  return [...names].flatMap((name) => {
    const [first, second] = orders.filter((order) => order.pair === name);
    if (first === undefined || second === undefined) return [];
    const repairs = rows.filter((row) => repairNumber(orders, name, row) !== null);
    const own = rows.filter((row) => isOf(row, first) || isOf(row, second));
    const found = pairImbalance([first, second], [...own, ...repairs]);
    if (found === null || isDust(record, first, found) || isDust(record, second, found)) return [];
    const usd = Math.round(found.unhedgedUsd * 100) / 100;
    return [
      {
        record,
        instruments: [first.instrument, second.instrument],
        usd,
        said: `${record.rebalanceId} ${name}: ${found.quantityBase}`,
      },
    ];
  });
}

/** Less than the venue takes: the next decision has it in its targets. */
function isDust(
  { snapshot }: DecisionRecord,
  half: PlannedOrder,
  {
    quantityBase,
    unhedgedUsd,
  }: { readonly quantityBase: DecimalText; readonly unhedgedUsd: number },
): boolean {
  const seen = snapshot.instruments.find((one) => one.instrument.id === half.instrument);
  if (seen === undefined) return false;
  const { quantityMinBase, notionalMinQuote } = seen.instrument;
  return compare(quantityBase, quantityMinBase) < 0 || unhedgedUsd < notionalMinQuote;
}
