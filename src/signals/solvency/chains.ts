/**
 * The chains over which coins leave: which are newly shut, and what they cost against their usual.
 *
 * A chain that has been shut for a week is the usual of that venue, not news.
 */
import type { ChainReading } from './figures.ts';
import type { Signal } from './observations.ts';
import { feeRatio } from './remembered.ts';

const CHAIN_USED_MS = 7 * 86_400_000;

/** The chain of a coin that a venue states as a whole. */
export const ALL_CHAINS = 'all';

/** When each `coin|chain` was last seen open. */
export type ChainsOpen = Readonly<Record<string, number>>;

/**
 * Coins of which a chain is shut, or is stated no more, that was open within the last week; a coin that cannot leave at all is not
 * among them.
 */
export function partlyShut(
  chains: readonly ChainReading[],
  chainsOpenAtMs: ChainsOpen,
  nowMs: number,
): readonly string[] {
  const open = chains.filter(({ isOpen }) => isOpen);
  const openChains = new Set(open.map(({ coin, chain }) => `${coin}|${chain}`));
  const openCoins = new Set(open.map(({ coin }) => coin));
  const news = Object.entries(chainsOpenAtMs).flatMap(([key, atMs]) => {
    const [coin = key, chain] = key.split('|');
    const isNews = nowMs - atMs <= CHAIN_USED_MS && !openChains.has(key) && chain !== ALL_CHAINS;
    return isNews && openCoins.has(coin) ? [coin] : [];
  });
  return [...new Set(news)];
}

/** Coins that the venue has stated the chains of, now or ever before. @param before not there: of an older version. */
export function coinsStated(
  before: { readonly coinsStated?: readonly string[]; readonly chainsOpenAtMs: ChainsOpen } | null,
  chains: readonly ChainReading[],
): readonly string[] {
  const had =
    before?.coinsStated ??
    Object.keys(before?.chainsOpenAtMs ?? {}).map((key) => key.split('|')[0] ?? key);
  return [...new Set([...had, ...chains.map(({ coin }) => coin)])];
}

/** By `coin|chain`. */
export function openFees(chains: readonly ChainReading[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    chains.flatMap(({ coin, chain, isOpen, feeBase }) =>
      isOpen && feeBase !== null ? [[`${coin}|${chain}`, feeBase]] : [],
    ),
  );
}

/** @param past of each `coin|chain`. */
export function feeSignal(
  chains: readonly ChainReading[] | null,
  past: (key: string) => readonly number[],
  nowMs: number,
): Signal<number> {
  if (chains === null) return { kind: 'notOffered' };
  const fees = openFees(chains);
  const pastFees = Object.fromEntries(Object.keys(fees).map((key) => [key, past(key)]));
  const value = feeRatio(fees, pastFees);
  return value === null ? { kind: 'notOffered' } : { kind: 'observed', value, observedAtMs: nowMs };
}

export function chainsSeenOpen(
  before: ChainsOpen,
  chains: readonly ChainReading[],
  nowMs: number,
): ChainsOpen {
  const recent = Object.entries(before).filter(([, atMs]) => nowMs - atMs <= CHAIN_USED_MS);
  const open = chains
    .filter(({ isOpen }) => isOpen)
    .map(({ coin, chain }) => [`${coin}|${chain}`, nowMs] as const);
  return Object.fromEntries([...recent, ...open]);
}
