/**
 * How well a hedge worked: the share of a holding's variance that was really taken away.
 *
 *   effectiveness = 1 − Var(holding + hedge) ÷ Var(holding), over bars in which the hedge stood (Ederington 1979, measured after the fact)
 */
import type { RealisedEffectiveness } from '../domain/hedgeReport.ts';

/** A day of hourly bars: less is chance. */
const BARS_MIN = 24;

/**
 * @param holdingUsd profit of the holding in each bar, USD; null: not known.
 * @param hedgeUsd profit of all that hedges it in the same bars; null: not known, or nothing stood.
 */
export function hedgeEffectiveness(
  holdingUsd: readonly (number | null)[],
  hedgeUsd: readonly (number | null)[],
): RealisedEffectiveness {
  const pairs = holdingUsd.flatMap((holding, bar) => {
    const hedge = hedgeUsd[bar] ?? null;
    return holding === null || hedge === null ? [] : [[holding, holding + hedge] as const];
  });
  const bare = varianceOf(pairs.map(([holding]) => holding));
  if (pairs.length < BARS_MIN || !(bare > 0)) {
    return { kind: 'insufficientHistory', bars: pairs.length };
  }
  const hedged = varianceOf(pairs.map(([, both]) => both));
  return { kind: 'realised', bars: pairs.length, effectiveness: 1 - hedged / bare };
}

function varianceOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}
