/**
 * Agglomerative clustering of n points by their distances, and the order of the leaves.
 *
 * Lance and Williams (1967) updates. Matches SciPy's `linkage` on condensed distances and `leaves_list`: merges in order of
 * height, the cluster with the lower number on the left, points 0…n-1 before clusters n, n+1, … . Ties go to the pair
 * that comes first; SciPy's own choice among ties depends on its algorithm.
 */

import type { Linkage } from '../domain/objective.ts';
import type { SquareMatrix } from '../math/matrix.ts';

type Merge = { readonly left: number; readonly right: number; readonly height: number };

/** Leaves from left to right of the cluster tree; distances n×n, symmetric, zero diagonal. */
export function leavesOf(distances: SquareMatrix, linkage: Linkage): number[] {
  const { n } = distances;
  const merges = mergesOf(distances, linkage);
  const order: number[] = [];
  const toVisit = [n === 1 ? 0 : 2 * n - 2];
  while (toVisit.length > 0) {
    const id = toVisit.pop() as number;
    if (id < n) {
      order.push(id);
      continue;
    }
    const merge = merges[id - n] as Merge;
    toVisit.push(merge.right, merge.left);
  }
  return order;
}

/** The n - 1 merges from the lowest; each joins the nearest two clusters. O(n³), n is the number of legs. */
function mergesOf(distances: SquareMatrix, linkage: Linkage): Merge[] {
  const { n } = distances;
  const d = distances.values.slice();
  const ids = Array.from({ length: n }, (_, i) => i);
  const sizes = new Float64Array(n).fill(1);
  const merges: Merge[] = [];
  while (merges.length < n - 1) {
    const [a, b] = nearestPair(d, n, ids);
    const height = d[a * n + b] as number;
    const first = ids[a] as number;
    const second = ids[b] as number;
    merges.push({ left: Math.min(first, second), right: Math.max(first, second), height });
    for (let k = 0; k < n; k++) {
      if (ids[k] === -1 || k === a || k === b) continue;
      const joined = joinDistance(linkage, {
        toA: d[a * n + k] as number,
        toB: d[b * n + k] as number,
        apart: height,
        sizeA: sizes[a] as number,
        sizeB: sizes[b] as number,
        sizeOther: sizes[k] as number,
      });
      d[b * n + k] = joined;
      d[k * n + b] = joined;
    }
    ids[a] = -1;
    ids[b] = n + merges.length - 1;
    sizes[b] = (sizes[a] as number) + (sizes[b] as number);
  }
  return merges;
}

function nearestPair(d: Float64Array, n: number, ids: readonly number[]): [number, number] {
  let best: [number, number] = [0, 0];
  let least = Infinity;
  for (let i = 0; i < n; i++) {
    if (ids[i] === -1) continue;
    for (let j = i + 1; j < n; j++) {
      if (ids[j] !== -1 && (d[i * n + j] as number) < least) {
        least = d[i * n + j] as number;
        best = [i, j];
      }
    }
  }
  return best;
}

type Join = {
  readonly toA: number;
  readonly toB: number;
  readonly apart: number;
  readonly sizeA: number;
  readonly sizeB: number;
  readonly sizeOther: number;
};

/** Distance of another cluster to the union of a and b. */
function joinDistance(linkage: Linkage, join: Join): number {
  const { toA, toB, apart, sizeA, sizeB, sizeOther } = join;
  switch (linkage) {
    case 'single':
      return Math.min(toA, toB);
    case 'complete':
      return Math.max(toA, toB);
    case 'average':
      return (sizeA * toA + sizeB * toB) / (sizeA + sizeB);
    case 'ward': {
      const squares =
        (sizeA + sizeOther) * toA ** 2 + (sizeB + sizeOther) * toB ** 2 - sizeOther * apart ** 2;
      return Math.sqrt(squares / (sizeA + sizeB + sizeOther));
    }
  }
}
