/** Goal: leaves come in the order of SciPy's `leaves_list`. Method: SciPy 1.17 on distinct distances of 7 and 10 points. */
import { expect, test } from 'vitest';
import { leavesOf } from '../../src/parity/linkage.ts';

const condensed = [
  29, 24, 26, 21, 22, 17, 16, 23, 25, 12, 20, 10, 28, 30, 27, 19, 15, 13, 14, 18, 11,
];

const condensedOfTen = [
  48, 25, 47, 53, 43, 26, 27, 62, 46, 23, 29, 32, 61, 54, 20, 57, 24, 30, 34, 44, 36, 35, 63, 33,
  40, 58, 42, 64, 22, 60, 45, 38, 31, 52, 59, 37, 39, 41, 49, 51, 50, 55, 56, 28, 21,
];

function distances(n: number, entries: readonly number[]) {
  const values = new Float64Array(n * n);
  let at = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      values[i * n + j] = entries[at] as number;
      values[j * n + i] = entries[at] as number;
      at += 1;
    }
  }
  return { n, values };
}

test.each([
  ['single', [0, 4, 2, 3, 1, 5, 6]],
  ['average', [0, 2, 3, 4, 1, 5, 6]],
  ['complete', [0, 4, 5, 6, 1, 2, 3]],
  ['ward', [2, 3, 0, 1, 4, 5, 6]],
] as const)('%s linkage', (linkage, expected) => {
  expect(leavesOf(distances(7, condensed), linkage)).toEqual(expected);
});

test('clusters of unequal size: ten points', () => {
  const ten = distances(10, condensedOfTen);
  expect(leavesOf(ten, 'ward')).toEqual([5, 8, 9, 4, 1, 7, 3, 6, 0, 2]);
  expect(leavesOf(ten, 'average')).toEqual([4, 1, 7, 3, 6, 0, 2, 5, 8, 9]);
});

test('one point is one leaf', () => {
  expect(leavesOf({ n: 1, values: Float64Array.of(0) }, 'ward')).toEqual([0]);
});
