/** Gates on one order by itself: its price, value, share of the depth, how often it was tried, whether there is what it needs. */
import { compare, multiply, sign, toNumber } from '../domain/decimal.ts';
import type { PlannedOrder } from '../domain/order.ts';
import { type Finding, type Gate, type GateFacts, widening } from './gate.ts';

const BPS = 1e-4;

export const orderGates: readonly Gate[] = [
  {
    code: 'PRICE_COLLAR',
    holdsForReductions: true,
    holdsForRepairs: true,
    explanation:
      'Three times as wide for them; without a fresh quote it is counted from the decision’s mark.',
    judge: judgeCollar,
  },
  {
    code: 'ORDER_VALUE',
    holdsForReductions: true,
    holdsForRepairs: true,
    explanation: 'Three times as much for them.',
    judge: judgeValue,
  },
  {
    code: 'ORDER_VOLUME',
    holdsForReductions: false,
    holdsForRepairs: false,
    explanation: 'A thin book does not keep risk in; the collar guards the price.',
    judge: judgeVolume,
  },
  {
    code: 'MESSAGE_RATE',
    holdsForReductions: true,
    holdsForRepairs: true,
    explanation: 'Three times as many for them, so that increases cannot use up their share.',
    judge: (order, facts) =>
      atMost(
        'orders in one minute',
        facts.ordersLastMinute + 1,
        facts.limits.ordersPerMinuteMax * widening(order, facts),
      ),
  },
  {
    code: 'REPEATED_EXECUTION',
    holdsForReductions: true,
    holdsForRepairs: true,
    explanation:
      'Three times as often for them; once it has struck, only a person’s `resume` opens it again.',
    judge: (order, facts) =>
      atMost(
        'orders without a fill',
        facts.repeats + 1,
        facts.limits.repeatsMax * widening(order, facts),
      ),
  },
  {
    code: 'INSUFFICIENT_CASH',
    holdsForReductions: true,
    holdsForRepairs: true,
    explanation: 'The venue would refuse it.',
    judge: judgeCash,
  },
  {
    code: 'NOTHING_TO_REDUCE',
    holdsForReductions: true,
    holdsForRepairs: true,
    explanation:
      'Reduce-only without a position on the other side is refused by venues, or opens one.',
    judge: judgeReduction,
  },
];

/** Rounding of a sum of doubles is not a breach. */
const SLACK = 1 + 1e-9;

export function atMost(what: string, found: number, limit: number): Finding | null {
  if (found <= limit * SLACK) return null;
  return {
    limit,
    found: Number.isFinite(found) ? found : null,
    message: `${what} must be at most ${limit}, was ${found}`,
  };
}

function judgeCollar(order: PlannedOrder, facts: GateFacts): Finding | null {
  if (order.style === 'earn') return null;
  if (order.limitPrice === null) {
    return { limit: null, found: null, message: 'the order must have a limit price, was none' };
  }
  const mark = facts.quote.kind === 'observed' ? facts.quote.value.mark : order.decisionPrice;
  if (!(mark > 0))
    return { limit: null, found: mark, message: `the mark must be above 0, was ${mark}` };
  // On its worse side only: a limit that is better than the mark costs nothing.
  const away = (toNumber(order.limitPrice) / mark - 1) * (order.action === 'buy' ? 1 : -1);
  return atMost(
    'basis points from the mark to the limit price',
    Math.round((away / BPS) * 1e6) / 1e6,
    facts.limits.priceCollarBps * widening(order, facts),
  );
}

function judgeValue(order: PlannedOrder, facts: GateFacts): Finding | null {
  const quantity = toNumber(order.quantityBase);
  if (!(quantity > 0)) {
    const found = Number.isFinite(quantity) ? quantity : null;
    return { limit: 0, found, message: `the quantity must be above 0, was ${order.quantityBase}` };
  }
  const limit = facts.limits.orderUsdMax * widening(order, facts);
  return atMost('the order’s value in USD', order.notionalUsd, limit);
}

function judgeVolume(order: PlannedOrder, facts: GateFacts): Finding | null {
  if (order.style === 'earn') return null;
  if (facts.quote.kind === 'unknown') {
    return { limit: null, found: null, message: 'the depth must be known, was unknown' };
  }
  const { depthQuote } = facts.quote.value;
  const valueQuote = toNumber(order.quantityBase) * order.decisionPrice;
  const limit = facts.limits.orderQuantityShareOfDepthMax * depthQuote;
  return atMost(`value in ${facts.instrument.quoteCoin} against the depth`, valueQuote, limit);
}

function judgeCash(order: PlannedOrder, facts: GateFacts): Finding | null {
  const need = cashNeed(order, facts);
  if (need === null || facts.freeByCoin === null) return null;
  const free = facts.freeByCoin[need.coin] ?? '0';
  if (compare(free, need.amount) >= 0) return null;
  return {
    limit: Number(free),
    found: Number(need.amount),
    message: `free ${need.coin} must cover ${need.amount}, was ${free}`,
  };
}

/** The coin that leaves the wallet; null where none does: perpetuals tie up margin, redemptions bring coins. */
export function cashNeed(
  order: Pick<PlannedOrder, 'action' | 'quantityBase' | 'limitPrice' | 'decisionPrice'>,
  { instrument }: Pick<GateFacts, 'instrument'>,
): { readonly coin: string; readonly amount: string } | null {
  if (instrument.kind === 'perpetual' || order.action === 'redeem') return null;
  if (order.action !== 'buy') return { coin: instrument.baseCoin, amount: order.quantityBase };
  const cost = multiply(order.quantityBase, order.limitPrice ?? order.decisionPrice);
  return { coin: instrument.quoteCoin, amount: cost };
}

function judgeReduction(order: PlannedOrder, { positionBase }: GateFacts): Finding | null {
  if (!order.reduceOnly || positionBase.kind === 'unknown') return null;
  const wanted = order.action === 'sell' ? 1 : -1;
  if (sign(positionBase.value) === wanted) return null;
  return {
    limit: null,
    found: toNumber(positionBase.value),
    message: `a position must be there to reduce, was ${positionBase.value}`,
  };
}
