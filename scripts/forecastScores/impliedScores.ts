/** Does implied volatility help? BTC against its DVOL, one day and two weeks ahead, by share of the blend. */
import { join } from 'node:path';
import { readTable } from '../../src/adapters/recorded/table.ts';
import { separateDefaults, separateVariance } from '../../src/risk/estimators/separate.ts';
import { forwardVolatility } from '../../src/risk/forwardVolatility.ts';
import { halfLifeWeights } from '../../src/risk/halfLife.ts';
import { barOf, dayBars, type HourlyMarket, sumOfSquares, windowBars } from './hourlyReturns.ts';
import { markdownTable } from './table.ts';

const shares = [0, 0.25, 0.5, 0.75, 1];
const horizonsDays = [1, 7, 14];
const BARS_PER_YEAR = 8760;

export async function scoreImplied(
  market: HourlyMarket,
  folder: string,
  strideDays: number,
): Promise<string> {
  const column = market.returns[market.symbols.indexOf('BTC')] as Float64Array;
  const weights = halfLifeWeights(windowBars, separateDefaults.volatilityHalfLifeBars);
  const span = { fromMs: 0, toMs: Number.POSITIVE_INFINITY };
  const file = join(folder, 'vol', 'deribit_dvol_btc_daily.csv.gz');
  const table = await readTable(file, ['timestamp_ms', 'dvol'], span);
  const scores = shares.map(() => horizonsDays.map(() => ({ qlike: 0, count: 0 })));
  table.rows.forEach((row, k) => {
    if (k % strideDays !== 0) return;
    // The day's close is known at the next midnight.
    const origin = barOf(Number(row[0])) + dayBars;
    const window = column.subarray(origin - windowBars, origin);
    if (origin + 14 * dayBars > column.length || window.some(Number.isNaN)) return;
    const share = separateDefaults.volatilityShrinkageShare;
    const estimate = Math.sqrt(separateVariance(window, weights, share) * BARS_PER_YEAR);
    horizonsDays.forEach((days, h) => {
      const realised = sumOfSquares(column.subarray(origin, origin + days * dayBars));
      shares.forEach((impliedShare, s) => {
        const settings = { impliedShare, raiseShare: 0, raiseShareMax: 0 };
        const forecast = forwardVolatility(estimate, Number(row[1]) / 100, settings);
        const ratio = realised / ((forecast ** 2 / BARS_PER_YEAR) * days * dayBars);
        const score = scores[s]?.[h];
        if (score === undefined) return;
        score.qlike += ratio - Math.log(ratio) - 1;
        score.count++;
      });
    });
  });
  const rows = shares.map((share, s) => [
    share === 0 ? 'estimate alone' : share === 1 ? 'implied alone' : `share ${share}`,
    ...(scores[s] ?? []).map(({ qlike, count }) => (qlike / count).toFixed(4)),
  ]);
  const header = ['BTC, implied variance blended in', ...horizonsDays.map((d) => `${d} d QLIKE`)];
  return markdownTable('Implied volatility', header, rows);
}
