/** Raw figures of a venue turned into the readings that the rules judge. */
export type ChainSwitch = {
  readonly chain: string;
  readonly withdrawOn: boolean;
  /** Empty: the chain takes no withdrawals of this coin at all. */
  readonly withdrawFee: string;
};

/** Whether a coin can leave, over which chains: halted where none works, partial where some do not. */
export function withdrawalStatus(chains: readonly ChainSwitch[]): {
  readonly status: 'open' | 'partial' | 'halted';
  readonly usable: readonly string[];
} {
  const usable = chains
    .filter((chain) => chain.withdrawOn && chain.withdrawFee !== '')
    .map((chain) => chain.chain);
  if (usable.length === 0) return { status: 'halted', usable };
  return { status: usable.length === chains.length ? 'open' : 'partial', usable };
}

/** Change over a period as a signed share of what was there; flows out are below 0. */
export function changeShare(before: number, after: number): number {
  return after / before - 1;
}

/** A flow as a signed share of the assets before it. */
export function flowShare(flowUsd: number, assetsBeforeUsd: number): number {
  return flowUsd / assetsBeforeUsd;
}

/** Share of a venue's own token in its reserves: 1 − clean ÷ all (DefiLlama's cleanAssetsTvl and currentTvl). */
export function ownTokenShare(cleanAssetsUsd: number, assetsUsd: number): number {
  return 1 - cleanAssetsUsd / assetsUsd;
}

/** Venue price against a reference: above 0 cash is stuck there, below 0 coins are. */
export function dislocationShare(venuePrice: number, referencePrice: number): number {
  return venuePrice / referencePrice - 1;
}

/** Move of the venue's token in excess of BTC's over the same time. */
export function excessMove(tokenMove: number, btcMove: number): number {
  return tokenMove - btcMove;
}

/** (x − median) ÷ (1.4826 × median absolute deviation); null where the history does not vary. */
export function robustZ(value: number, history: readonly number[]): number | null {
  const middle = median(history);
  if (middle === null) return null;
  const deviation = 1.4826 * (median(history.map((each) => Math.abs(each - middle))) ?? 0);
  return deviation > 0 ? (value - middle) / deviation : null;
}

/** The middle of the values, of an even number the mean of the two; null: there are none. */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[half - 1] ?? upper)) / 2;
}
