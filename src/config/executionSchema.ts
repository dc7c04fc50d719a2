/** How orders are sent, waited for, and spread over time. */
import { z } from 'zod';
import { ms, share } from './units.ts';

export const executionSchema = z
  .strictObject({
    style: z
      .enum(['ioc', 'passive', 'twap', 'participation'])
      .default('passive')
      .describe(
        'ioc takes what is there; passive rests and crosses after crossAfterMs; twap spreads slices evenly over paceMs; participation sends them no faster than a share of the market’s volume, evenly where that is not known',
      ),
    paceMs: ms('twap and participation: over which a plan is spread', 3_600_000).default(60_000),
    paceEveryMs: ms('twap and participation: slices leave at most so often', 600_000).default(
      10_000,
    ),
    volumeShareMax: share('participation: of what the market trades').default(0.05),
    crossAfterMs: ms('a passive order rests so long', 600_000).default(30_000),
    repegEveryMs: ms('a passive order behind the best price is placed anew', 600_000).default(
      5_000,
    ),
    slippageBpsMax: z.number().positive().max(1000).default(25),
    attemptsMax: z.number().int().min(1).max(20).default(4),
    pollMs: ms('between look-ups', 60_000).default(500),
    settlingMs: z
      .number()
      .int()
      .min(2_000)
      .max(120_000)
      .default(6_000)
      .describe(
        'an order that cannot be found may yet appear so long; the venue takes a request for half of it after signing (its receive window), and a killed writer’s lease keeps others out for all of it',
      ),
    deadManMs: ms(
      'the venue cancels what rests when the daemon is silent for so long; armed by each round of the margin watch where the venue has a switch over HTTP (OKX, Binance USD-M, Hyperliquid); absent: never',
      600_000,
    ).optional(),
    unhedgedUsdMax: z.number().positive().default(5_000),
    repairMs: ms('for completing or unwinding half a pair', 600_000).default(30_000),
    participationShareMax: share('of the depth within 10 bps').default(0.25),
  })
  .prefault({});
