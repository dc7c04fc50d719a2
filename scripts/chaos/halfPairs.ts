/**
 * Pairs that their own decision left half done, above the least order: naked, or handed on to a newer decision.
 *
 * Handed on only where the newer one was made while the older was still open, so that it took over what that had not given up,
 * and has filled as much as was missing, on the side that mends it. Whoever trades it later, or less of it, excuses nothing.
 */
import {
  add,
  compare,
  type DecimalText,
  multiply,
  negate,
  subtract,
  zero,
} from '../../src/domain/decimal.ts';
import type { OrderRecord, PlannedOrder } from '../../src/domain/order.ts';
import { type Imbalance, pairImbalance } from '../../src/execution/pairRepair.ts';
import { repairNumber } from '../../src/execution/repairSlices.ts';
import type { DecisionRecord } from '../../src/rebalance/ports/stores.ts';
import { isOf, type Plan } from './plans.ts';

export type HalfPair = { readonly usd: number; readonly said: string };

export function halfPairs(
  plans: readonly Plan[],
): Record<'naked' | 'handedOn', readonly HalfPair[]> {
  const found = plans.flatMap((plan) =>
    halvesIn(plan).map(({ found: half, ...told }) => ({
      ...told,
      isTaken: isTaken(plans, plan, half),
    })),
  );
  return {
    naked: found.filter((half) => !half.isTaken),
    handedOn: found.filter((half) => half.isTaken),
  };
}

function isTaken(plans: readonly Plan[], { record, endedAtMs }: Plan, half: Imbalance): boolean {
  const from = record.decision.decidedAtMs;
  const until = endedAtMs ?? Number.POSITIVE_INFINITY;
  const mendedBase = plans
    .filter((newer) => newer.record.rebalanceId !== record.rebalanceId)
    .filter(({ record: { decision } }) => decision.decidedAtMs >= from)
    .filter(({ record: { decision } }) => decision.decidedAtMs <= until)
    .flatMap((newer) => newer.rows)
    .reduce<DecimalText>((sum, row) => add(sum, mendingBase(row, half)), zero);
  const quantityBase = subtract(half.quantityBase, mendedBase);
  const share = Number(quantityBase) / Number(half.quantityBase);
  const unhedgedUsd = half.unhedgedUsd * share;
  return isDust(record, half.leading, { quantityBase, unhedgedUsd });
}

/** What completes the lagging half or unwinds the leading one; the other way round it counts against it. */
function mendingBase(
  { instrument, action, filledBase }: OrderRecord,
  { leading, lagging }: Imbalance,
): DecimalText {
  if (instrument === lagging.instrument) {
    return action === lagging.action ? filledBase : negate(filledBase);
  }
  if (instrument !== leading.instrument) return zero;
  return action === leading.action ? negate(filledBase) : filledBase;
}

function halvesIn({ record, orders, rows }: Plan) {
  const names = new Set(orders.flatMap((order) => order.pair ?? []));
  return [...names].flatMap((name) => {
    const [first, second] = orders.filter((order) => order.pair === name);
    if (first === undefined || second === undefined) return [];
    const repairs = rows.filter((row) => repairNumber(orders, name, row) !== null);
    const own = rows.filter((row) => isOf(row, first) || isOf(row, second));
    const found = pairImbalance([first, second], [...own, ...repairs]);
    // What can no longer be completed can still be unwound while the leading half's venue takes that much.
    if (found === null || isDust(record, found.leading, found)) return [];
    const usd = Math.round(found.unhedgedUsd * 100) / 100;
    return [
      {
        found,
        usd,
        said: `${record.rebalanceId} ${name}: ${found.quantityBase}`,
      },
    ];
  });
}

/** A fee taken in the coin, and a limit below the price of the decision, leave that much less to unwind. */
const feeShare = 0.01;

/** Less than its venue takes: the next decision has it in its targets. */
function isDust(
  { snapshot }: DecisionRecord,
  half: PlannedOrder,
  { quantityBase, unhedgedUsd }: Pick<Imbalance, 'quantityBase' | 'unhedgedUsd'>,
): boolean {
  const seen = snapshot.instruments.find((one) => one.instrument.id === half.instrument);
  if (seen === undefined) return false;
  const { quantityMinBase, notionalMinQuote } = seen.instrument;
  const sellable = multiply(quantityBase, 1 - feeShare);
  return compare(sellable, quantityMinBase) < 0 || unhedgedUsd * (1 - feeShare) < notionalMinQuote;
}
