/**
 * `yang-zhang`: V_o + k V_c + (1 - k) V_rs over the m = T - 1 bars from the second on.
 *
 *   V_o of ln(O_t / C_(t-1)) and V_c of ln(C_t / O_t), both ddof 1; V_rs of `rogers-satchell`;
 *   k = 0.34 / (1.34 + (m + 1) / (m - 1))
 * Unbiased under drift and gaps: the one to take for a single instrument with gaps. Needs three bars.
 * Source: Yang and Zhang, Drift-independent volatility estimation based on high, low, open and close prices (2000).
 */
import { logRatio, type OhlcBars, varianceOver } from './ohlcBars.ts';
import { rogersSatchellVariance } from './rogersSatchell.ts';

export function yangZhangVariance(bars: OhlcBars): number {
  const { open, close } = bars;
  const used = open.length - 1;
  const gaps = varianceOver(open.length, 1, (bar) => logRatio(open, close, bar, bar - 1));
  const moves = varianceOver(open.length, 1, (bar) => logRatio(close, open, bar));
  const k = 0.34 / (1.34 + (used + 1) / (used - 1));
  return gaps + k * moves + (1 - k) * rogersSatchellVariance(bars, 1);
}
