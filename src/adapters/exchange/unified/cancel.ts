/** Cancelling through ccxt's unified methods: one order by either id, or all that rest. */
import type { Instrument } from '../../../domain/instrument.ts';
import type { OrderRecord } from '../../../domain/order.ts';
import { MalformedAnswer, row, text } from '../answer.ts';
import { kindsOf } from '../faults.ts';
import type { Session } from '../session.ts';
import { readOpenOrders } from './orders.ts';

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

/** A list this long may be the venue's first page. */
const LIST_FULL = 50;
const ROUNDS_MAX = 20;

/** Cancels order by order, again where the list may have been cut; every one is tried before the first failure is thrown. */
export async function cancelAllOrders(
  session: Session,
  instruments: readonly Instrument[],
): Promise<number> {
  let cancelled = 0;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const count = await cancelListed(session, instruments);
    cancelled += count;
    if (count < LIST_FULL) return cancelled;
  }
  throw new MalformedAnswer(`orders still rest after ${ROUNDS_MAX} rounds of cancelling all`);
}

async function cancelListed(session: Session, instruments: readonly Instrument[]): Promise<number> {
  const open = await readOpenOrders(session, instruments, 'protect');
  const symbolById = new Map(instruments.map((instrument) => [instrument.id, instrument.symbol]));
  const results = await Promise.allSettled(
    open.map(({ venueOrderId, instrument }) =>
      session.protect('cancelling an order', async () => {
        try {
          await session.client.cancelOrder(venueOrderId, symbolById.get(instrument) ?? '', {});
        } catch (error) {
          if (!kindsOf(error).includes('OrderNotFound')) throw error;
        }
      }),
    ),
  );
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return results.length;
}
