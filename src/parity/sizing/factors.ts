/**
 * The risk factors of the book by name, built from the legs' own returns.
 *
 *   market     mean of the perpetuals on BTC and ETH, directions undone; of all perpetuals where there are none on those
 *   alts       mean of the other perpetuals less the market
 *   carry      mean of the carry legs
 *   peg        mean of the lending and stable legs
 *   venue:ID   not a portfolio: a default takes the capital that each leg keeps there, so that is its loading
 */
import { exposures } from '../../domain/leg.ts';
import type { FactorPortfolio } from '../../risk/factorLoadings.ts';
import { regressedLoadings } from '../../risk/factorLoadings.ts';
import type { RiskEstimate } from '../../risk/riskTypes.ts';
import type { Book } from './book.ts';
import { capitalPerUsd } from './capital.ts';
import { directionOf } from './legState.ts';

const MAJORS: readonly string[] = ['BTC', 'ETH'];

export type NamedFactors = {
  readonly names: readonly string[];
  /** One row per row asked for, one column per name. */
  readonly loadings: readonly (readonly number[])[];
};

/** Portfolios over some rows of the estimate; a factor without a leg among them is not there. */
export function factorPortfolios(
  book: Book,
  estimate: RiskEstimate,
  rows: readonly number[],
): readonly FactorPortfolio[] {
  const legs = rows.map((row) => book.legs[estimate.legIndices[row] ?? -1]);
  const coins = legs.map((leg) => {
    const first = leg === undefined ? undefined : exposures(leg)[0];
    return first === undefined
      ? ''
      : (book.instrumentById.get(first.instrument)?.instrument.baseCoin ?? '');
  });
  const signs = legs.map((leg) => (leg === undefined ? 1 : directionOf(leg)));
  const where = (matches: (at: number) => boolean) =>
    legs.flatMap((_, at) => (matches(at) ? [at] : []));
  const mean = (members: readonly number[]) =>
    legs.map((_, at) => (members.includes(at) ? (signs[at] ?? 1) / members.length : 0));
  const perpetuals = where((at) => legs[at]?.kind === 'perpetual');
  const majors = perpetuals.filter((at) => MAJORS.includes(coins[at] ?? ''));
  const others = perpetuals.filter((at) => !majors.includes(at));
  const market = mean(majors.length > 0 ? majors : perpetuals);
  const alts = mean(others).map((holding, at) => holding - (market[at] ?? 0));
  const carry = where((at) => legs[at]?.kind === 'carry');
  const peg = where((at) => legs[at]?.kind === 'lending' || legs[at]?.kind === 'stable');
  const found = (name: string, isThere: boolean, holdings: readonly number[]) =>
    isThere ? [{ name, holdings }] : [];
  return [
    ...found('market', perpetuals.length > 0, market),
    ...found('alts', majors.length > 0 && others.length > 0, alts),
    ...found('carry', carry.length > 0, mean(carry)),
    ...found('peg', peg.length > 0, mean(peg)),
  ];
}

/** Loadings on the factors that are asked for; those that no leg of these rows has are not among the names. */
export function namedFactors(
  book: Book,
  estimate: RiskEstimate,
  rows: readonly number[],
  wanted: readonly string[],
): NamedFactors {
  const covariance = rows.map((i) => rows.map((j) => estimate.covarianceAnnual[i]?.[j] ?? 0));
  const portfolios = factorPortfolios(book, estimate, rows).filter(({ name }) =>
    wanted.includes(name),
  );
  const regressed = regressedLoadings(covariance, portfolios);
  const venues = book.venues
    .map(({ venue }) => ({ name: venueFactorName(venue), venue }))
    .filter(({ name }) => wanted.includes(name))
    .map(({ name, venue }) => ({
      name,
      column: rows.map((row) => {
        const leg = book.legs[estimate.legIndices[row] ?? -1];
        return leg?.venue === venue ? capitalPerUsd(book, leg).venueUsd : 0;
      }),
    }))
    .filter(({ column }) => column.some((share) => share > 0));
  return {
    names: [...regressed.names, ...venues.map(({ name }) => name)],
    loadings: rows.map((_, at) => [
      ...(regressed.loadings[at] ?? []),
      ...venues.map(({ column }) => column[at] ?? 0),
    ]),
  };
}

/** All that a book with these venues can have: a closed set. */
export const factorNames = (venues: readonly string[]): readonly string[] => [
  'market',
  'alts',
  'carry',
  'peg',
  ...venues.map(venueFactorName),
  'residual',
];

export const venueFactorName = (venue: string): string => `venue:${venue}`;
