/** Public data about the exchanges behind the venues: assets from one document, a proof of reserves each, read again when they are due. */
import { observed, unknown } from '../../domain/observed.ts';
import { OperatingError } from '../../domain/operatingError.ts';
import type { SolvencyFeeds } from '../../rebalance/ports/solvency.ts';
import type { Clock } from '../../rebalance/ports.ts';
import { NO_FEEDS } from '../../signals/solvency/figures.ts';
import type { Signal } from '../../signals/solvency/observations.ts';
import { assetsIn } from './assetsFeed.ts';
import { proofIn } from './proofReport.ts';
import { type Reading, readSource, type Source } from './readSource.ts';

export type FeedSource = Source & { readonly refreshMs: number };

export type FeedOptions = {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly assets: FeedSource | null;
  readonly venues: Readonly<
    Record<string, { readonly slug?: string | undefined; readonly proof?: FeedSource | undefined }>
  >;
};

/** A feed that a venue has none of is null; one that cannot be read is unknown with its reason. */
export function createSolvencyFeeds({ clock, assets, venues }: FeedOptions): SolvencyFeeds {
  const readAssets = assets === null ? null : kept(assets, clock);
  const byVenue = new Map(
    Object.entries(venues).map(([id, { slug, proof }]) => [
      id,
      { slug, readProof: proof === undefined ? null : kept(proof, clock) },
    ]),
  );
  return {
    read: async (venue) => {
      const own = byVenue.get(venue);
      if (own === undefined) return NO_FEEDS;
      const { slug, readProof } = own;
      const [ofAssets, proof] = await Promise.all([
        readAssets === null || slug === undefined
          ? null
          : signalOf(readAssets, ({ document, asOfMs }) =>
              observed(assetsIn(document, slug), asOfMs),
            ),
        readProof === null
          ? null
          : signalOf(readProof, ({ document }) =>
              // How old the report is, is judged by its own date, not by when the file was written.
              observed(proofIn(document, clock.nowMs()), clock.nowMs()),
            ),
      ]);
      return { assets: ofAssets, proof };
    },
  };
}

/** The newest reading while it is young; a failed one is not kept. */
function kept(source: FeedSource, clock: FeedOptions['clock']): () => Promise<Reading> {
  let newest: { readonly atMs: number; readonly reading: Promise<Reading> } | null = null;
  return async () => {
    const nowMs = clock.nowMs();
    if (newest === null || nowMs - newest.atMs >= source.refreshMs) {
      newest = { atMs: nowMs, reading: readSource(source, clock) };
    }
    const mine = newest;
    try {
      return await mine.reading;
    } catch (error) {
      if (newest === mine) newest = null;
      throw error;
    }
  };
}

async function signalOf<T>(
  read: () => Promise<Reading>,
  parsed: (reading: Reading) => Signal<T>,
): Promise<Signal<T>> {
  try {
    return parsed(await read());
  } catch (error) {
    if (!(error instanceof OperatingError)) throw error;
    return unknown(error.message);
  }
}
