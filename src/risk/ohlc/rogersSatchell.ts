/**
 * `rogers-satchell`: mean of u(u - c) + d(d - c), u = ln(H / O), d = ln(L / O), c = ln(C / O), over every bar.
 *
 * Unbiased under any drift; blind to gaps. Needs one bar.
 * Source: Rogers and Satchell, Estimating variance from high, low and closing prices (1991).
 */
import { logRatio, meanOver, type OhlcBars } from './ohlcBars.ts';

export function rogersSatchellVariance(bars: OhlcBars, first = 0): number {
  const { open, high, low, close } = bars;
  return meanOver(open.length, first, (bar) => {
    const up = logRatio(high, open, bar);
    const down = logRatio(low, open, bar);
    const end = logRatio(close, open, bar);
    return up * (up - end) + down * (down - end);
  });
}
