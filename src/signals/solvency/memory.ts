/**
 * What is remembered of a venue between two looks, and the signals that come of it: the newest readings of what moves by the
 * minute, the signals as they stood, which chains were open. Slow series (30 days, every four hours) are kept beside it.
 *
 * A reading that fails leaves the one before it in place, whose age then tells; one that was never had drops out, unless asking
 * for it failed. A chain that has been shut for a week is the usual of that venue, not news.
 */
import { fundingGap, inOneUnit, priceDislocation } from './comparison.ts';
import type { ChainReading, FeedFigures, MarketFigure, VenueFigures } from './figures.ts';
import type { Signal, SolvencyObservations } from './observations.ts';
import { NOTHING_OFFERED } from './observations.ts';
import { excessMove, flowShare, median, ownTokenShare, robustZ } from './readings.ts';
import {
  feeRatio,
  gapDeviations,
  heldThroughout,
  ratioToUsual,
  sincePeakShare,
  type Timed,
} from './remembered.ts';
import type { SolvencyRules } from './rules.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A price must have been off for so long. */
const HELD_MS = 10 * MINUTE_MS;
/** Depth is the median of so long: books are thin for moments everywhere. */
const DEPTH_MS = HOUR_MS;
const INSURANCE_MS = 8 * HOUR_MS;
const INSURANCE_EVERY_MS = 10 * MINUTE_MS;
/** What was not read for so long is given up: the venue offers it no longer. */
const KEPT_MS = 7 * DAY_MS;
const CHAIN_USED_MS = 7 * DAY_MS;
/** Fewer days of flows than this tell nothing of the usual ones. */
const FLOW_SAMPLES_MIN = 42;

export type MarketSignals = Omit<SolvencyObservations, 'status' | 'withdrawals'>;

export type VenueMemory = {
  readonly signals: MarketSignals;
  /** Price against the others', oldest first. */
  readonly dislocations: readonly Timed[];
  readonly depthsByCoin: Readonly<Record<string, readonly Timed[]>>;
  readonly insurances: readonly Timed[];
  /** When each `coin|chain` was last seen open. */
  readonly chainsOpenAtMs: Readonly<Record<string, number>>;
};

export type Look = {
  readonly nowMs: number;
  readonly figures: VenueFigures;
  /** null: the switches could not be read. */
  readonly chains: readonly ChainReading[] | null;
  /** Markets of venues that trade the same market elsewhere; not offered: there is no such venue. */
  readonly others: Signal<readonly (readonly MarketFigure[])[]>;
  readonly feeds: FeedFigures;
};

/** New readings of slow series by name, and what was read of them in thirty days before. */
export type Samples = Readonly<Record<string, number>>;
export type Past = Readonly<Record<string, readonly number[]>>;

/** What of a look belongs to the slow series. */
export function samplesOf(look: Look): Samples {
  const { own, others } = compared(look);
  const gap = own === null || others === null ? null : fundingGap(own, others);
  const flow = netflow24hShare(look.feeds);
  return {
    ...Object.fromEntries((own ?? []).map(({ coin, depthQuote }) => [`depth|${coin}`, depthQuote])),
    ...Object.fromEntries(
      Object.entries(openFees(look.chains ?? [])).map(([key, fee]) => [`fee|${key}`, fee]),
    ),
    ...(gap === null ? {} : { fundingGap: gap }),
    ...(flow === null ? {} : { netflow24h: flow }),
  };
}

/** The memory after a look. @param past by the names of `samplesOf`, without the new readings. */
export function nextMemory(
  before: VenueMemory | null,
  look: Look,
  past: Past,
  rules: SolvencyRules,
): VenueMemory {
  const { nowMs, figures, chains, feeds } = look;
  const { own, others } = compared(look);
  const dislocation = own === null || others === null ? null : priceDislocation(own, others);
  const dislocations = newest(before?.dislocations, dislocation, nowMs, 2 * HELD_MS);
  const depthsByCoin = depthsOf(before, own, nowMs);
  const insurances = insurancesOf(before, figures.insuranceUsd, nowMs);
  const had = before?.signals ?? NOTHING_OFFERED;
  const keep = <T>(was: Signal<T>, now: Signal<T>): Signal<T> => kept(was, now, nowMs);
  return {
    signals: {
      ...feedSignals(had, feeds, past, nowMs),
      withdrawalFeeRatio: keep(had.withdrawalFeeRatio, feeSignal(chains, past, nowMs)),
      stableReserve7dShare: NOTHING_OFFERED.stableReserve7dShare,
      mainCoinReserve7dShare: NOTHING_OFFERED.mainCoinReserve7dShare,
      priceDislocationShare:
        dislocation === null
          ? keep(had.priceDislocationShare, notCompared(look))
          : heldThroughout(dislocations, {
              nowMs,
              heldMs: HELD_MS,
              gapMsMax: rules.marketAgeMsMax,
              quiet: rules.priceDislocationShare.notice,
            }),
      fundingDislocationSd: keep(had.fundingDislocationSd, fundingSignal(look, past)),
      ownTokenExcess24h: keep(
        had.ownTokenExcess24h,
        mapped(figures.ownToken, ({ tokenMove, bitcoinMove }) =>
          excessMove(tokenMove, bitcoinMove),
        ),
      ),
      insurance8hShare: keep(
        had.insurance8hShare,
        mapped(figures.insuranceUsd, () => sincePeakShare(insurances)),
      ),
      depthRatio: keep(
        had.depthRatio,
        mapped(figures.markets, () => depthRatio(depthsByCoin, past)),
      ),
    },
    dislocations,
    depthsByCoin,
    insurances,
    chainsOpenAtMs: chainsSeenOpen(before?.chainsOpenAtMs ?? {}, chains ?? [], nowMs),
  };
}

/** Coins of which a chain is shut that was open within the last week; a coin that cannot leave at all is not among them. */
export function partlyShut(
  chains: readonly ChainReading[],
  chainsOpenAtMs: VenueMemory['chainsOpenAtMs'],
  nowMs: number,
): readonly string[] {
  const open = new Set(chains.filter(({ isOpen }) => isOpen).map(({ coin }) => coin));
  const news = chains.filter(
    ({ coin, chain, isOpen }) =>
      !isOpen && nowMs - (chainsOpenAtMs[`${coin}|${chain}`] ?? -Infinity) <= CHAIN_USED_MS,
  );
  return [...new Set(news.map(({ coin }) => coin))].filter((coin) => open.has(coin));
}

function kept<T>(was: Signal<T>, now: Signal<T>, nowMs: number): Signal<T> {
  if (now.kind === 'observed' || was.kind !== 'observed') return now;
  return nowMs - was.observedAtMs <= KEPT_MS ? was : now;
}

/** null of an observed value: too little is known of the past, which is as if it were not offered. */
function mapped<T, U>(signal: Signal<T>, to: (value: T) => U | null): Signal<U> {
  if (signal.kind !== 'observed') return signal;
  const value = to(signal.value);
  return value === null
    ? { kind: 'notOffered' }
    : { kind: 'observed', value, observedAtMs: signal.observedAtMs };
}

/** Ours and the others' markets in one unit; null where they were not read. */
function compared({ figures, others }: Look): {
  readonly own: readonly MarketFigure[] | null;
  readonly others: readonly (readonly MarketFigure[])[] | null;
} {
  const mine = figures.markets.kind === 'observed' ? figures.markets.value : null;
  const theirs = others.kind === 'observed' ? others.value : null;
  const all = [...(mine === null ? [] : [mine]), ...(theirs ?? [])];
  const risky = (markets: readonly MarketFigure[]): readonly MarketFigure[] =>
    inOneUnit(markets, all).filter(({ coin }) => coin !== RATE_COIN);
  return {
    own: mine === null ? null : risky(mine),
    others: theirs === null ? null : theirs.map(risky),
  };
}

/** Its market says what one quote coin is worth in the other; it is not compared itself. */
export const RATE_COIN = 'USDC';

function notCompared({ figures, others }: Look): Signal<number> {
  if (others.kind !== 'observed') return others;
  return figures.markets.kind === 'observed' ? { kind: 'notOffered' } : figures.markets;
}

function newest(
  before: readonly Timed[] = [],
  value: number | null,
  nowMs: number,
  spanMs: number,
): readonly Timed[] {
  const recent = before.filter(({ atMs }) => nowMs - atMs <= spanMs && atMs < nowMs);
  return value === null ? recent : [...recent, { atMs: nowMs, value }];
}

function depthsOf(
  before: VenueMemory | null,
  own: readonly MarketFigure[] | null,
  nowMs: number,
): VenueMemory['depthsByCoin'] {
  const had = before?.depthsByCoin ?? {};
  if (own === null) return had;
  return Object.fromEntries(
    own.map(({ coin, depthQuote }) => [coin, newest(had[coin], depthQuote, nowMs, DEPTH_MS)]),
  );
}

/** The newest reading takes the place of the one before it within ten minutes. */
function insurancesOf(
  before: VenueMemory | null,
  insuranceUsd: Signal<number>,
  nowMs: number,
): readonly Timed[] {
  const value = insuranceUsd.kind === 'observed' ? insuranceUsd.value : null;
  const all = newest(before?.insurances, value, nowMs, INSURANCE_MS);
  const slot = (atMs: number): number => Math.floor(atMs / INSURANCE_EVERY_MS);
  return all.filter(({ atMs }, i) => {
    const next = all[i + 1];
    return next === undefined || slot(next.atMs) !== slot(atMs);
  });
}

function depthRatio(depthsByCoin: VenueMemory['depthsByCoin'], past: Past): number | null {
  return median(
    Object.entries(depthsByCoin).flatMap(([coin, depths]) => {
      const now = median(depths.map(({ value }) => value));
      return (now === null ? null : ratioToUsual(now, past[`depth|${coin}`] ?? [])) ?? [];
    }),
  );
}

function fundingSignal(look: Look, past: Past): Signal<number> {
  const { own, others } = compared(look);
  const gap = own === null || others === null ? null : fundingGap(own, others);
  if (gap === null) return notCompared(look);
  const value = gapDeviations(gap, past['fundingGap'] ?? []);
  return value === null
    ? { kind: 'notOffered' }
    : { kind: 'observed', value, observedAtMs: look.nowMs };
}

function openFees(chains: readonly ChainReading[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    chains.flatMap(({ coin, chain, isOpen, feeBase }) =>
      isOpen && feeBase !== null ? [[`${coin}|${chain}`, feeBase]] : [],
    ),
  );
}

function feeSignal(
  chains: readonly ChainReading[] | null,
  past: Past,
  nowMs: number,
): Signal<number> {
  if (chains === null) return { kind: 'notOffered' };
  const fees = openFees(chains);
  const pastFees = Object.fromEntries(
    Object.keys(fees).map((key) => [key, past[`fee|${key}`] ?? []]),
  );
  const value = feeRatio(fees, pastFees);
  return value === null ? { kind: 'notOffered' } : { kind: 'observed', value, observedAtMs: nowMs };
}

function chainsSeenOpen(
  before: VenueMemory['chainsOpenAtMs'],
  chains: readonly ChainReading[],
  nowMs: number,
): VenueMemory['chainsOpenAtMs'] {
  const recent = Object.entries(before).filter(([, atMs]) => nowMs - atMs <= CHAIN_USED_MS);
  const open = chains
    .filter(({ isOpen }) => isOpen)
    .map(({ coin, chain }) => [`${coin}|${chain}`, nowMs] as const);
  return Object.fromEntries([...recent, ...open]);
}

function netflow24hShare({ assets }: FeedFigures): number | null {
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

function feedSignals(
  had: MarketSignals,
  { assets, proof }: FeedFigures,
  past: Past,
  nowMs: number,
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
              const usual = past['netflow24h'] ?? [];
              const known = share !== null && usual.length >= FLOW_SAMPLES_MIN;
              return share === null
                ? null
                : { share, robustZ: known ? robustZ(share, usual) : null };
            }),
            nowMs,
          ),
          netflow7dShare: kept(
            had.netflow7dShare,
            mapped(assets, (seen) => flowOf(seen.cleanAssetsUsd, seen.inflow7dUsd)),
            nowMs,
          ),
          ownTokenReserveShare: kept(
            had.ownTokenReserveShare,
            mapped(assets, ({ assetsUsd, cleanAssetsUsd }) =>
              assetsUsd === null || cleanAssetsUsd === null || !(assetsUsd > 0)
                ? null
                : ownTokenShare(cleanAssetsUsd, assetsUsd),
            ),
            nowMs,
          ),
        };
  return {
    ...ofAssets,
    proofOfReserves: proof === null ? proofOfReserves : kept(had.proofOfReserves, proof, nowMs),
  };
}
