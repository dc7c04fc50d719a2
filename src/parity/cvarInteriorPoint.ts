/**
 * Primal-dual interior point for min v + cap sum(u_t) - sum(b_i ln w_i), u ≥ 0, s_t = u_t + r_t'w + v ≥ 0.
 *
 * The duals q of s are the tail's bars: 0 ≤ q_t ≤ cap, sum(q) = 1. Eliminating u and q leaves a positive definite
 * system in (w, v), as in Wright, Primal-Dual Interior-Point Methods (1997), chapter 11.
 */
import { factorCholesky, solveCholesky } from '../math/cholesky.ts';

const iterationsMax = 200;
const centring = 0.15;
const gapGoal = 1e-14;
const weightMax = 1e10;

export type ShortfallPoint = {
  readonly weights: Float64Array;
  /** q, shape (T,): the probability of each bar in the tail. */
  readonly tail: Float64Array;
  readonly iterations: number;
};

type Iterate = {
  readonly w: Float64Array;
  v: number;
  readonly u: Float64Array;
  readonly s: Float64Array;
  readonly q: Float64Array;
};

/** Returns of comparable size, T rows of n; budgets sum to one; cap × T ≥ 1. The best point after 200 steps at most. */
export function solveShortfall(
  returns: readonly Float64Array[],
  budgets: Float64Array,
  cap: number,
): ShortfallPoint {
  const point = start(returns, budgets, cap);
  let iterations = 0;
  for (; iterations < iterationsMax; iterations++) {
    const gap = gapOf(point, cap);
    if (gap <= gapGoal && stationarity(returns, budgets, point) <= 1e-13) break;
    if (Math.max(...point.w) > weightMax) break;
    if (!step(returns, budgets, cap, point, gap)) break;
  }
  return { weights: point.w, tail: point.q, iterations };
}

function start(returns: readonly Float64Array[], budgets: Float64Array, cap: number): Iterate {
  const bars = returns.length;
  const w = budgets.map((b) => Math.sqrt(b));
  const u = new Float64Array(bars);
  const s = Float64Array.from(returns, (row) => dot(row, w));
  for (const [t, margin] of s.entries()) {
    u[t] = Math.max(1, 1 - margin);
    s[t] = margin + (u[t] as number);
  }
  const q = new Float64Array(bars).fill(Math.min(1 / bars, 0.5 * cap));
  return { w, v: 0, u, s, q };
}

/** q's + p'u with p = cap - q: the distance between primal and dual. */
function gapOf({ u, s, q }: Iterate, cap: number): number {
  return q.reduce((sum, qt, t) => sum + qt * (s[t] as number) + (cap - qt) * (u[t] as number), 0);
}

/** The largest |w_i (-R'q)_i - b_i|, and the distance of sum(q) from one. */
function stationarity(
  returns: readonly Float64Array[],
  budgets: Float64Array,
  at: Iterate,
): number {
  let worst = Math.abs(at.q.reduce((sum, q) => sum + q, 0) - 1);
  for (const [i, w] of at.w.entries()) {
    const mean = returns.reduce((sum, row, t) => sum + (at.q[t] as number) * (row[i] as number), 0);
    worst = Math.max(worst, Math.abs(w * mean + (budgets[i] as number)));
  }
  return worst;
}

/** One Newton step towards a smaller gap; false where the system is singular. */
function step(
  returns: readonly Float64Array[],
  budgets: Float64Array,
  cap: number,
  point: Iterate,
  gap: number,
): boolean {
  const { w, u, s, q } = point;
  const bars = returns.length;
  const aim = (centring * gap) / (2 * bars);
  const weight = new Float64Array(bars);
  const pull = new Float64Array(bars);
  for (let t = 0; t < bars; t++) {
    const qt = q[t] as number;
    const pt = cap - qt;
    weight[t] = 1 / ((s[t] as number) / qt + (u[t] as number) / pt);
    pull[t] = (weight[t] as number) * (aim / qt - (s[t] as number) - aim / pt + (u[t] as number));
  }
  const move = solveSystem(returns, budgets, point, weight, pull);
  if (move === null) return false;
  const moveV = move[w.length] as number;
  const moveQ = new Float64Array(bars);
  const moveU = new Float64Array(bars);
  const moveS = new Float64Array(bars);
  for (const [t, row] of returns.entries()) {
    const drift = dot(row, move) + moveV;
    const pt = cap - (q[t] as number);
    moveQ[t] = (pull[t] as number) - (weight[t] as number) * drift;
    moveU[t] = aim / pt - (u[t] as number) + ((u[t] as number) * (moveQ[t] as number)) / pt;
    moveS[t] = (moveU[t] as number) + drift;
  }
  const primal = Math.min(room(w, move, 1), room(u, moveU, 1), room(s, moveS, 1));
  const slack = q.map((qt) => cap - qt);
  const dual = Math.min(room(q, moveQ, 1), room(slack, moveQ, -1));
  add(w, move, primal);
  add(u, moveU, primal);
  add(s, moveS, primal);
  point.v += primal * moveV;
  add(q, moveQ, dual);
  return true;
}

/** Solves for the moves of (w, v). */
function solveSystem(
  returns: readonly Float64Array[],
  budgets: Float64Array,
  { w, q }: Iterate,
  weight: Float64Array,
  pull: Float64Array,
): Float64Array | null {
  const n = w.length;
  const size = n + 1;
  const values = new Float64Array(size * size);
  const right = new Float64Array(size);
  right[n] = -1;
  for (const [t, row] of returns.entries()) {
    const d = weight[t] as number;
    const force = (q[t] as number) + (pull[t] as number);
    for (let i = 0; i <= n; i++) {
      const ri = i < n ? (row[i] as number) : 1;
      right[i] = (right[i] as number) + ri * force;
      for (let j = 0; j <= i; j++) {
        const rj = j < n ? (row[j] as number) : 1;
        values[i * size + j] = (values[i * size + j] as number) + d * ri * rj;
      }
    }
  }
  for (let i = 0; i < n; i++) {
    const barrier = (budgets[i] as number) / (w[i] as number);
    values[i * size + i] = (values[i * size + i] as number) + barrier / (w[i] as number);
    right[i] = (right[i] as number) + barrier;
  }
  if (!factorCholesky({ n: size, values })) return null;
  solveCholesky({ n: size, values }, right);
  return right.every(Number.isFinite) ? right : null;
}

/** The longest step up to 1 that keeps x + step × sign × move well above zero. */
function room(x: Float64Array, move: Float64Array, sign: number): number {
  let length = 1;
  for (const [t, value] of x.entries()) {
    const change = sign * (move[t] as number);
    if (change < 0) length = Math.min(length, (-0.99 * value) / change);
  }
  return length;
}

function add(x: Float64Array, move: Float64Array, length: number): void {
  for (let t = 0; t < x.length; t++) x[t] = (x[t] as number) + length * (move[t] as number);
}

/** The sum of a_i b_i over the length of a. */
function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
