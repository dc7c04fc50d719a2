/**
 * The limit price of the next attempt, from the quote of this moment.
 *
 * Post-only rests at the best price of its own side; a marketable limit takes what is there within slippage and collar from
 * the mark, both as wide as the order's purpose makes them. Only what is to get out goes beyond the worst price decided.
 */
import { compare, type DecimalText, minimum } from '../domain/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Observed } from '../domain/observed.ts';
import type { OrderRecord, PlannedOrder } from '../domain/order.ts';
import type { ExecutionPolicy, LimitsPolicy } from '../domain/policy.ts';
import type { Quote } from '../domain/snapshot.ts';
import { limitPrice, onTick } from './limitPrice.ts';
import { limitsFor, type Purpose, priceRoom } from './priceRoom.ts';

export type Repricing = {
  readonly quote: Observed<Quote>;
  readonly timeInForce: OrderRecord['timeInForce'];
  readonly priceTick: Instrument['priceTick'];
  readonly execution: Pick<ExecutionPolicy, 'slippageBpsMax'>;
  readonly limits: Pick<LimitsPolicy, 'priceCollarBps'>;
  readonly purpose: Purpose;
};

/** @returns null for earn products; without a quote the plan's own limit, which the checks then judge. */
export function repricedLimit(order: PlannedOrder, now: Repricing): DecimalText | null {
  const { quote, timeInForce, priceTick, execution, limits, purpose } = now;
  if (order.style === 'earn' || order.limitPrice === null) return null;
  if (quote.kind === 'unknown' || !(quote.value.mark > 0)) return order.limitPrice;
  const { bid, ask, mark } = quote.value;
  const isBuying = order.action === 'buy';
  const own = isBuying ? bid : ask;
  const wanted =
    timeInForce === 'postOnly' && own > 0
      ? onTick({ priceTick }, own, isBuying ? 'down' : 'up')
      : limitPrice(
          { priceTick },
          order.action,
          mark,
          limitsFor(purpose, { ...execution, ...limits }),
        );
  if (priceRoom[purpose].followsMarket) return wanted;
  return isBuying ? minimum(wanted, order.limitPrice) : maximum(wanted, order.limitPrice);
}

const maximum = (a: DecimalText, b: DecimalText): DecimalText => (compare(a, b) >= 0 ? a : b);
