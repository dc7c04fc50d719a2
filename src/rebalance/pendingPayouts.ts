/**
 * Coins on their way from a product to the wallet: they may have come before the product says so, and are booked when it does.
 * A wallet that has up to that much more is not adjusted meanwhile: the redemption would be booked on top.
 */
import { add, compare, type DecimalText, subtract, zero } from '../domain/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import { isRedeeming } from '../domain/order.ts';
import type { Policy } from '../domain/policy.ts';
import type { PositionOrWallet } from '../ledger/reconcile.ts';
import type { Venue } from './ports/venue.ts';
import type { Ports } from './ports.ts';

/** @returns whether a difference at this venue may be a payout of which the product has not told yet. */
export async function mayBePaidOut(
  ports: Ports,
  policy: Policy,
  { reader }: Venue,
  instruments: readonly Instrument[],
): Promise<(one: PositionOrWallet) => boolean> {
  const awaited = new Map<string, DecimalText>();
  for (const order of await ports.orders.unended(policy.portfolio)) {
    if (order.venue !== reader.id || !isRedeeming(order)) continue;
    const coin = instruments.find((each) => each.id === order.instrument)?.baseCoin;
    if (coin === undefined) continue;
    const left = subtract(order.quantityBase, order.filledBase);
    awaited.set(coin, add(awaited.get(coin) ?? zero, left));
  }
  return ({ kind, subject, ledger, venueSays }) => {
    const more = subtract(venueSays, ledger);
    const most = awaited.get(subject);
    return (
      kind === 'wallet' && most !== undefined && compare(more, 0) > 0 && compare(more, most) <= 0
    );
  };
}
