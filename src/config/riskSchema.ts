/** How risk is estimated: look-back, half-lives, shrinkage, floors and jumps. */
import { z } from 'zod';
import { share } from './units.ts';

/**
 * A week and a month of hourly bars. 72 bars with shrinkage 0.3 forecast a day better (QLIKE 0.447 against 0.477) and make the
 * minimum-variance book 0.2 points quieter, but the forecast moves 4.5 % a day instead of 2.6 %: what it moves, the book
 * trades. Shorter is worth it only to somebody who trades free of cost; see the README's table.
 */
export const riskSchema = z
  .strictObject({
    bar: z.enum(['1h', '2h', '4h', '1d']).default('1h'),
    lookbackBars: z.number().int().min(48).max(20_000).default(2160),
    historyBarsMin: z
      .number()
      .int()
      .min(24)
      .max(20_000)
      .default(336)
      .describe('a leg with fewer bars is left out'),
    volatilityHalfLifeBars: z.number().min(2).max(20_000).default(168),
    volatilityShrinkageShare: share('towards the variance over the whole look-back').default(0.2),
    correlationHalfLifeBars: z.number().min(2).max(20_000).default(720),
    correlationShrinkageShare: share('towards no correlation').default(0.02),
    volatilityFloorAnnual: z.number().min(0).max(5).default(0.05),
    stableVolatilityFloorAnnual: z.number().min(0).max(5).default(0.02),
    jumps: z
      .record(
        z.string(),
        z.strictObject({
          ratePerYear: z.number().positive().max(365),
          sizeShare: z.number().positive().max(1),
        }),
      )
      .default({})
      .describe('depegs per stablecoin; a coin that is not named has a prior'),
  })
  .prefault({});
