/** What is read of a venue beside its switches, as it stands there: the raw figures that memory and comparison make signals of. */
import type { Signal } from './observations.ts';

/** Withdrawals of a coin over one chain. */
export type ChainReading = {
  readonly coin: string;
  readonly chain: string;
  readonly isOpen: boolean;
  /** In the coin; null: none is stated. */
  readonly feeBase: number | null;
};

/** One market that every venue has: what prices, depth and funding are compared by. */
export type MarketFigure = {
  readonly coin: string;
  readonly quoteCoin: string;
  /** Middle of the book, quote coin; null: a side of it is empty, and the depth is 0. */
  readonly price: number | null;
  /** The venue's own index, made of other venues' prices; null: it states none. */
  readonly index: number | null;
  /** Resting within 10 bps of the middle on the thinner side, quote coin. */
  readonly depthQuote: number;
  /** What longs pay over eight hours at the next rate; null: no perpetual. */
  readonly funding8hRate: number | null;
};

export type OwnTokenMove = {
  readonly token: string;
  /** Over the last 24 h, signed shares. */
  readonly tokenMove: number;
  readonly bitcoinMove: number;
};

export type VenueFigures = {
  readonly markets: Signal<readonly MarketFigure[]>;
  readonly insuranceUsd: Signal<number>;
  readonly ownToken: Signal<OwnTokenMove>;
};

/** What a feed says of a venue's assets; null: the feed does not say. Flows are signed, in positive. */
export type AssetFigures = {
  readonly assetsUsd: number | null;
  /** Without coins that the venue issued. */
  readonly cleanAssetsUsd: number | null;
  readonly inflow24hUsd: number | null;
  readonly inflow7dUsd: number | null;
};

/** null: no such feed is configured for the venue. */
export type FeedFigures = {
  readonly assets: Signal<AssetFigures> | null;
  readonly proof: Signal<{ readonly asOfMs: number; readonly ratio: number }> | null;
};

export const NO_FEEDS: FeedFigures = { assets: null, proof: null };
