/**
 * Times of the risk-parity solver to a gap under 1e-10, beside one dense matrix–vector product of the same size.
 *
 * Seeded factor-model covariances (up to ten factors, volatilities 10 % to 150 %). Cold starts know nothing; warm ones start
 * from the answer before every volatility moved by up to 2 %. Product and solve alternate, so that a busy machine
 * slows both; the ratio is the median of the ratios of neighbours.
 */
import { multiply, type SquareMatrix } from '../../src/math/matrix.ts';
import type { ParitySystem } from '../../src/parity/paritySystem.ts';
import { riskParity } from '../../src/parity/riskParity.ts';
import { median, printFigure, rounded } from './figure.ts';

const TOLERANCE = 1e-10;
const ROUNDS = 31;
const ROUND_MS = 20;

/** Prints one line of JSON per size and start. */
export function benchSolver(): void {
  for (const n of [5, 20, 100, 500, 1000, 2000]) {
    const before = systemFrom(factorCovariance(n, n + 1));
    const after = systemFrom(moved(before.covariance));
    const earlier = riskParity(before, TOLERANCE).state.z.map(
      (z, i) => z * (after.scale[i] as number),
    );
    for (const [start, y] of [
      ['cold', undefined],
      ['warm', earlier],
    ] as const) {
      const solution = riskParity(after, TOLERANCE, y);
      const { isConverged, gap, iterations, method } = solution;
      const { medianMs, ...beside } = race(after, y);
      printFigure('solver.riskParity', medianMs, 'ms', {
        legs: n,
        start,
        ...beside,
        isConverged,
        gap,
        iterations,
        method,
      });
    }
  }
}

/** Medians over rounds of a product and a solve, one after the other. */
function race(system: ParitySystem, start: Float64Array | undefined) {
  const x = new Float64Array(system.covariance.n).fill(1);
  const out = new Float64Array(x.length);
  const product = () => multiply(system.covariance, x, out);
  const solve = () => riskParity(system, TOLERANCE, start);
  const productRuns = runsFor(product);
  const solveRuns = runsFor(solve);
  const products: number[] = [];
  const solves: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    products.push(millisecondsPerRun(product, productRuns));
    solves.push(millisecondsPerRun(solve, solveRuns));
  }
  return {
    medianMs: median(solves),
    productMs: rounded(median(products)),
    ratio: rounded(median(solves.map((ms, i) => ms / (products[i] as number)))),
  };
}

/** How many runs fill a round, after enough of them for the compiler to have done its work. */
function runsFor(run: () => unknown): number {
  const until = performance.now() + 10 * ROUND_MS;
  let runs = 0;
  while (performance.now() < until) {
    run();
    runs += 1;
  }
  return Math.max(1, Math.floor(runs / 10));
}

function millisecondsPerRun(run: () => unknown, runs: number): number {
  const from = performance.now();
  for (let i = 0; i < runs; i++) run();
  return (performance.now() - from) / runs;
}

function systemFrom(covariance: SquareMatrix): ParitySystem {
  const { n, values } = covariance;
  return {
    covariance,
    scale: Float64Array.from({ length: n }, (_, i) => Math.sqrt(values[i * n + i] as number)),
    budgets: new Float64Array(n).fill(1 / n),
  };
}

/** The same correlations, every volatility moved by up to 2 %. */
function moved({ n, values }: SquareMatrix): SquareMatrix {
  const factor = (i: number) => 1 + 0.02 * Math.sin(7.7 * i);
  return {
    n,
    values: values.map((value, at) => value * factor(Math.floor(at / n)) * factor(at % n)),
  };
}

/** B B' + D at volatilities spread from 0.1 to 1.5: one market factor and up to nine weaker ones. */
function factorCovariance(n: number, seed: number): SquareMatrix {
  const chance = chanceFrom(seed);
  const factors = Math.max(1, Math.min(10, Math.floor(n / 4)));
  const legs = Array.from({ length: n }, () => ({
    loadings: Array.from({ length: factors }, (_, k) =>
      k === 0 ? 0.5 + chance() : 0.7 * (chance() - chance()),
    ),
    own: 0.3 + chance(),
    volatility: 0.1 * 15 ** chance(),
  }));
  const values = new Float64Array(n * n);
  for (const [i, a] of legs.entries()) {
    for (const [j, b] of legs.entries()) {
      const shared = a.loadings.reduce((sum, x, k) => sum + x * (b.loadings[k] as number), 0);
      values[i * n + j] = (shared + (i === j ? a.own ** 2 : 0)) * (a.volatility * b.volatility);
    }
  }
  return { n, values };
}

/** Mulberry32: uniform in 0…1. */
function chanceFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
