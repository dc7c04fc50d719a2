/**
 * Half-done pairs: what is unhedged, and the one order that mends it.
 *
 * The lagging half is completed as long as there is time and its price is within what the plan allows; after that the
 * leading half is unwound. Both leave the pair hedged; only the first leaves it as large as it was meant to be.
 */
import {
  absolute,
  add,
  compare,
  type DecimalText,
  minimum,
  multiply,
  subtract,
  toStep,
  zero,
} from '../domain/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Observed } from '../domain/observed.ts';
import type { OrderAction, OrderRecord, PlannedOrder } from '../domain/order.ts';
import type { ExecutionPolicy, LimitsPolicy } from '../domain/policy.ts';
import type { Quote } from '../domain/snapshot.ts';
import { limitPrice } from './limitPrice.ts';
import { leastQuantity } from './planOrders.ts';
import { limitsFor } from './priceRoom.ts';

export type Imbalance = {
  /** The half that has filled more, and the other one. */
  readonly leading: PlannedOrder;
  readonly lagging: PlannedOrder;
  /** Filled by one half and not by the other. */
  readonly quantityBase: DecimalText;
  readonly unhedgedUsd: number;
};

/**
 * @param halves the two planned orders of one pair.
 * @param records all their attempts, repairs included, which count for the half whose instrument they trade.
 * @returns null: both halves have filled alike.
 */
export function pairImbalance(
  halves: readonly [PlannedOrder, PlannedOrder],
  records: readonly OrderRecord[],
): Imbalance | null {
  const [first, second] = halves;
  const ahead = subtract(filledTowards(first, records), filledTowards(second, records));
  if (compare(ahead, 0) === 0) return null;
  const [leading, lagging] = compare(ahead, 0) > 0 ? [first, second] : [second, first];
  const quantityBase = absolute(ahead);
  const usdPerBase = leading.notionalUsd / Number(leading.quantityBase);
  const unhedgedUsd = Number(multiply(quantityBase, usdPerBase));
  return { leading, lagging, quantityBase, unhedgedUsd };
}

/** Filled in the direction of the half; an unwinding repair counts against it. */
function filledTowards(half: PlannedOrder, records: readonly OrderRecord[]): DecimalText {
  return records
    .filter((record) => record.instrument === half.instrument)
    .reduce(
      (sum, { action, filledBase }) =>
        action === half.action ? add(sum, filledBase) : subtract(sum, filledBase),
      zero,
    );
}

export type RepairSituation = {
  readonly nowMs: number;
  /** Until then the lagging half may be completed. */
  readonly completeUntilMs: number;
  readonly laggingQuote: Observed<Quote>;
  readonly leadingQuote: Observed<Quote>;
  readonly laggingInstrument: Instrument;
  readonly leadingInstrument: Instrument;
  /** What the leading half can give back of what is unhedged: `deliveredBase`. */
  readonly deliveredBase: DecimalText;
  readonly execution: Pick<ExecutionPolicy, 'slippageBpsMax'>;
  readonly limits: Pick<LimitsPolicy, 'priceCollarBps'>;
  /** Names the repair among the orders of its instrument: above every slice of the plan. */
  readonly slice: number;
};

export type Repair =
  | { readonly kind: 'complete'; readonly order: PlannedOrder }
  | { readonly kind: 'unwind'; readonly order: PlannedOrder }
  /** Less than either venue takes, in quantity or in value: the next decision takes it into its targets. */
  | { readonly kind: 'tooSmall'; readonly quantityBase: DecimalText };

/** The order that hedges what is unhedged: too little to complete by is unwound, where the leading half's venue takes it. */
export function repairOrder(imbalance: Imbalance, situation: RepairSituation): Repair {
  const isInTime = situation.nowMs < situation.completeUntilMs;
  const mayComplete = isInTime && isWithinPlan(imbalance.lagging, situation.laggingQuote);
  const completing = mayComplete ? completingOrder(imbalance, situation) : null;
  if (completing !== null) return { kind: 'complete', order: completing };
  const unwinding = unwindingOrder(imbalance, situation);
  if (unwinding !== null) return { kind: 'unwind', order: unwinding };
  return { kind: 'tooSmall', quantityBase: imbalance.quantityBase };
}

function completingOrder(
  { lagging, quantityBase }: Imbalance,
  situation: RepairSituation,
): PlannedOrder | null {
  const order = orderOf(lagging, quantityBase, situation, {
    instrument: situation.laggingInstrument,
    quote: situation.laggingQuote,
    action: lagging.action,
    reduceOnly: lagging.reduceOnly,
  });
  if (order === null) return null;
  // Unwound but for what fees had taken, nothing is held against it: completed, it would be naked the other way.
  const isNearer = compare(order.quantityBase, multiply(situation.deliveredBase, 2)) < 0;
  return isNearer ? order : null;
}

const unwindingOrder = (
  { leading, quantityBase }: Imbalance,
  situation: RepairSituation,
): PlannedOrder | null =>
  orderOf(leading, minimum(quantityBase, situation.deliveredBase), situation, {
    instrument: situation.leadingInstrument,
    quote: situation.leadingQuote,
    action: opposite(leading.action),
    // What was opened a moment ago is closed; what was closed is opened again, which reduce-only would refuse.
    reduceOnly: situation.leadingInstrument.kind === 'perpetual' && !leading.reduceOnly,
  });

type Side = {
  readonly instrument: Instrument;
  readonly quote: Observed<Quote>;
  readonly action: OrderAction;
  readonly reduceOnly: boolean;
};

/** @returns null: less than the venue takes. */
function orderOf(
  half: PlannedOrder,
  wantedBase: DecimalText,
  { execution, limits, slice }: RepairSituation,
  { instrument, quote, action, reduceOnly }: Side,
): PlannedOrder | null {
  const quantityBase = toStep(wantedBase, instrument.quantityStepBase, 'down');
  const mark = quote.kind === 'observed' ? quote.value.mark : half.decisionPrice;
  const worst = limitPrice(
    instrument,
    action,
    mark,
    limitsFor('repair', { ...execution, ...limits }),
  );
  // Some venues value an order at its mark, others at its limit.
  const markUsd = Math.min(mark, Number(worst));
  const leastBase =
    reduceOnly && instrument.reducesBelowMinimum === true
      ? instrument.quantityMinBase
      : leastQuantity({ instrument, markUsd, quoteUsd: 1 });
  if (compare(quantityBase, leastBase) < 0 || compare(quantityBase, 0) <= 0) return null;
  return {
    ...half,
    action,
    style: 'ioc',
    quantityBase,
    limitPrice: worst,
    decisionPrice: mark,
    notionalUsd: (half.notionalUsd / Number(half.quantityBase)) * Number(quantityBase),
    reduceOnly,
    risk: 'reduces',
    slice,
  };
}

/** Whether the half could fill now at a price that the plan allows; an unknown quote is no reason to give it up. */
function isWithinPlan(half: PlannedOrder, quote: Observed<Quote>): boolean {
  if (quote.kind === 'unknown' || half.limitPrice === null) return true;
  const limit = Number(half.limitPrice);
  return half.action === 'buy' ? quote.value.ask <= limit : quote.value.bid >= limit;
}

function opposite(action: OrderAction): OrderAction {
  return { buy: 'sell', sell: 'buy', subscribe: 'redeem', redeem: 'subscribe' }[
    action
  ] as OrderAction;
}
