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
  readonly execution: Pick<ExecutionPolicy, 'slippageBpsMax'>;
  readonly limits: Pick<LimitsPolicy, 'priceCollarBps'>;
  /** Names the repair among the orders of its instrument: above every slice of the plan. */
  readonly slice: number;
};

export type Repair =
  | { readonly kind: 'complete'; readonly order: PlannedOrder }
  | { readonly kind: 'unwind'; readonly order: PlannedOrder }
  /** Less than the instrument's least quantity: the next decision takes it into its targets. */
  | { readonly kind: 'tooSmall'; readonly quantityBase: DecimalText };

/** The order that hedges what is unhedged. */
export function repairOrder(imbalance: Imbalance, situation: RepairSituation): Repair {
  const { leading, lagging, quantityBase } = imbalance;
  const { laggingInstrument, leadingInstrument, laggingQuote, leadingQuote } = situation;
  const inTime = situation.nowMs < situation.completeUntilMs;
  const completes = inTime && isWithinPlan(lagging, laggingQuote);
  const half = completes ? lagging : leading;
  const instrument = completes ? laggingInstrument : leadingInstrument;
  const rounded = toStep(quantityBase, instrument.quantityStepBase, 'down');
  if (compare(rounded, instrument.quantityMinBase) < 0 || compare(rounded, 0) === 0) {
    return { kind: 'tooSmall', quantityBase };
  }
  const quote = completes ? laggingQuote : leadingQuote;
  const action = completes ? half.action : opposite(half.action);
  const mark = quote.kind === 'observed' ? quote.value.mark : half.decisionPrice;
  const order: PlannedOrder = {
    ...half,
    action,
    style: 'ioc',
    quantityBase: rounded,
    limitPrice: limitPrice(
      instrument,
      action,
      mark,
      limitsFor('repair', { ...situation.execution, ...situation.limits }),
    ),
    decisionPrice: mark,
    notionalUsd: (half.notionalUsd / Number(half.quantityBase)) * Number(rounded),
    // What was opened a moment ago is closed; what was closed is opened again, which reduce-only would refuse.
    reduceOnly: instrument.kind === 'perpetual' && (completes ? half.reduceOnly : !half.reduceOnly),
    risk: 'reduces',
    slice: situation.slice,
  };
  return { kind: completes ? 'complete' : 'unwind', order };
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
