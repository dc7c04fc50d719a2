/** Orders that close everything: perpetuals first, then coins are sold, and last, as it may take hours, what is lent is redeemed. */
import { absolute, compare, type DecimalText, isZero, sign, toStep } from '../domain/decimal.ts';
import type { PlannedOrder } from '../domain/order.ts';
import type { Policy } from '../domain/policy.ts';
import type { InstrumentObservation, Snapshot } from '../domain/snapshot.ts';
import { limitPrice } from './limitPrice.ts';

/** Being out matters more than the spread: the collar alone bounds the price. */
const slippageMultiple = 4;
const stages = { perpetual: 0, spot: 1, earn: 2 } as const;

/** @returns one order per position that is at least a lot; unknown positions are left out, and named by `unknown`. */
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
    return [orderOf(observation, policy, { quantityBase, mark, isLong: sign(held) > 0 })];
  });
  return { orders: [...orders].sort((a, b) => a.stage - b.stage), unknown };
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
  { quantityBase, mark, isLong }: { quantityBase: DecimalText; mark: number; isLong: boolean },
): PlannedOrder {
  const isEarn = instrument.kind === 'earn';
  const action = isEarn ? 'redeem' : isLong ? 'sell' : 'buy';
  const slippageBpsMax = policy.execution.slippageBpsMax * slippageMultiple;
  const { priceCollarBps } = policy.limits;
  return {
    instrument: instrument.id,
    venue: instrument.venue,
    symbol: instrument.symbol,
    action,
    style: isEarn ? 'earn' : 'ioc',
    quantityBase,
    limitPrice: isEarn
      ? null
      : limitPrice(instrument, action, mark, { slippageBpsMax, priceCollarBps }),
    decisionPrice: mark,
    notionalUsd: Number(quantityBase) * mark,
    reduceOnly: instrument.kind === 'perpetual',
    risk: 'reduces',
    stage: stages[instrument.kind],
    pair: null,
    slice: 0,
  };
}
