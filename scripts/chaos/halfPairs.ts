/**
 * Pairs that their own decision left half done, above the least order: naked, or handed on to a newer decision.
 *
 * Handed on only where the newer one was made while the older was still open, so that it took over what that had not given up,
 * and has really traded one of the pair's instruments. Whoever trades them later excuses nothing.
 */
import { compare, type DecimalText } from '../../src/domain/decimal.ts';
import type { InstrumentId } from '../../src/domain/ids.ts';
import type { PlannedOrder } from '../../src/domain/order.ts';
import { pairImbalance } from '../../src/execution/pairRepair.ts';
import { repairNumber } from '../../src/execution/repairSlices.ts';
import type { DecisionRecord } from '../../src/rebalance/ports/stores.ts';
import { isOf, type Plan } from './plans.ts';

export type HalfPair = { readonly usd: number; readonly said: string };

export function halfPairs(
  plans: readonly Plan[],
): Record<'naked' | 'handedOn', readonly HalfPair[]> {
  const found = plans.flatMap((plan) =>
    halvesIn(plan).map((half) => ({ ...half, isTaken: isTaken(plans, plan, half.instruments) })),
  );
  return {
    naked: found.filter((half) => !half.isTaken),
    handedOn: found.filter((half) => half.isTaken),
  };
}

function isTaken(
  plans: readonly Plan[],
  { record, endedAtMs }: Plan,
  instruments: readonly InstrumentId[],
): boolean {
  const from = record.decision.decidedAtMs;
  const until = endedAtMs ?? Number.POSITIVE_INFINITY;
  return plans
    .filter((newer) => newer.record.rebalanceId !== record.rebalanceId)
    .filter(({ record: { decision } }) => decision.decidedAtMs >= from)
    .filter(({ record: { decision } }) => decision.decidedAtMs <= until)
    .flatMap((newer) => newer.rows)
    .some((row) => instruments.includes(row.instrument) && compare(row.filledBase, 0) > 0);
}

function halvesIn({ record, orders, rows }: Plan) {
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
