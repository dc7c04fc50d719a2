/**
 * Slices of repairs: what names the n-th repair of a pair among a decision's orders, and whose repair a recorded order is.
 *
 * Pairs are counted in the order in which the decision names them: two that share an instrument share no repair, and who goes
 * on after a crash counts them alike.
 */
import type { OrderRecord, PlannedOrder } from '../domain/order.ts';
import { invariant } from '../math/invariant.ts';

/** Above every slice of a plan. */
const firstSlice = 1_000;
/** One pair has no more of them. */
export const repairsMax = 20;

type Paired = Pick<PlannedOrder, 'pair' | 'instrument'>;

/** @param orders all of the decision. @param repair from 0, below `repairsMax`. */
export const repairSlice = (orders: readonly Paired[], pair: string, repair: number): number =>
  firstSlice + pairNumber(orders, pair) * repairsMax + repair;

/** @returns which repair of the pair the recorded order is, from 0; null: it is none of that pair. */
export function repairNumber(
  orders: readonly Paired[],
  pair: string,
  { purpose, instrument, slice }: Pick<OrderRecord, 'purpose' | 'instrument' | 'slice'>,
): number | null {
  const isOfPair = orders.some((order) => order.pair === pair && order.instrument === instrument);
  const repair = slice - repairSlice(orders, pair, 0);
  return purpose === 'repair' && isOfPair && repair >= 0 && repair < repairsMax ? repair : null;
}

function pairNumber(orders: readonly Paired[], pair: string): number {
  const number = [...new Set(orders.flatMap((order) => order.pair ?? []))].indexOf(pair);
  invariant(number >= 0, `a repaired pair is one of the decision's, was ${pair}`);
  return number;
}
