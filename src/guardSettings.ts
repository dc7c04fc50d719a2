/** The margin guard's ladder as the config states it. */
import type { Config } from './config/schema.ts';
import type { GuardSettings } from './rebalance/marginWatch.ts';

export function guardSettings({ watch }: Pick<Config, 'watch'>): GuardSettings {
  return {
    limits: {
      ratioAt: {
        warn: watch.marginWarnRatio,
        noIncrease: watch.marginFenceRatio,
        deleverage: watch.marginDeleverageRatio,
        flatten: watch.marginFlattenRatio,
      },
      distanceAt: {
        warn: watch.distanceWarnShare,
        noIncrease: watch.distanceFenceShare,
        deleverage: watch.distanceDeleverageShare,
        flatten: watch.distanceFlattenShare,
      },
      releaseShare: watch.guardReleaseShare,
      holdMs: watch.guardHoldMs,
    },
    periodMs: watch.marginEveryMs,
    leaseWaitMs: watch.guardLeaseWaitMs,
  };
}
