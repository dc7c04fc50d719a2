/**
 * Passive orders that the market has left behind: their side of the book has a better price by a tick or more.
 *
 * Looked at so often as the policy says, from a quote of the moment; what cannot be read is not behind.
 */
import { compare, type DecimalText, subtract } from '../domain/decimal.ts';
import type { OrderRecord } from '../domain/order.ts';
import { onTick } from '../execution/limitPrice.ts';
import { attempt } from './attempt.ts';
import { type ExecutionContext, instrumentOf, venueOf, type Work } from './executionContext.ts';

/** When each resting order was last looked at, by client order id. */
export type PegLooks = Map<string, number>;

export async function restingBehind(
  context: ExecutionContext,
  works: readonly Work[],
  looks: PegLooks,
): Promise<ReadonlySet<Work>> {
  const everyMs = context.record.policy.execution.repegEveryMs;
  if (everyMs === undefined) return new Set();
  const nowMs = context.ports.clock.nowMs();
  const behind = await Promise.all(
    works.map(async (work) => {
      const resting = work.records.find(isResting);
      if (resting === undefined) return [];
      const lookedMs = looks.get(resting.clientOrderId) ?? resting.ackedAtMs ?? nowMs;
      if (nowMs - lookedMs < everyMs) return [];
      looks.set(resting.clientOrderId, nowMs);
      return (await isBehind(context, resting)) ? [work] : [];
    }),
  );
  return new Set(behind.flat());
}

const isResting = ({ state, timeInForce }: OrderRecord): boolean =>
  state === 'working' && timeInForce === 'postOnly';

/** Its own price is the best of its side as long as nobody is before it. */
async function isBehind(context: ExecutionContext, record: OrderRecord): Promise<boolean> {
  const { limitPrice } = record;
  if (limitPrice === null) return false;
  const instrument = instrumentOf(context, record.instrument);
  const { reader } = venueOf(context, record);
  const quote = await attempt(context.ports, () => reader.quote(instrument));
  if (quote.kind === 'unknown') return false;
  const isBuying = record.action === 'buy';
  const best = isBuying ? quote.value.bid : quote.value.ask;
  if (!(best > 0)) return false;
  const price = onTick(instrument, best, isBuying ? 'down' : 'up');
  const ahead: DecimalText = isBuying ? subtract(price, limitPrice) : subtract(limitPrice, price);
  return compare(ahead, instrument.priceTick) >= 0;
}
