/**
 * Which estimator forecasts best? Scores one-day-ahead forecasts over the recorded data, prints the README's tables.
 *
 * Every third day from 2021 to 2025-06, hourly perpetuals, the last 2160 bars before the day. Volatility: mean QLIKE,
 * RV/F - ln(RV/F) - 1, RV the sum of the day's squared hourly returns. Covariance: the realised volatility of the
 * minimum-variance book (unconstrained), the Gaussian log-score per leg and bar, and realised over forecast variance
 * of the equal-weight book (1 is unbiased). Beside QLIKE, how much the forecast moves a day: what it makes a book
 * trade. Source: Patton (2011) for QLIKE, Engle and Colacito (2006) for the book.
 *
 * Usage: npx tsx scripts/forecastScores.ts [--stride 3]; data in EQUIPOISE_DATA, by default ../shared/data.
 */
import { parseArgs } from 'node:util';
import { scoreCovariances } from './forecastScores/covarianceScores.ts';
import { loadHourlyPerpetuals } from './forecastScores/hourlyReturns.ts';
import { scoreImplied } from './forecastScores/impliedScores.ts';
import { scoreVolatilities } from './forecastScores/volatilityScores.ts';

const { values } = parseArgs({ options: { stride: { type: 'string', default: '3' } } });
const stride = Number(values.stride);
const folder = process.env['EQUIPOISE_DATA'] ?? '../shared/data';
const market = await loadHourlyPerpetuals(folder);
console.log(scoreVolatilities(market, stride));
console.log(scoreCovariances(market, stride));
console.log(await scoreImplied(market, folder, stride));
