/** Cancelling through ccxt's unified methods: one order by either id, or all that rest. */
import type { Instrument } from '../../../domain/instrument.ts';
import type { OrderRecord } from '../../../domain/order.ts';
import { MalformedAnswer, row, rows, text } from '../answer.ts';
import { kindsOf } from '../faults.ts';
import type { Session } from '../session.ts';
import { PAGE_MIN } from './orders.ts';

/** @param byClientId parameters that name the order where only its client id is known. */
export async function cancelByCcxt(
  session: Session,
  record: OrderRecord,
  byClientId: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { venueOrderId } = record;
  const params = venueOrderId === null ? byClientId : {};
  const answer = await session.client.cancelOrder(venueOrderId ?? undefined, record.symbol, params);
  text(row(answer, 'cancelled order'), 'id', 'cancelled order');
}

const ROUNDS_MAX = 20;

/** Cancels order by order; a market or an order that fails holds back no other, and is thrown at the end. */
export async function cancelAllOrders(
  session: Session,
  instruments: readonly Instrument[],
): Promise<number> {
  const markets = await Promise.allSettled(
    instruments.map(({ symbol }) => cancelAllOf(session, symbol)),
  );
  return valuesOf(markets).reduce((sum, count) => sum + count, 0);
}

/** Again where the list may have been cut. */
async function cancelAllOf(session: Session, symbol: string): Promise<number> {
  let cancelled = 0;
  const failures: unknown[] = [];
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const what = `open orders of ${symbol}`;
    const list = () => session.client.fetchOpenOrders(symbol);
    const open = rows(await session.protect(what, list, 'account'), what);
    // Of a row only the id is read: one that cannot be understood can still be cancelled.
    const results = await Promise.allSettled(
      open.map(async (order) => cancelOne(session, text(order, 'id', what), symbol)),
    );
    const failed = results.filter((result) => result.status === 'rejected');
    failures.push(...failed.map(({ reason }) => reason as unknown));
    cancelled += open.length - failed.length;
    if (open.length < PAGE_MIN || failed.length === open.length) {
      if (failures.length > 0) throw failures[0];
      return cancelled;
    }
  }
  throw new MalformedAnswer(`orders still rest after ${ROUNDS_MAX} rounds of cancelling all`);
}

const cancelOne = (session: Session, venueOrderId: string, symbol: string): Promise<void> =>
  session.protect('cancelling an order', async () => {
    try {
      await session.client.cancelOrder(venueOrderId, symbol, {});
    } catch (error) {
      if (!kindsOf(error).includes('OrderNotFound')) throw error;
    }
  });

/** @throws the first failure. */
function valuesOf<T>(results: readonly PromiseSettledResult<T>[]): readonly T[] {
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
