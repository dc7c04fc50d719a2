/**
 * What an order does to its account's stressed loss: whether it reduces or increases risk.
 *
 *   loss = sum over coins of |net notional|·move + basis·(sum of |perpetual notional|)
 * Holdings of one coin net, so half of a hedged pair cannot leave as a reduction; different coins do not, because in a
 * crash their correlations are not to be relied on. The move is the policy's floor or the worst day × its multiple.
 */

import { toNumber } from '../domain/decimal.ts';
import type { InstrumentId, VenueId } from '../domain/ids.ts';
import type { PlannedOrder } from '../domain/order.ts';
import { FALL_MAX_SHARE } from '../margin/scenarios.ts';
import type { Quantities } from '../parity/sizing/accounts.ts';
import { pegCoins, worstMoves } from '../parity/sizing/accounts.ts';
import type { Book, BookInstrument } from '../parity/sizing/book.ts';

/** Signed change of the position that a fill of the whole order makes. */
export function signedQuantity(order: Pick<PlannedOrder, 'action' | 'quantityBase'>): number {
  const quantity = toNumber(order.quantityBase);
  return order.action === 'buy' || order.action === 'subscribe' ? quantity : -quantity;
}

/** The quantities after these orders have filled; a coin that is lent leaves the wallet. */
export function afterOrders(
  book: Book,
  quantities: Quantities,
  orders: readonly PlannedOrder[],
): Quantities {
  const after = new Map(quantities);
  const move = (instrument: InstrumentId, by: number) =>
    after.set(instrument, (after.get(instrument) ?? 0) + by);
  for (const order of orders) {
    const by = signedQuantity(order);
    move(order.instrument, by);
    if (order.style !== 'earn') continue;
    const wallet = walletOf(book, order.instrument);
    if (wallet !== null) move(wallet, -by);
  }
  return after;
}

/** The spot market that stands for the wallet's coins of an earn product; null: the coin is cash. */
function walletOf(book: Book, product: InstrumentId): InstrumentId | null {
  const earn = book.instrumentById.get(product)?.instrument;
  const spot = book.instruments.find(
    ({ instrument }) =>
      instrument.kind === 'spot' &&
      instrument.venue === earn?.venue &&
      instrument.baseCoin === earn.baseCoin,
  );
  return spot?.instrument.id ?? null;
}

/** The adverse move of every coin in the book, as a share. */
export type CoinStress = ReadonlyMap<string, number>;

export function coinStress(book: Book): CoinStress {
  const { sizing } = book.policy;
  const pegs = pegCoins(book);
  const worst = worstMoves(book);
  return new Map(
    book.instruments.map(({ instrument: { baseCoin } }) => {
      const day = Math.min(FALL_MAX_SHARE, (worst[baseCoin] ?? 0) * sizing.worstDayMultiple);
      const floor = pegs.has(baseCoin) ? sizing.stressStableShare : sizing.stressPerpetualShare;
      return [baseCoin, Math.max(floor, day)];
    }),
  );
}

/** Stressed loss of one venue's account, USD, never below 0. */
export function stressedLossUsd(
  book: Book,
  stress: CoinStress,
  venue: VenueId,
  quantities: Quantities,
): number {
  const netUsd = new Map<string, number>();
  let perpetualUsd = 0;
  for (const each of book.instruments) {
    const usd = valueUsd(each, quantities);
    if (each.instrument.venue !== venue || usd === 0) continue;
    const { baseCoin } = each.instrument;
    netUsd.set(baseCoin, (netUsd.get(baseCoin) ?? 0) + usd);
    if (each.instrument.kind === 'perpetual') perpetualUsd += Math.abs(usd);
  }
  let loss = book.policy.sizing.stressBasisShare * perpetualUsd;
  for (const [coin, usd] of netUsd) loss += Math.abs(usd) * (stress.get(coin) ?? 1);
  return loss;
}

function valueUsd(each: BookInstrument, quantities: Quantities): number {
  return (quantities.get(each.instrument.id) ?? 0) * (each.markUsd ?? 0);
}

/** Below this share a difference of two sums is rounding. */
const ROUNDING_SHARE = 1e-9;

/** Orders that leave together are judged together. Lending a coin takes it out of the account: an increase. */
export function riskOf(
  book: Book,
  stress: CoinStress,
  before: Quantities,
  orders: readonly PlannedOrder[],
): PlannedOrder['risk'] {
  const first = orders[0];
  if (first === undefined) return 'reduces';
  if (orders.some((order) => order.action === 'subscribe')) return 'increases';
  if (orders.every((order) => order.action === 'redeem')) return 'reduces';
  const lossBefore = stressedLossUsd(book, stress, first.venue, before);
  const lossAfter = stressedLossUsd(book, stress, first.venue, afterOrders(book, before, orders));
  return lossAfter <= lossBefore * (1 + ROUNDING_SHARE) ? 'reduces' : 'increases';
}
