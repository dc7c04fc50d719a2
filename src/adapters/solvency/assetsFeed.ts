/**
 * Assets of exchanges in the shape of DefiLlama's `GET /cexs`: `{cexs: [{slug, currentTvl, cleanAssetsTvl, inflows_24h, …}]}`.
 *
 * Every figure is optional there; only the row that is asked for is read, so that another's oddity spoils nothing.
 */
import { z } from 'zod';
import { OperatingError } from '../../domain/operatingError.ts';
import type { AssetFigures } from '../../signals/solvency/figures.ts';

const rowsMax = 10_000;
const usd = z.number().min(0).max(1e14).nullish();
const flowUsd = z.number().min(-1e14).max(1e14).nullish();

const documentSchema = z.object({ cexs: z.array(z.unknown()).max(rowsMax) });
const namedSchema = z.object({ slug: z.string().nullish(), name: z.string().nullish() });
const rowSchema = z.object({
  currentTvl: usd,
  cleanAssetsTvl: usd,
  inflows_24h: flowUsd,
  inflows_1w: flowUsd,
});

/** @throws OperatingError where the document or the exchange's row has another shape, or there is no such row. */
export function assetsIn(document: unknown, slug: string): AssetFigures {
  const parsed = documentSchema.safeParse(document);
  if (!parsed.success) throw misshapen('the feed', parsed.error);
  const wanted = slug.toLowerCase();
  const found = parsed.data.cexs.find((row) => {
    const named = namedSchema.safeParse(row);
    return named.success && (named.data.slug ?? named.data.name)?.toLowerCase() === wanted;
  });
  if (found === undefined) {
    throw new OperatingError(`the feed has no exchange of this slug, was ${slug}`, {
      retryable: true,
      remedy: 'correct the slug under solvency.venues',
    });
  }
  const row = rowSchema.safeParse(found);
  if (!row.success) throw misshapen(slug, row.error);
  const { currentTvl, cleanAssetsTvl, inflows_24h, inflows_1w } = row.data;
  return {
    assetsUsd: currentTvl ?? null,
    cleanAssetsUsd: cleanAssetsTvl ?? null,
    inflow24hUsd: inflows_24h ?? null,
    inflow7dUsd: inflows_1w ?? null,
  };
}

function misshapen(what: string, { issues }: z.ZodError): OperatingError {
  const [first] = issues;
  const where = first === undefined ? '' : ` at ${first.path.join('.')}: ${first.message}`;
  return new OperatingError(`${what} must have the shape of /cexs, was another${where}`, {
    retryable: true,
    remedy: 'compare solvency.assets with the shape of DefiLlama’s /cexs',
  });
}
