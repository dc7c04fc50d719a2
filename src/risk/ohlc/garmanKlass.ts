/**
 * `garman-klass`: mean of ½ ln(H / L)² - (2 ln 2 - 1) ln(C / O)², over every bar.
 *
 * More efficient than `parkinson`; no drift and no gaps either. Needs one bar.
 * Source: Garman and Klass, On the estimation of security price volatilities from historical data (1980), short form.
 */
import { logRatio, meanOver, type OhlcBars } from './ohlcBars.ts';

export function garmanKlassVariance({ open, high, low, close }: OhlcBars): number {
  return meanOver(
    high.length,
    0,
    (bar) =>
      0.5 * logRatio(high, low, bar) ** 2 - (2 * Math.LN2 - 1) * logRatio(close, open, bar) ** 2,
  );
}
