/**
 * What is remembered of a venue between two looks, and the signals that come of it: the newest readings of what moves by the
 * minute, the signals as they stood, which chains were open. Slow series (30 days, every four hours) are kept beside it.
 *
 * A reading that fails leaves the one before it in place, whose age then tells; one that was never had drops out, unless asking
 * for it failed.
 */
import { type ChainsOpen, chainsSeenOpen, coinsStated, feeSignal, openFees } from './chains.ts';
import { fundingGap, inOneUnit, priceDislocation } from './comparison.ts';
import { feedSignals, netflow24hShare } from './feedSignals.ts';
import type { ChainReading, FeedFigures, MarketFigure, VenueFigures } from './figures.ts';
import { kept, keptWithoutOthers, mapped } from './keeping.ts';
import type { Signal, SolvencyObservations } from './observations.ts';
import { NOTHING_OFFERED } from './observations.ts';
import { excessMove, median } from './readings.ts';
import {
  gapDeviations,
  heldThroughout,
  ratioToUsual,
  sincePeakShare,
  type Timed,
} from './remembered.ts';
import type { SolvencyRules } from './rules.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A price must have been off for so long. */
const HELD_MS = 10 * MINUTE_MS;
/** Depth is the median of so long: books are thin for moments everywhere. */
const DEPTH_MS = HOUR_MS;
const INSURANCE_MS = 8 * HOUR_MS;
const INSURANCE_EVERY_MS = 10 * MINUTE_MS;

export type MarketSignals = Omit<SolvencyObservations, 'status' | 'withdrawals'>;

export type VenueMemory = {
  readonly signals: MarketSignals;
  /** Price against the others', oldest first. */
  readonly dislocations: readonly Timed[];
  readonly depthsByCoin: Readonly<Record<string, readonly Timed[]>>;
  readonly insurances: readonly Timed[];
  readonly chainsOpenAtMs: ChainsOpen;
  /** Coins of which chains were ever stated; not there: of an older version. */
  readonly coinsStated?: readonly string[];
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
  const keepCompared = <T>(was: Signal<T>, now: Signal<T>): Signal<T> =>
    look.others.kind === 'notOffered' ? keptWithoutOthers(was, nowMs) : kept(was, now);
  return {
    signals: {
      ...feedSignals(had, feeds, past['netflow24h'] ?? []),
      withdrawalFeeRatio: kept(
        had.withdrawalFeeRatio,
        feeSignal(chains, (key) => past[`fee|${key}`] ?? [], nowMs),
      ),
      stableReserve7dShare: NOTHING_OFFERED.stableReserve7dShare,
      mainCoinReserve7dShare: NOTHING_OFFERED.mainCoinReserve7dShare,
      priceDislocationShare:
        dislocation === null
          ? keepCompared(had.priceDislocationShare, notCompared(look))
          : heldThroughout(dislocations, {
              nowMs,
              heldMs: HELD_MS,
              gapMsMax: rules.marketAgeMsMax,
              quiet: rules.priceDislocationShare.notice,
            }),
      fundingDislocationSd: keepCompared(had.fundingDislocationSd, fundingSignal(look, past)),
      ownTokenExcess24h: kept(
        had.ownTokenExcess24h,
        mapped(figures.ownToken, ({ tokenMove, bitcoinMove }) =>
          excessMove(tokenMove, bitcoinMove),
        ),
      ),
      insurance8hShare: kept(
        had.insurance8hShare,
        mapped(figures.insuranceUsd, () => sincePeakShare(insurances)),
      ),
      depthRatio: kept(
        had.depthRatio,
        mapped(figures.markets, () => depthRatio(depthsByCoin, past)),
      ),
    },
    dislocations,
    depthsByCoin,
    insurances,
    chainsOpenAtMs: chainsSeenOpen(before?.chainsOpenAtMs ?? {}, chains ?? [], nowMs),
    coinsStated: coinsStated(before, chains ?? []),
  };
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
