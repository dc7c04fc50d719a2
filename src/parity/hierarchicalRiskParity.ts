/**
 * Hierarchical risk parity (Lopez de Prado 2016): order the legs by a cluster tree on sqrt((1 - rho) / 2), then halve the
 * ordered list again and again, each half getting weight by the inverse of its inverse-variance portfolio's variance.
 *
 * As PyPortfolioOpt 1.5 computes it: the list is halved in the middle, not at the tree's branches.
 */

import type { Linkage } from '../domain/objective.ts';
import type { SquareMatrix } from '../math/matrix.ts';
import { leavesOf } from './linkage.ts';
import type { ObjectiveOutcome } from './weightsAnswer.ts';

/** Magnitudes summing to one; the diagonal must be positive. */
export function hierarchicalRiskParity(
  covariance: SquareMatrix,
  linkage: Linkage,
): ObjectiveOutcome {
  const { n, values } = covariance;
  const distances = values.map((value, at) => {
    const i = Math.floor(at / n);
    const j = at % n;
    if (i === j) return 0;
    const scale = Math.sqrt(values[i * n + i] as number) * Math.sqrt(values[j * n + j] as number);
    return Math.sqrt(Math.min(1, Math.max(0, (1 - value / scale) / 2)));
  });
  const order = leavesOf({ n, values: distances }, linkage);
  const magnitudes = new Float64Array(n).fill(1);
  const toHalve = [order];
  while (toHalve.length > 0) {
    const list = toHalve.pop() as number[];
    if (list.length < 2) continue;
    const middle = Math.floor(list.length / 2);
    const left = list.slice(0, middle);
    const right = list.slice(middle);
    const varianceLeft = clusterVariance(covariance, left);
    const varianceRight = clusterVariance(covariance, right);
    const shareRight = varianceLeft / (varianceLeft + varianceRight);
    for (const i of left) magnitudes[i] = (magnitudes[i] as number) * (1 - shareRight);
    for (const i of right) magnitudes[i] = (magnitudes[i] as number) * shareRight;
    toHalve.push(left, right);
  }
  return { kind: 'solved', magnitudes, method: `bisection-${linkage}`, iterations: 0 };
}

/** Variance of the inverse-variance portfolio of some legs. */
function clusterVariance({ n, values }: SquareMatrix, legs: readonly number[]): number {
  const inverse = legs.map((i) => 1 / (values[i * n + i] as number));
  const total = inverse.reduce((sum, value) => sum + value, 0);
  let variance = 0;
  for (const [a, i] of legs.entries()) {
    for (const [b, j] of legs.entries()) {
      const product = ((inverse[a] as number) / total) * ((inverse[b] as number) / total);
      variance += product * (values[i * n + j] as number);
    }
  }
  return Math.max(variance, 0);
}
