/**
 * `close-to-close`: the sample variance (ddof 1) of ln(C_t / C_(t-1)), from the second bar on.
 *
 * The plain reference: unbiased under any path, and the noisiest of the five. Needs three bars.
 */
import { logRatio, type OhlcBars, varianceOver } from './ohlcBars.ts';

export function closeToCloseVariance({ close }: OhlcBars): number {
  return varianceOver(close.length, 1, (bar) => logRatio(close, close, bar, bar - 1));
}
