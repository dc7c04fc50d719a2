/** One-day-ahead scores of covariance estimators on the perpetuals that have a whole window. */
import { factorCholesky, solveCholesky } from '../../src/math/cholesky.ts';
import type { SquareMatrix } from '../../src/math/matrix.ts';
import { estimateCovariance } from '../../src/risk/estimators/estimateCovariance.ts';
import { candidates } from './candidates.ts';
import {
  completeAt,
  dayAt,
  dayBars,
  type HourlyMarket,
  origins,
  windowAt,
} from './hourlyReturns.ts';
import { markdownTable } from './table.ts';

const LEGS_MIN = 8;

type Score = {
  /** Sum of squared hourly returns of the minimum-variance book. */
  bookVariance: number;
  logScore: number;
  equalRealised: number;
  equalForecast: number;
  qlike: number;
  days: number;
};

export function scoreCovariances(market: HourlyMarket, strideDays: number): string {
  const scores = candidates.map(
    (): Score => ({
      bookVariance: 0,
      logScore: 0,
      equalRealised: 0,
      equalForecast: 0,
      qlike: 0,
      days: 0,
    }),
  );
  for (const origin of origins(market, strideDays)) {
    const indices = completeAt(market, origin);
    if (indices.length < LEGS_MIN) continue;
    const window = windowAt(market, origin, indices);
    const day = indices.map((index) => dayAt(market, origin, index));
    candidates.forEach(({ estimator }, k) => {
      const estimate = estimateCovariance(window, estimator);
      if (estimate.kind === 'estimated') scoreDay(estimate.covariance, day, scores[k] as Score);
    });
  }
  const rows = candidates.map(({ label }, k) => {
    const score = scores[k] as Score;
    return [
      label,
      `${(100 * Math.sqrt((score.bookVariance / score.days) * 365)).toFixed(2)} %`,
      (score.logScore / score.days).toFixed(4),
      (score.qlike / score.days).toFixed(4),
      (score.equalRealised / score.equalForecast).toFixed(3),
      String(score.days),
    ];
  });
  const header = [
    'estimator',
    'minimum-variance volatility',
    'log-score',
    'QLIKE of equal weight',
    'realised ÷ forecast variance',
    'days',
  ];
  return markdownTable('Covariance, one day ahead', header, rows);
}

function scoreDay(covariance: SquareMatrix, day: readonly Float64Array[], score: Score): void {
  const { n, values } = covariance;
  const factor = { n, values: values.slice() };
  if (!factorCholesky(factor)) return;
  const weights = new Float64Array(n).fill(1);
  solveCholesky(factor, weights);
  const total = weights.reduce((sum, value) => sum + value, 0);
  let logDeterminant = 0;
  for (let i = 0; i < n; i++) logDeterminant += 2 * Math.log(factor.values[i * n + i] as number);
  let realised = 0;
  for (let bar = 0; bar < dayBars; bar++) {
    const row = Float64Array.from(day, (column) => column[bar] as number);
    const book = row.reduce((sum, value, i) => sum + (value * (weights[i] as number)) / total, 0);
    score.bookVariance += book * book;
    realised += (row.reduce((sum, value) => sum + value, 0) / n) ** 2;
    const solved = row.slice();
    solveCholesky(factor, solved);
    const distance = row.reduce((sum, value, i) => sum + value * (solved[i] as number), 0);
    const density = -0.5 * (logDeterminant + distance + n * Math.log(2 * Math.PI));
    score.logScore += density / n / dayBars;
  }
  const forecast = (values.reduce((sum, value) => sum + value, 0) / n / n) * dayBars;
  score.equalRealised += realised;
  score.equalForecast += forecast;
  score.qlike += realised / forecast - Math.log(realised / forecast) - 1;
  score.days++;
}
