/**
 * The ledger against the journals of both venues at the end of a world: what was lost, doubled, left unexplained or naked.
 *
 * Beside the audit of one venue: no planned order was filled beyond its quantity, by however many orders of whichever
 * names, and no half of a pair that was sent stands alone.
 */
import { createDecisionStore } from '../../src/adapters/database/decisionStore.ts';
import { createLedgerStore } from '../../src/adapters/database/ledgerStore.ts';
import type { Database } from '../../src/adapters/database/openDatabase.ts';
import { add, compare, type DecimalText, zero } from '../../src/domain/decimal.ts';
import type { OrderRecord } from '../../src/domain/order.ts';
import { ordersIn, type TrueOrder } from '../../test/e2e/truth.ts';
import { audit } from '../killRestart/audit.ts';
import { auditTransfers } from './auditTransfers.ts';
import { halfPairs } from './halfPairs.ts';
import { isOf, type Journals, type Plan, plansOf } from './plans.ts';
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
  /** Pairs that their own decision left half done, above the least order, and gave up. */
  readonly nakedUsd: number;
  readonly nakedPairs: number;
  /** Those that a newer decision, or the guard, mended while it was open. */
  readonly handedOnUsd: number;
  readonly handedOnPairs: number;
  /** Carry legs that are not hedged after the last, undisturbed, rebalance. */
  readonly standingUsd: number;
  readonly standingLegs: number;
  readonly faults: readonly string[];
};

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
  const { naked, handedOn } = halfPairs(plans);
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

const sumOf = (rows: readonly OrderRecord[]): DecimalText =>
  rows.reduce<DecimalText>((sum, row) => add(sum, row.filledBase), zero);
