/**
 * Limit prices: the worst price at which an order may fill, on the tick, rounded to the safe side.
 *
 * Slippage and collar are both counted from the mark; the nearer one holds. Safe is down for a buy and up for a sell.
 */
import { compare, type DecimalText, decimal, toStep } from '../domain/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { OrderAction } from '../domain/order.ts';
import type { ExecutionPolicy, LimitsPolicy } from '../domain/policy.ts';

const BPS = 1e-4;

export type PriceLimits = Pick<ExecutionPolicy, 'slippageBpsMax'> &
  Pick<LimitsPolicy, 'priceCollarBps'>;

/** The worst acceptable price in the quote coin. @param mark in the quote coin, above 0. */
export function limitPrice(
  instrument: Pick<Instrument, 'priceTick'>,
  action: OrderAction,
  mark: number,
  limits: PriceLimits,
): DecimalText {
  const share = Math.min(limits.slippageBpsMax, limits.priceCollarBps) * BPS;
  return action === 'buy'
    ? onTick(instrument, mark * (1 + share), 'down')
    : onTick(instrument, mark * (1 - share), 'up');
}

/** A price on the instrument's tick; never below one tick. */
export function onTick(
  instrument: Pick<Instrument, 'priceTick'>,
  price: number,
  direction: 'down' | 'up',
): DecimalText {
  // Twelve digits are beyond any tick: what binary fractions add after them must not move a price by a tick.
  const rounded = toStep(Number(price.toPrecision(12)), instrument.priceTick, direction);
  return compare(rounded, 0) > 0 ? rounded : decimal(instrument.priceTick);
}
