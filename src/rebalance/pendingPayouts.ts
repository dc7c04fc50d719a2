/**
 * Coins on their way from a product to the wallet: they may have come before the product says so, and are booked when it does.
 * More of such a coin is not adjusted meanwhile, whatever the amount: yield is paid out with them, and the redemption would be
 * booked on top.
 */
import { compare } from '../domain/decimal.ts';
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
  const unended = await ports.orders.unended(policy.portfolio);
  const redeeming = unended.filter((one) => one.venue === reader.id && isRedeeming(one));
  const products = new Set(redeeming.map((one) => one.instrument));
  const coins = new Set(
    instruments.filter((one) => products.has(one.id)).map((one) => one.baseCoin),
  );
  return ({ kind, subject, ledger, venueSays }) =>
    kind === 'wallet' && coins.has(subject) && compare(venueSays, ledger) > 0;
}
