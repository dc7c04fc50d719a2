/** Limits of the pre-trade checks. */
import { z } from 'zod';
import { ms, share } from './units.ts';

export const limitsSchema = z
  .strictObject({
    orderUsdMax: z.number().positive().default(250_000),
    orderDepthShareMax: z
      .number()
      .positive()
      .max(100)
      .default(1)
      .describe('of the depth within 10 bps'),
    ordersPerMinuteMax: z.number().int().min(1).max(10_000).default(60),
    priceCollarBps: z.number().positive().max(2_000).default(100),
    repeatsMax: z.number().int().min(1).max(1_000).default(20),
    drawdownHaltShare: share('under the peak').default(0.2),
    dailyLossHaltShare: share('under the day’s first equity').default(0.1),
    dataAgeMsMax: ms('of any input').default(120_000),
    barAgeMsMax: ms('of the newest bar').default(7_200_000),
    clockOffsetMsMax: ms('between the venue’s clock and ours', 60_000).default(1_000),
    liquidationDistanceShareMin: share('of the mark').default(0.15),
    marginToleranceShare: share('between the venue’s margin figures and the model’s').default(0.1),
    walletMoveUsdMax: z
      .number()
      .nonnegative()
      .default(0)
      .describe(
        'of one coin for one decision, between two wallets of one venue; 0: nothing is moved',
      ),
    restricted: z
      .array(z.string())
      .default([])
      .describe('symbols or coins that may only be reduced'),
  })
  .prefault({});
