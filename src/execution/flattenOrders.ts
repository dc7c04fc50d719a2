/**
 * Orders that close everything: perpetuals first, then coins are sold, and last, as it may take hours, what is lent is redeemed.
 *
 * Sliced to the largest order, a few slices at once: a position is closed however large it is.
 */
import { absolute, compare, type DecimalText, isZero, sign, toStep } from '../domain/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { PlannedOrder } from '../domain/order.ts';
import type { Policy } from '../domain/policy.ts';
import type { InstrumentObservation, Snapshot } from '../domain/snapshot.ts';
import { limitPrice } from './limitPrice.ts';
import { limitsFor } from './priceRoom.ts';
import { sliceQuantity } from './slices.ts';

/** Of one position; beyond, slices grow. */
const slicesMax = 200;
const slicesAtOnce = 5;
const kinds = ['perpetual', 'spot', 'earn'] as const;

/** @returns orders for every position that is at least a lot; unknown positions are left out, and named by `unknown`. */
export function flattenOrders(
  snapshot: Snapshot,
  policy: Policy,
): { readonly orders: readonly PlannedOrder[]; readonly unknown: readonly string[] } {
  const unknown: string[] = [];
  const orders = snapshot.instruments.flatMap((observation) => {
    const { instrument, quote } = observation;
    const held = heldBase(observation, snapshot);
    if (held === null || (quote.kind === 'unknown' && held !== null && !isZero(held))) {
      unknown.push(instrument.id);
      return [];
    }
    const quantityBase = toStep(absolute(held), instrument.quantityStepBase, 'down');
    if (compare(quantityBase, instrument.quantityMinBase) < 0 || isZero(quantityBase)) return [];
    const mark = quote.kind === 'observed' ? quote.value.mark : 1;
    const slices = sliceQuantity(quantityBase, slicing(observation, policy, mark), true);
    return slices.map((slice, index) => ({
      kind: instrument.kind,
      order: orderOf(observation, policy, {
        quantityBase: slice,
        slice: index,
        mark,
        isLong: sign(held) > 0,
      }),
    }));
  });
  return { orders: inOrder(orders), unknown };
}

const slicing = ({ instrument }: InstrumentObservation, policy: Policy, mark: number) => ({
  stepBase: instrument.quantityStepBase,
  leastBase: instrument.quantityMinBase,
  mostBase: instrument.quantityMaxBase,
  markUsd: mark,
  valueUsdMax: policy.limits.orderUsdMax,
  slicesMax,
});

/** Kind after kind; within one, a few slices of every position at a time. */
function inOrder(
  orders: readonly { readonly kind: Instrument['kind']; readonly order: PlannedOrder }[],
): readonly PlannedOrder[] {
  let stage = 0;
  return kinds.flatMap((kind) => {
    const first = stage;
    const ofKind = orders
      .filter((one) => one.kind === kind)
      .map(({ order }) => ({ ...order, stage: first + Math.floor(order.slice / slicesAtOnce) }));
    stage = Math.max(first, ...ofKind.map((order) => order.stage + 1));
    return ofKind.toSorted((a, b) => a.stage - b.stage);
  });
}

/** Spot coins are closed as far as legs hold them: what else lies in the wallet is not the portfolio's. */
function heldBase(
  { instrument, positionBase }: InstrumentObservation,
  snapshot: Snapshot,
): DecimalText | null {
  if (positionBase.kind === 'unknown') return null;
  if (instrument.kind !== 'spot') return positionBase.value;
  const byLegs = snapshot.holdings
    .filter((one) => one.instrument === instrument.id && one.leg !== null)
    .reduce((sum, one) => sum + Number(one.amount), 0);
  const owned = toStep(Math.max(0, byLegs), instrument.quantityStepBase, 'down');
  return compare(owned, positionBase.value) <= 0 ? owned : positionBase.value;
}

function orderOf(
  { instrument }: InstrumentObservation,
  policy: Policy,
  at: {
    readonly quantityBase: DecimalText;
    readonly slice: number;
    readonly mark: number;
    readonly isLong: boolean;
  },
): PlannedOrder {
  const { quantityBase, slice, mark, isLong } = at;
  const isEarn = instrument.kind === 'earn';
  const action = isEarn ? 'redeem' : isLong ? 'sell' : 'buy';
  const limits = limitsFor('flatten', { ...policy.execution, ...policy.limits });
  return {
    instrument: instrument.id,
    venue: instrument.venue,
    symbol: instrument.symbol,
    action,
    style: isEarn ? 'earn' : 'ioc',
    quantityBase,
    limitPrice: isEarn ? null : limitPrice(instrument, action, mark, limits),
    decisionPrice: mark,
    notionalUsd: Number(quantityBase) * mark,
    reduceOnly: instrument.kind === 'perpetual',
    risk: 'reduces',
    stage: 0,
    pair: null,
    slice,
  };
}
