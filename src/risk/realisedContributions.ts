/**
 * Contributions as they were: each leg's covariance with the book over a past window, beside what was budgeted.
 *
 *   share_i = sum (c_it - m_i)(p_t - m) / sum (p_t - m)²,  c_it the leg's profit in bar t, p_t the sum over legs
 * Profits carry the exposures that were really held, bar by bar. Bars in which any leg is missing are left out.
 */

export type RealisedContributions =
  | {
      readonly kind: 'realised';
      /** Of the book's profit per bar, ddof 1, in the profits' unit. */
      readonly volatility: number;
      /** Sum one; all 0 where nothing moved. */
      readonly riskShares: readonly number[];
      readonly bars: number;
    }
  | { readonly kind: 'insufficientHistory'; readonly bars: number };

/** @param profitByLeg N × T, oldest first, null = missing. */
export function realisedContributions(
  profitByLeg: readonly (readonly (number | null)[])[],
): RealisedContributions {
  const length = profitByLeg[0]?.length ?? 0;
  const rows: (readonly number[])[] = [];
  for (let bar = 0; bar < length; bar++) {
    const row = profitByLeg.map((series) => series[bar] ?? null);
    if (row.every((value) => value !== null)) rows.push(row);
  }
  const bars = rows.length;
  if (bars < 2) return { kind: 'insufficientHistory', bars };
  const means = profitByLeg.map((_, leg) => sumOf(rows, (row) => row[leg] ?? 0) / bars);
  const centred = rows.map((row) => row.map((value, leg) => value - (means[leg] ?? 0)));
  const book = centred.map((row) => row.reduce((sum, value) => sum + value, 0));
  const total = book.reduce((sum, value) => sum + value * value, 0);
  const riskShares = profitByLeg.map((_, leg) => {
    const joint = centred.reduce((sum, row, at) => sum + (row[leg] ?? 0) * (book[at] ?? 0), 0);
    return total === 0 ? 0 : joint / total;
  });
  return { kind: 'realised', volatility: Math.sqrt(total / (bars - 1)), riskShares, bars };
}

const sumOf = (rows: readonly (readonly number[])[], of: (row: readonly number[]) => number) =>
  rows.reduce((sum, row) => sum + of(row), 0);
