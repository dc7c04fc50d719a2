/** What a book holds near the middle, and what taking a quantity from it costs. Levels: best first, price and quantity. */
export type Level = readonly [price: number, quantityBase: number];
export type Book = { readonly bids: readonly Level[]; readonly asks: readonly Level[] };

/** Middle of the best bid and ask; null where a side is empty. */
export function midPrice(book: Book): number | null {
  const bid = book.bids[0];
  const ask = book.asks[0];
  return bid === undefined || ask === undefined ? null : (bid[0] + ask[0]) / 2;
}

/** Value resting within `bps` of the middle on each side; null without a middle. */
export function depthUsd(
  book: Book,
  bps: number,
): { readonly bidUsd: number; readonly askUsd: number } | null {
  const mid = midPrice(book);
  if (mid === null) return null;
  const reach = bps / 10_000;
  const value = (levels: readonly Level[], isNear: (price: number) => boolean) =>
    levels.reduce((sum, [price, quantity]) => (isNear(price) ? sum + price * quantity : sum), 0);
  return {
    bidUsd: value(book.bids, (price) => price >= mid * (1 - reach)),
    askUsd: value(book.asks, (price) => price <= mid * (1 + reach)),
  };
}

export type Taking =
  | { readonly kind: 'filled'; readonly averagePrice: number; readonly slippageBps: number }
  /** The side holds less than the quantity, or one side is empty. */
  | { readonly kind: 'tooThin'; readonly availableBase: number };

/** Average price and slippage against the middle of taking a quantity at once; above 0 is a cost on either side. */
export function takeFromBook(book: Book, side: 'buy' | 'sell', quantityBase: number): Taking {
  const levels = side === 'buy' ? book.asks : book.bids;
  const mid = midPrice(book);
  let left = quantityBase;
  let paid = 0;
  for (const [price, quantity] of levels) {
    const taken = Math.min(left, quantity);
    paid += taken * price;
    left -= taken;
    if (left <= 0) break;
  }
  if (mid === null || left > 0) return { kind: 'tooThin', availableBase: quantityBase - left };
  const averagePrice = paid / quantityBase;
  const sign = side === 'buy' ? 1 : -1;
  return { kind: 'filled', averagePrice, slippageBps: sign * (averagePrice / mid - 1) * 10_000 };
}
