/** What is still on the account of what half a pair has filled: a person may have closed it while nobody looked. */
import { compare, type DecimalText, minimum, negate, zero } from '../domain/decimal.ts';
import type { PlannedOrder } from '../domain/order.ts';
import { attempt } from './attempt.ts';
import { type ExecutionContext, instrumentOf, venueOf } from './executionContext.ts';

/**
 * @param filledBase what the half could give back if nobody had touched it.
 * @returns as much of it as is there; null: the account cannot be read, or cannot tell, as what a spot sale gave away is not seen.
 */
export async function stillHeldBase(
  context: ExecutionContext,
  half: PlannedOrder,
  filledBase: DecimalText,
): Promise<DecimalText | null> {
  const { ports } = context;
  const { reader } = venueOf(context, half);
  const { kind, baseCoin } = instrumentOf(context, half.instrument);
  const upTo = (held: DecimalText): DecimalText =>
    compare(held, 0) > 0 ? minimum(held, filledBase) : zero;
  if (kind === 'perpetual') {
    const positions = await attempt(ports, () => reader.positions());
    if (positions.kind === 'unknown') return null;
    const held = positions.value[half.symbol] ?? zero;
    return upTo(half.action === 'buy' ? held : negate(held));
  }
  if (half.action !== 'buy') return null;
  const account = await attempt(ports, () => reader.account());
  if (account.kind === 'unknown') return null;
  return upTo(account.value.coins.find((one) => one.coin === baseCoin)?.wallet ?? zero);
}
