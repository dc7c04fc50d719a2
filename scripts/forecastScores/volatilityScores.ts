/**
 * One-day-ahead QLIKE of variance forecasts, each perpetual on its own.
 *
 * Beside it the mean change of the forecast volatility from one day to the next: what a book sized by it must trade.
 */
import { bipowerSplit } from '../../src/risk/bipower.ts';
import { estimateCovariance } from '../../src/risk/estimators/estimateCovariance.ts';
import { halfLifeWeights } from '../../src/risk/halfLife.ts';
import { fitHar, forecastHar } from '../../src/risk/har.ts';
import { estimateOhlc, ohlcEstimators } from '../../src/risk/ohlc/estimateOhlc.ts';
import type { OhlcBars } from '../../src/risk/ohlc/ohlcBars.ts';
import type { ReturnColumns } from '../../src/risk/returnColumns.ts';
import { candidates, sampleVariances } from './candidates.ts';
import {
  completeAt,
  dayAt,
  dayBars,
  type HourlyMarket,
  origins,
  sumOfSquares,
  windowAt,
  windowBars,
} from './hourlyReturns.ts';
import { markdownTable } from './table.ts';

/** Bars that the OHLC estimators average. */
const OHLC_BARS = 168;

type Input = { readonly window: ReturnColumns; readonly ohlc: OhlcBars };
/** Variance of one bar; null: no forecast. */
type Forecast = (input: Input) => number | null;

const weights = halfLifeWeights(windowBars, 168);

/** Those that differ leg by leg; the correlation's settings do not. */
const volatilityCandidates = candidates.filter(
  ({ label }) => !sampleVariances.includes(label) && !label.startsWith('separate 168/'),
);

const forecasts: readonly { readonly label: string; readonly of: Forecast }[] = [
  ...volatilityCandidates.map(({ label, estimator }) => ({
    label,
    of: ({ window }: Input) => {
      const estimate = estimateCovariance(window, estimator);
      return estimate.kind === 'estimated' ? (estimate.covariance.values[0] ?? null) : null;
    },
  })),
  {
    label: 'bipower, half-life 168',
    of: ({ window }) =>
      bipowerSplit(window.columns[0] as Float64Array, weights)?.continuous ?? null,
  },
  { label: 'HAR (1, 7, 30 days)', of: harForecast },
  ...ohlcEstimators.map((name) => ({
    label: `${name}, last ${OHLC_BARS} bars`,
    of: ({ ohlc }: Input) => {
      const estimate = estimateOhlc(ohlc, name);
      return estimate.kind === 'estimated' ? estimate.variance : null;
    },
  })),
];

export function scoreVolatilities(market: HourlyMarket, strideDays: number): string {
  const scores = forecasts.map(() => ({ qlike: 0, realised: 0, forecast: 0, change: 0, count: 0 }));
  for (const origin of origins(market, strideDays)) {
    const before = origin - dayBars;
    const whole = completeAt(market, before);
    for (const index of completeAt(market, origin).filter((leg) => whole.includes(leg))) {
      const realised = sumOfSquares(dayAt(market, origin, index));
      const input = inputAt(market, origin, index);
      const dayBefore = inputAt(market, before, index);
      forecasts.forEach(({ of }, k) => {
        const variance = of(input);
        const earlier = of(dayBefore);
        const score = scores[k];
        if (variance === null || earlier === null || score === undefined) return;
        const ratio = realised / (variance * dayBars);
        score.qlike += ratio - Math.log(ratio) - 1;
        score.realised += realised;
        score.forecast += variance * dayBars;
        score.change += Math.abs(Math.log(variance / earlier)) / 2;
        score.count++;
      });
    }
  }
  const rows = forecasts.map(({ label }, k) => {
    const { qlike, realised, forecast, change, count } = scores[k] as (typeof scores)[number];
    return [
      label,
      (qlike / count).toFixed(4),
      (realised / forecast).toFixed(3),
      `${((100 * change) / count).toFixed(1)} %`,
      String(count),
    ];
  });
  const header = [
    'forecast',
    'QLIKE',
    'realised ÷ forecast variance',
    'change a day',
    'days × assets',
  ];
  return markdownTable('Volatility, one day ahead', header, rows);
}

function inputAt(market: HourlyMarket, origin: number, index: number): Input {
  const bars = market.ohlc[index] as OhlcBars;
  const last = (column: Float64Array) => column.subarray(origin - OHLC_BARS, origin);
  return {
    window: windowAt(market, origin, [index]),
    ohlc: {
      open: last(bars.open),
      high: last(bars.high),
      low: last(bars.low),
      close: last(bars.close),
    },
  };
}

function harForecast({ window }: { readonly window: ReturnColumns }): number | null {
  const column = window.columns[0] as Float64Array;
  const daily: number[] = [];
  for (let at = 0; at + dayBars <= column.length; at += dayBars) {
    daily.push(sumOfSquares(column.subarray(at, at + dayBars)));
  }
  const model = fitHar(daily);
  return model === null ? null : forecastHar(model, daily) / dayBars;
}
