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
import type { OrderRecord } from '../../src/domain/order.ts';
import { type Imbalance, pairImbalance } from '../../src/execution/pairRepair.ts';
import { repairNumber } from '../../src/execution/repairSlices.ts';
import type { DecisionRecord } from '../../src/rebalance/ports/stores.ts';
import { isOf, type Plan } from './plans.ts';

/** A fee taken in the coin was never there to be unwound, whatever is left of the purchase. */
const feeShareMax = 0.002;
/** A repair is valued at its limit, which lies so far from the decision's price at most. */
const limitShare = 0.03;

type Half = Imbalance & {
  /** All that the leading half has filled, repairs not counted. */
  readonly grossBase: DecimalText;
};

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

function isTaken(plans: readonly Plan[], { record, endedAtMs }: Plan, half: Half): boolean {
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
  return isDust(record, { ...half, quantityBase, unhedgedUsd });
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
    if (found === null) return [];
    const gross = own.filter((row) => row.instrument === found.leading.instrument);
    const grossBase = gross.reduce<DecimalText>((sum, row) => add(sum, row.filledBase), zero);
    const half: Half = { ...found, grossBase };
    if (isDust(record, half)) return [];
    const usd = Math.round(found.unhedgedUsd * 100) / 100;
    return [
      {
        found: half,
        usd,
        said: `${record.rebalanceId} ${name}: ${found.quantityBase}`,
      },
    ];
  });
}

/** Less than the leading half's venue takes: the next decision has it in its targets. */
function isDust(
  { snapshot }: DecisionRecord,
  { leading, quantityBase, unhedgedUsd, grossBase }: Half,
): boolean {
  const seen = snapshot.instruments.find((one) => one.instrument.id === leading.instrument);
  if (seen === undefined) return false;
  const { kind, quantityMinBase, notionalMinQuote } = seen.instrument;
  const isPurchase = kind === 'spot' && leading.action === 'buy';
  const feeBase = isPurchase ? multiply(grossBase, feeShareMax) : zero;
  const sellableBase = subtract(quantityBase, feeBase);
  const sellableShare = Number(sellableBase) / Number(quantityBase);
  return (
    compare(sellableBase, quantityMinBase) < 0 ||
    unhedgedUsd * sellableShare * (1 - limitShare) < notionalMinQuote
  );
}
