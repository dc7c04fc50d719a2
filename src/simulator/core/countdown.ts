/**
 * The dead man's switch of a contract: unless the client puts it off in time, its open orders are cancelled, and it is over.
 */
import { cancel } from './orders.ts';
import type { Venue } from './venue.ts';

/** Starts it anew for a contract; 0 ends it. */
export function setCountdown(venue: Venue, symbol: string, ms: number): void {
  if (ms > 0) venue.live.countdowns[symbol] = venue.live.nowMs + ms;
  else delete venue.live.countdowns[symbol];
}

/** The next to strike; null where none runs. */
export function nextCountdownMs(venue: Venue): number | null {
  const stamps = Object.values(venue.live.countdowns);
  return stamps.length === 0 ? null : Math.min(...stamps);
}

export function strikeCountdowns(venue: Venue): void {
  for (const [symbol, atMs] of Object.entries(venue.live.countdowns)) {
    if (atMs > venue.live.nowMs) continue;
    delete venue.live.countdowns[symbol];
    for (const order of Object.values(venue.live.openOrders))
      if (order.category === 'linear' && order.symbol === symbol) cancel(venue, order, 'countdown');
  }
}
