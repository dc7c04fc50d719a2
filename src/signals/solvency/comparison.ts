/**
 * A venue against the others: its prices and its funding, all in one quote coin.
 *
 * A price is held against the median of the other venues' prices and of every stated index: with two venues, each is a
 * twentieth off the other, and only the indices tell whose prices are its own.
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
        .map(({ price }) => price),
    );
    if (rate === null) return [];
    const { price, index, depthQuote } = market;
    return [
      {
        ...market,
        quoteCoin: UNIT,
        price: price * rate,
        index: index === null ? null : index * rate,
        depthQuote: depthQuote * rate,
      },
    ];
  });
}

/**
 * Price ÷ median of the others' prices and all indices − 1, the median over coins.
 *
 * @param others one list a venue, in the same unit.
 * @returns a signed share; null where no coin has a market elsewhere.
 */
export function priceDislocation(
  own: readonly MarketFigure[],
  others: readonly (readonly MarketFigure[])[],
): number | null {
  return median(
    own.flatMap(({ coin, price, index }) => {
      const elsewhere = others.flat().filter((market) => market.coin === coin);
      if (elsewhere.length === 0) return [];
      const indices = [index, ...elsewhere.map((market) => market.index)];
      const reference = median([
        ...elsewhere.map((market) => market.price),
        ...indices.filter((each) => each !== null),
      ]);
      return reference === null ? [] : [dislocationShare(price, reference)];
    }),
  );
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
