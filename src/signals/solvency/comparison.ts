/**
 * A venue against the others: its prices and its funding, all in one quote coin.
 *
 * A price is held against what each other venue says: its price or its index, whichever is nearer. With two venues, each is a
 * twentieth off the other, and only the index of the one that is off tells that the right one is right. A venue's own index has
 * no say in its own matter.
 */
import type { MarketFigure } from './figures.ts';
import { dislocationShare, median } from './readings.ts';

/** The quote coin of comparison, and the coin whose market states the rate of the other common one. */
const UNIT = 'USDT';

/**
 * Markets with prices in one unit; one whose quote coin has no known rate is left out.
 *
 * @param all of every venue: the rate of USDC is the median of its markets.
 */
export function inOneUnit(
  markets: readonly MarketFigure[],
  all: readonly (readonly MarketFigure[])[],
): readonly MarketFigure[] {
  return markets.flatMap((market) => {
    if (market.quoteCoin === UNIT) return [market];
    const rate = median(
      all
        .flat()
        .filter(({ coin, quoteCoin }) => coin === market.quoteCoin && quoteCoin === UNIT)
        .flatMap(({ price }) => price ?? []),
    );
    if (rate === null) return [];
    const { price, index, depthQuote } = market;
    return [
      {
        ...market,
        quoteCoin: UNIT,
        price: price === null ? null : price * rate,
        index: index === null ? null : index * rate,
        depthQuote: depthQuote * rate,
      },
    ];
  });
}

/**
 * Price ÷ median of what the others say − 1, of the coin that is furthest off.
 *
 * @param others one list a venue, in the same unit.
 * @returns a signed share; null where no coin has a market elsewhere.
 */
export function priceDislocation(
  own: readonly MarketFigure[],
  others: readonly (readonly MarketFigure[])[],
): number | null {
  const found = own.flatMap(({ coin, price }) => {
    if (price === null) return [];
    const elsewhere = others.flat().filter((market) => market.coin === coin);
    const reference = median(elsewhere.flatMap((market) => nearest(price, market) ?? []));
    return reference === null ? [] : [dislocationShare(price, reference)];
  });
  return found.toSorted((a, b) => Math.abs(b) - Math.abs(a))[0] ?? null;
}

function nearest(to: number, { price, index }: MarketFigure): number | null {
  if (price === null || index === null) return price ?? index;
  return Math.abs(index - to) < Math.abs(price - to) ? index : price;
}

/** Funding over eight hours less the median of the others', the median over coins; null where there is none to compare. */
export function fundingGap(
  own: readonly MarketFigure[],
  others: readonly (readonly MarketFigure[])[],
): number | null {
  return median(
    own.flatMap(({ coin, funding8hRate }) => {
      const elsewhere = others
        .flat()
        .filter((market) => market.coin === coin)
        .map((market) => market.funding8hRate)
        .filter((rate) => rate !== null);
      const reference = median(elsewhere);
      return funding8hRate === null || reference === null ? [] : [funding8hRate - reference];
    }),
  );
}
