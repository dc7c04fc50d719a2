/** Goal: leaves come in the order of SciPy's `leaves_list`. Method: SciPy 1.17 on 21 distinct distances of 7 points. */
import { expect, test } from 'vitest';
import { leavesOf } from '../../src/parity/linkage.ts';

const condensed = [
  29, 24, 26, 21, 22, 17, 16, 23, 25, 12, 20, 10, 28, 30, 27, 19, 15, 13, 14, 18, 11,
];

function distances(n: number) {
  const values = new Float64Array(n * n);
  let at = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      values[i * n + j] = condensed[at] as number;
      values[j * n + i] = condensed[at] as number;
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
  expect(leavesOf(distances(7), linkage)).toEqual(expected);
});

test('one point is one leaf', () => {
  expect(leavesOf({ n: 1, values: Float64Array.of(0) }, 'ward')).toEqual([0]);
});
