/**
 * The ledger against the journals of both venues at the end of a world: what was lost, doubled, left unexplained or naked.
 *
 * Beside the audit of one venue: no planned order was filled beyond its quantity, by however many orders of whichever
 * names, and no half of a pair that was sent stands alone.
 */
import { createDecisionStore } from '../../src/adapters/database/decisionStore.ts';
import type { Database } from '../../src/adapters/database/openDatabase.ts';
import { createOrderStore } from '../../src/adapters/database/orderStore.ts';
import { add, compare, type DecimalText, zero } from '../../src/domain/decimal.ts';
import { type RebalanceId, rebalanceId } from '../../src/domain/ids.ts';
import type { OrderRecord, PlannedOrder } from '../../src/domain/order.ts';
import { pairImbalance } from '../../src/execution/pairRepair.ts';
import { repairNumber } from '../../src/execution/repairSlices.ts';
import type { DecisionRecord } from '../../src/rebalance/ports/stores.ts';
import type { JournalEntry } from '../../src/simulator/core/entries.ts';
import { ordersIn, type TrueOrder } from '../../test/e2e/truth.ts';
import { audit } from '../killRestart/audit.ts';
import { auditTransfers } from './auditTransfers.ts';
import { plannedId } from './rules.ts';

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
  /** Sum over pairs of what one half filled beyond the other, above the least order. */
  readonly nakedUsd: number;
  readonly nakedPairs: number;
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
  const naked = plans.flatMap(nakedPairs);
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
    nakedUsd: Math.round(naked.reduce((total, one) => total + one.usd, 0) * 100) / 100,
    nakedPairs: naked.length,
    faults: [...found, ...overfilled, ...naked.map(({ usd, said }) => `naked ${said}, ${usd} USD`)],
  };
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

function nakedPairs({ record, orders, rows }: Plan) {
  const names = new Set(orders.flatMap((order) => order.pair ?? []));
  return [...names].flatMap((name) => {
    const [first, second] = orders.filter((order) => order.pair === name);
    if (first === undefined || second === undefined) return [];
    const repairs = rows.filter((row) => repairNumber(orders, name, row) !== null);
    const own = rows.filter((row) => isOf(row, first) || isOf(row, second));
    const found = pairImbalance([first, second], [...own, ...repairs]);
    if (found === null || isDust(record, first, found) || isDust(record, second, found)) return [];
    const usd = Math.round(found.unhedgedUsd * 100) / 100;
    return [{ usd, said: `${record.rebalanceId} ${name}: ${found.quantityBase}` }];
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
