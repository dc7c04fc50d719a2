/** Signals of the public feeds: flows as shares of clean assets, the own token's share, the proof of reserves. */
import type { FeedFigures } from './figures.ts';
import { kept, mapped } from './keeping.ts';
import { NOTHING_OFFERED, type SolvencyObservations } from './observations.ts';
import { flowShare, ownTokenShare, robustZ } from './readings.ts';

/** Fewer samples, four hours apart, than these of a week tell nothing of the usual flows. */
const FLOW_SAMPLES_MIN = 42;

/** null: not stated, or not read. */
export function netflow24hShare({ assets }: FeedFigures): number | null {
  if (assets?.kind !== 'observed') return null;
  const { cleanAssetsUsd, inflow24hUsd } = assets.value;
  return flowOf(cleanAssetsUsd, inflow24hUsd);
}

/** A flow against what was there before it; null: one of them is not stated, or nothing was there. */
function flowOf(assetsUsd: number | null, inflowUsd: number | null): number | null {
  if (assetsUsd === null || inflowUsd === null || !(assetsUsd - inflowUsd > 0)) return null;
  return flowShare(inflowUsd, assetsUsd - inflowUsd);
}

type FeedSignals = Pick<
  SolvencyObservations,
  'netflow24h' | 'netflow7dShare' | 'ownTokenReserveShare' | 'proofOfReserves'
>;

/** @param had the signals before. @param flows of thirty days before. */
export function feedSignals(
  had: FeedSignals,
  { assets, proof }: FeedFigures,
  flows: readonly number[],
): FeedSignals {
  const { netflow24h, netflow7dShare, ownTokenReserveShare, proofOfReserves } = NOTHING_OFFERED;
  const ofAssets =
    assets === null
      ? { netflow24h, netflow7dShare, ownTokenReserveShare }
      : {
          netflow24h: kept(
            had.netflow24h,
            mapped(assets, ({ cleanAssetsUsd, inflow24hUsd }) => {
              const share = flowOf(cleanAssetsUsd, inflow24hUsd);
              const known = share !== null && flows.length >= FLOW_SAMPLES_MIN;
              return share === null
                ? null
                : { share, robustZ: known ? robustZ(share, flows) : null };
            }),
          ),
          netflow7dShare: kept(
            had.netflow7dShare,
            mapped(assets, (seen) => flowOf(seen.cleanAssetsUsd, seen.inflow7dUsd)),
          ),
          ownTokenReserveShare: kept(
            had.ownTokenReserveShare,
            mapped(assets, ({ assetsUsd, cleanAssetsUsd }) =>
              assetsUsd === null || cleanAssetsUsd === null || !(assetsUsd > 0)
                ? null
                : ownTokenShare(cleanAssetsUsd, assetsUsd),
            ),
          ),
        };
  return {
    ...ofAssets,
    proofOfReserves: proof === null ? proofOfReserves : kept(had.proofOfReserves, proof),
  };
}
