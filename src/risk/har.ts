/**
 * HAR: tomorrow's realised variance from those of the last day, week and month, in logarithms.
 *
 *   ln v_(t+1) = b0 + b1 ln v_t + b2 ln mean(v, 7 days) + b3 ln mean(v, 30 days) + e,  forecast exp(fit + s²/2)
 * Weeks and months are calendar ones, since this market has no weekend. Fitted by least squares.
 * Source: Corsi, A simple approximate long-memory model of realized volatility (2009).
 */
import { factorCholesky, solveCholesky } from '../math/cholesky.ts';

const WEEK = 7;
const MONTH = 30;
const TERMS = 4;

export type HarModel = {
  readonly coefficients: readonly number[];
  /** Variance of the residual in logarithms. */
  readonly residualVariance: number;
};

/**
 * @param dailyVariance realised variances above 0, one a day, oldest first.
 * @returns null where there are fewer than 60 days, or their regressors do not differ.
 */
export function fitHar(dailyVariance: readonly number[]): HarModel | null {
  const days = dailyVariance.length;
  if (days < 2 * MONTH) return null;
  const gram = new Float64Array(TERMS * TERMS);
  const moments = new Float64Array(TERMS);
  const rows: { readonly x: readonly number[]; readonly y: number }[] = [];
  for (let day = MONTH - 1; day + 1 < days; day++) {
    const x = regressors(dailyVariance, day);
    const y = Math.log(dailyVariance[day + 1] as number);
    rows.push({ x, y });
    for (let i = 0; i < TERMS; i++) {
      moments[i] = (moments[i] as number) + (x[i] as number) * y;
      for (let j = 0; j < TERMS; j++) {
        const at = i * TERMS + j;
        gram[at] = (gram[at] as number) + (x[i] as number) * (x[j] as number);
      }
    }
  }
  const factor = { n: TERMS, values: gram };
  if (!factorCholesky(factor)) return null;
  solveCholesky(factor, moments);
  const coefficients = Array.from(moments);
  const squares = rows.reduce((sum, { x, y }) => sum + (y - dot(coefficients, x)) ** 2, 0);
  return { coefficients, residualVariance: squares / (rows.length - TERMS) };
}

/** Variance of the day after the last of `dailyVariance`, of which at least 30 days. */
export function forecastHar(model: HarModel, dailyVariance: readonly number[]): number {
  const fit = dot(model.coefficients, regressors(dailyVariance, dailyVariance.length - 1));
  return Math.exp(fit + model.residualVariance / 2);
}

function regressors(dailyVariance: readonly number[], day: number): readonly number[] {
  const mean = (days: number): number => {
    let sum = 0;
    for (let back = 0; back < days; back++) sum += dailyVariance[day - back] as number;
    return Math.log(sum / days);
  };
  return [1, mean(1), mean(WEEK), mean(MONTH)];
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
