/**
 * The legs' variance by risk factor.
 *
 * Under factor parity: the factors that have budgets, as the solver measures them. Else by source: market, alts, carry and peg
 * by regression under the part of the covariance that is neither jump nor default, jumps counted to the peg, each venue's
 * default on its own, and what is left as the residual.
 */
import type { SharedContribution } from '../../domain/riskExplanation.ts';
import { regressedLoadings } from '../../risk/factorLoadings.ts';
import { jumpCovarianceAnnual } from '../../risk/jumps.ts';
import type { RiskEstimate, RiskInput } from '../../risk/riskTypes.ts';
import { venueCovarianceAnnual } from '../../risk/venueFactor.ts';
import { factorContributions } from '../factorContributions.ts';
import type { Book } from './book.ts';
import { factorPortfolios, namedFactors, venueFactorName } from './factors.ts';

type Named = { readonly name: string; readonly share: number };

/** @param exposuresUsd per row of the estimate. @returns none for a book without risk. */
export function factorReport(
  book: Book,
  estimate: RiskEstimate,
  input: RiskInput,
  exposuresUsd: readonly number[],
): readonly SharedContribution[] {
  const form = quadratic(exposuresUsd);
  const variance = form((i, j) => estimate.covarianceAnnual[i]?.[j] ?? 0);
  if (!(variance > 0)) return [];
  const shares =
    book.policy.objective.kind === 'factor-parity'
      ? budgetedShares(book, estimate, exposuresUsd)
      : sharesBySource(book, estimate, input, { exposuresUsd, variance });
  const volatilityUsd = Math.sqrt(variance);
  return shares.map(({ name, share }) => ({
    name,
    absoluteUsd: share * volatilityUsd,
    relativeShare: share,
  }));
}

function budgetedShares(
  book: Book,
  estimate: RiskEstimate,
  exposuresUsd: readonly number[],
): readonly Named[] {
  const rows = exposuresUsd.map((_, row) => row);
  const wanted = Object.keys(book.policy.objective.factorBudgets ?? {});
  const { names, loadings } = namedFactors(book, estimate, rows, wanted);
  const shares = factorContributions(exposuresUsd, estimate.covarianceAnnual, loadings);
  return (shares ?? [1]).map((share, at) => ({
    name: (shares === null ? undefined : names[at]) ?? 'residual',
    share,
  }));
}

function sharesBySource(
  book: Book,
  estimate: RiskEstimate,
  { legs: traits, venues }: RiskInput,
  at: { readonly exposuresUsd: readonly number[]; readonly variance: number },
): readonly Named[] {
  const { exposuresUsd, variance } = at;
  const form = quadratic(exposuresUsd);
  const trait = (row: number) => traits[estimate.legIndices[row] ?? -1];
  const jumps = form((i, j) =>
    jumpCovarianceAnnual(trait(i)?.jump ?? null, trait(j)?.jump ?? null),
  );
  const byVenue = book.venues.map(({ venue }, index) => {
    const own = (row: number) =>
      (trait(row)?.venueCapital ?? []).filter((capital) => capital.venueIndex === index);
    const part = form((i, j) => venueCovarianceAnnual(own(i), own(j), venues));
    return { name: venueFactorName(venue), share: part / variance };
  });
  const base = estimate.legs.map((a, i) =>
    estimate.legs.map(
      (b, j) =>
        (estimate.baseCorrelation[i]?.[j] ?? 0) * a.baseVolatilityAnnual * b.baseVolatilityAnnual,
    ),
  );
  const rows = exposuresUsd.map((_, row) => row);
  const { names, loadings } = regressedLoadings(base, factorPortfolios(book, estimate, rows));
  const baseShare = form((i, j) => base[i]?.[j] ?? 0) / variance;
  const parts = factorContributions(exposuresUsd, base, loadings);
  const regressed = names.map((name, k) => ({
    name,
    share: (parts?.[k] ?? 0) * baseShare + (name === 'peg' ? jumps / variance : 0),
  }));
  const others = names.includes('peg') ? [] : [{ name: 'peg', share: jumps / variance }];
  const residual = (parts?.[names.length] ?? 1) * baseShare;
  const named = [...regressed, ...others, ...byVenue].filter(({ share }) => share !== 0);
  return [...named, { name: 'residual', share: residual }];
}

/** x'Mx for matrices given by their entries. */
const quadratic =
  (x: readonly number[]) =>
  (entry: (i: number, j: number) => number): number =>
    x.reduce(
      (sum, a, i) =>
        a === 0
          ? sum
          : sum + a * x.reduce((row, b, j) => (b === 0 ? row : row + b * entry(i, j)), 0),
      0,
    );
