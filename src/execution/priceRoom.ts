/**
 * How much further than a plan's own orders another may go from the mark, by what it is for.
 *
 *   purpose   slippage   collar   follows the market
 *   plan      as set     as set   no: never beyond the worst price that was decided
 *   repair    x 3        x 3      no: it is made anew from the mark of the moment
 *   flatten   x 4        x 3      yes: the guard's and a person's; what is not out yet goes where the market went
 * Being unhedged costs more than the spread, and being liquidated more than both. The price collar of the checks is as wide.
 */
import type { OrderRecord } from '../domain/order.ts';
import type { PriceLimits } from './limitPrice.ts';

export type Purpose = OrderRecord['purpose'];

type Room = {
  readonly slippageRatio: number;
  readonly collarRatio: number;
  readonly followsMarket: boolean;
};

export const priceRoom: Readonly<Record<Purpose, Room>> = {
  plan: { slippageRatio: 1, collarRatio: 1, followsMarket: false },
  repair: { slippageRatio: 3, collarRatio: 3, followsMarket: false },
  flatten: { slippageRatio: 4, collarRatio: 3, followsMarket: true },
};

/** The policy's limits on a price, as wide as the purpose makes them. */
export function limitsFor(purpose: Purpose, limits: PriceLimits): PriceLimits {
  const { slippageRatio, collarRatio } = priceRoom[purpose];
  return {
    slippageBpsMax: limits.slippageBpsMax * slippageRatio,
    priceCollarBps: limits.priceCollarBps * collarRatio,
  };
}
