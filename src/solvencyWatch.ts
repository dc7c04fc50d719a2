/** The solvency watch as the config states it: thresholds, feeds, and the database as its memory. */
import type { Database } from './adapters/database/openDatabase.ts';
import { createSolvencyStore } from './adapters/database/solvencyStore.ts';
import { createSolvencyFeeds } from './adapters/solvency/feeds.ts';
import type { Config } from './config/schema.ts';
import type { SolvencyWatch } from './rebalance/ports/solvency.ts';
import type { Clock } from './rebalance/ports.ts';
import { SOLVENCY_RULES, type SolvencyRules } from './signals/solvency/rules.ts';

/** Looks that are missed before somebody else's reading is due. */
const looksMissed = 5;

export function solvencyWatch(
  { portfolio, solvency }: Pick<Config, 'portfolio' | 'solvency'>,
  { queries }: Pick<Database, 'queries'>,
  clock: Pick<Clock, 'nowMs'>,
): SolvencyWatch {
  return {
    portfolio,
    store: createSolvencyStore(queries, portfolio),
    feeds: createSolvencyFeeds({
      clock,
      assets: solvency.assets ?? null,
      venues: solvency.venues,
    }),
    rules: solvencyRules(solvency),
    coins: solvency.compareCoins,
    lookAgeMsMax: lookAgeMsMax(solvency),
  };
}

export const lookAgeMsMax = ({ everyMs }: Pick<Config['solvency'], 'everyMs'>): number =>
  looksMissed * everyMs;

export function solvencyRules({ thresholds }: Config['solvency']): SolvencyRules {
  const { ownTokenExcess24hShare, ...rest } = thresholds;
  return {
    ...rest,
    ownTokenExcess24h: ownTokenExcess24hShare,
    // No feed states these two: nothing to set.
    stableReserve7dShare: SOLVENCY_RULES.stableReserve7dShare,
    mainCoinReserve7dShare: SOLVENCY_RULES.mainCoinReserve7dShare,
    hazards: SOLVENCY_RULES.hazards,
  };
}
