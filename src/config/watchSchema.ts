/** Watch jobs beside the rebalance: how often, how long, and the rungs of the margin guard and of the depeg watch. */
import { z } from 'zod';
import { ms, share } from './units.ts';

export const watchSchema = z
  .strictObject({
    marginEveryMs: ms('margin guard').default(5_000),
    driftEveryMs: ms('drift watch').default(60_000),
    reconcileEveryMs: ms('reconcile').default(300_000),
    historyEveryMs: ms('history sync').default(300_000),
    bookingEveryMs: ms('funding and yield booking').default(300_000),
    jobDeadlineMs: ms('of each watch job', 3_600_000).default(60_000),
    jobAttemptsMax: z.number().int().min(1).max(10).default(3),
    marginWarnRatio: share('maintenance of equity: warned').default(0.4),
    marginFenceRatio: share('maintenance of equity: no increases').default(0.6),
    marginDeleverageRatio: share('maintenance of equity: positions are reduced').default(0.7),
    marginFlattenRatio: share('maintenance of equity: positions are closed').default(0.85),
    distanceWarnShare: share('move that liquidates: warned').default(0.18),
    distanceFenceShare: share('move that liquidates: no increases').default(0.13),
    distanceDeleverageShare: share('move that liquidates: positions are reduced').default(0.09),
    distanceFlattenShare: share('move that liquidates: positions are closed').default(0.03),
    depegRestrictShare: share('a stablecoin below par by this: nothing is added').default(0.02),
    depegExitShare: share('a stablecoin below par by this: its legs are left').default(0.05),
    depegConfirmMs: ms('below for so long').default(600_000),
    depegReleaseMs: ms('back for so long').default(21_600_000),
    guardReleaseShare: share('better than a rung by this, to leave it').default(0.1),
    guardHoldMs: ms('and for this long').default(60_000),
    foreignOrders: z
      .enum(['alert', 'block', 'halt'])
      .default('alert')
      .describe(
        'orders and fills of others: told; or no new risk in their instrument for ten minutes; or trading halts',
      ),
    adjustmentsPerDayMax: z
      .number()
      .int()
      .min(1)
      .max(1_000)
      .default(24)
      .describe('of one position or wallet; what differs beyond that is left to a person'),
    guardLeaseWaitMs: ms('a rebalance at work is waited for so long', 60_000).default(15_000),
  })
  .prefault({});
