/** The ladder of the margin guard and the thresholds of the depeg watch, as the config states them. */
import type { Config } from './config/schema.ts';
import type { GuardSettings } from './rebalance/marginWatch.ts';
import type { PegLimits } from './signals/peg.ts';

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

export const pegLimits = ({ watch }: Pick<Config, 'watch'>): PegLimits => ({
  restrictShare: watch.depegRestrictShare,
  exitShare: watch.depegExitShare,
  confirmMs: watch.depegConfirmMs,
  releaseMs: watch.depegReleaseMs,
});
