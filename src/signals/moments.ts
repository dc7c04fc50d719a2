/** Mean and deviation of a series' past, so that a z-score can be told from three figures instead of the series. */
import type { SeriesMoments } from '../domain/marketSignals.ts';

/** Deviation by n − 1; 0 below two readings, and where only rounding moved. */
export function momentsOf(history: readonly number[]): SeriesMoments {
  const readings = history.length;
  if (readings === 0) return { readings, mean: 0, deviation: 0 };
  const mean = history.reduce((sum, each) => sum + each, 0) / readings;
  const squares = history.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  const deviation = readings < 2 ? 0 : Math.sqrt(squares / (readings - 1));
  return { readings, mean, deviation: deviation <= 1e-12 * Math.abs(mean) ? 0 : deviation };
}
