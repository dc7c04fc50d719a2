/** Goal: product, factorisation and eigenvalues are right. Method: closed forms, then identities on random matrices. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { factorCholesky, solveCholesky } from '../../src/math/cholesky.ts';
import { multiplyCompensated } from '../../src/math/compensated.ts';
import { symmetricEigen } from '../../src/math/eigen.ts';
import { fromRows, multiply, submatrix } from '../../src/math/matrix.ts';

const options = { seed: 20240611, numRuns: 200 };

const positiveDefinite = fc
  .integer({ min: 1, max: 9 })
  .chain((n) =>
    fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: n * n, maxLength: n * n }),
  )
  .map((entries) => {
    const n = Math.sqrt(entries.length);
    const rows = Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (_, j) => {
        let sum = i === j ? 0.1 : 0;
        for (let k = 0; k < n; k++) {
          sum += (entries[i * n + k] as number) * (entries[j * n + k] as number);
        }
        return sum;
      }),
    );
    return fromRows(rows);
  });

test('a product of a 5×5 matrix takes the four-row and the single-row path', () => {
  const rows = Array.from({ length: 5 }, (_, i) => [i, 1, 0, 2, -i]);
  const out = new Float64Array(5);
  multiply(fromRows(rows), Float64Array.of(1, 2, 3, 4, 5), out);
  expect([...out]).toEqual([10, 6, 2, -2, -6]);
});

test('a submatrix keeps the order of its indices', () => {
  const matrix = fromRows([
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ]);
  expect([...submatrix(matrix, [2, 0]).values]).toEqual([9, 7, 3, 1]);
});

test('the Cholesky solve inverts the product', () => {
  fc.assert(
    fc.property(positiveDefinite, (matrix) => {
      const x = Float64Array.from({ length: matrix.n }, (_, i) => 1 - 0.3 * i);
      const b = new Float64Array(matrix.n);
      multiply(matrix, x, b);
      const factor = { n: matrix.n, values: matrix.values.slice() };
      expect(factorCholesky(factor)).toBe(true);
      solveCholesky(factor, b);
      for (const [i, value] of x.entries()) expect(b[i]).toBeCloseTo(value, 9);
    }),
    options,
  );
});

test('an indefinite matrix has no Cholesky factor', () => {
  const indefinite = fromRows([
    [1, 2],
    [2, 1],
  ]);
  expect(factorCholesky(indefinite)).toBe(false);
});

test('eigenvectors times eigenvalues give the matrix back', () => {
  fc.assert(
    fc.property(positiveDefinite, (matrix) => {
      const { values, vectors } = symmetricEigen(matrix);
      const { n } = matrix;
      expect(values).toEqual([...values].sort((a, b) => a - b));
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          let sum = 0;
          for (let k = 0; k < n; k++) {
            const left = vectors.values[i * n + k] as number;
            sum += left * (values[k] as number) * (vectors.values[j * n + k] as number);
          }
          expect(sum).toBeCloseTo(matrix.values[i * n + j] as number, 10);
        }
      }
    }),
    options,
  );
});

test('a compensated product survives cancellation that a plain one does not', () => {
  const matrix = fromRows([
    [1e16, 1, -1e16],
    [0.1, 0.2, 0.3],
    [0, 0, 1],
  ]);
  const ones = Float64Array.of(1, 1, 1);
  const compensated = new Float64Array(3);
  multiplyCompensated(matrix, ones, compensated);
  expect(compensated[0]).toBe(1);
  expect(compensated[1]).toBe(0.6);
  const plain = new Float64Array(3);
  multiply(matrix, ones, plain);
  expect(plain[0]).toBe(0);
});
