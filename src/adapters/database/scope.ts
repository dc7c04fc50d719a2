/**
 * Under which names the shared tables keep what the ports name by venue alone.
 *
 * Two portfolios on one database may both have a venue `alpha`, one live and one on paper: cursors and venue states are a
 * portfolio's own, bars and funding are a market's, read once for all portfolios that trade there.
 */
export type Scope = {
  venue(id: string): string;
  /** @param id `venue|symbol` */
  instrument(id: string): string;
  cursor(name: string): string;
  /** Of readings: `feed|venue|…`, as bars are a market's. */
  series(name: string): string;
};

/** Everything as it is named: one portfolio on a database of its own. */
export const unscoped: Scope = {
  venue: (id) => id,
  instrument: (id) => id,
  cursor: (name) => name,
  series: (name) => name,
};

export type Markets = {
  readonly portfolio: string;
  /** Venue to what trades there: exchange and environment, of a simulated one also where it is. */
  readonly markets: Readonly<Record<string, string>>;
  /** Reads of different depth go on at different places. */
  readonly lookbackBars: number;
};

export function portfolioScope({ portfolio, markets, lookbackBars }: Markets): Scope {
  const marketOf = (id: string): string => {
    const [venue = '', ...rest] = id.split('|');
    return [markets[venue] ?? `${portfolio}/${venue}`, ...rest].join('|');
  };
  return {
    venue: (id) => `${portfolio}/${id}`,
    instrument: marketOf,
    series: (name) =>
      name
        .split('|')
        .map((part) => markets[part] ?? part)
        .join('|'),
    cursor: (name) => {
      const [feed = '', ...rest] = name.split('|');
      const isOfMarket = (feed === 'bars' || feed === 'funding') && rest.length > 1;
      return isOfMarket
        ? `${feed}|${marketOf(rest.join('|'))}|${lookbackBars}`
        : `${portfolio}|${name}`;
    },
  };
}
