/**
 * The coins of pairs and savings: what resting orders lock, what is free, and whether it stands behind contracts.
 */
import type { Order } from './entries.ts';
import { findInstrument, usdIndexNow } from './quotes.ts';
import type { Venue } from './venue.ts';
import { walletOf } from './wallet.ts';

/** What of a coin may leave the wallet of pairs and savings: all that resting orders do not lock. */
export function spotFree(venue: Venue, coin: string): number {
  const orders = Object.values(venue.live.openOrders);
  return Number(walletOf(venue, 'spot')[coin] ?? 0) - lockedOf(venue, orders, coin);
}

/** Share of a coin in the wallet of pairs that stands behind contracts. */
export function spotCollateralRatio({ settings }: Venue, coin: string): number {
  return settings.wallets === 'unified' ? (settings.collateralRatios[coin] ?? 0) : 0;
}

/** Worth of a wallet apart, which is no margin; 0 where there is one wallet. */
export function apartUsd(venue: Venue): number {
  return Object.entries(venue.live.spotWallets).reduce(
    (total, [coin, amount]) => total + Number(amount) * usdIndexNow(venue, coin),
    0,
  );
}

/** Of a coin, by resting orders of pairs. */
export function lockedOf(venue: Venue, orders: readonly Order[], coin: string): number {
  let locked = 0;
  for (const order of orders) {
    if (order.category !== 'spot') continue;
    const instrument = findInstrument(venue, 'spot', order.symbol);
    const left = Number(order.quantity) - Number(order.filledQuantity);
    if (order.side === 'Sell' && instrument?.baseCoin === coin) locked += left;
    if (order.side === 'Buy' && instrument?.quoteCoin === coin)
      locked += left * Number(order.price);
  }
  return locked;
}
