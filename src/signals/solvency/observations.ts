/**
 * What can be read about a venue's soundness. Each signal is read, unknown, or not offered there at all.
 *
 * Not offered drops out (so that a test environment can trade); unknown, and read too long ago, is never "healthy".
 */
import type { Observed } from '../../domain/observed.ts';
import type { ChainReading } from './figures.ts';

export type Signal<T> = Observed<T> | { readonly kind: 'notOffered' };

export type WithdrawalReading = {
  /** Coins that cannot leave over any chain. */
  readonly halted: readonly string[];
  /** Coins of which some chains are shut. */
  readonly partial: readonly string[];
};

export type SolvencyObservations = {
  readonly status: Signal<'ok' | 'maintenance'>;
  readonly withdrawals: Signal<WithdrawalReading>;
  /** Withdrawal fee ÷ its 30-day median, the worst main coin. */
  readonly withdrawalFeeRatio: Signal<number>;
  /** Net flow of assets, signed, as shares of assets before; z against the venue's own history, robust. */
  readonly netflow24h: Signal<{ readonly share: number; readonly robustZ: number | null }>;
  readonly netflow7dShare: Signal<number>;
  /** Change of stablecoin reserves over 7 days, signed share. */
  readonly stableReserve7dShare: Signal<number>;
  /** Venue price ÷ median of other venues − 1, as it held for ten minutes. */
  readonly priceDislocationShare: Signal<number>;
  /** Funding less the median of other venues, in standard deviations. */
  readonly fundingDislocationSd: Signal<number>;
  /** Move of the venue's own token over 24 h in excess of BTC, signed. */
  readonly ownTokenExcess24h: Signal<number>;
  /** Own token ÷ reserves. */
  readonly ownTokenReserveShare: Signal<number>;
  /** Change of the reserve of the main coin that shrank most, over 7 days, signed share. */
  readonly mainCoinReserve7dShare: Signal<number>;
  readonly proofOfReserves: Signal<{ readonly asOfMs: number; readonly ratio: number }>;
  /** Change of the insurance pool over 8 h, signed share. */
  readonly insurance8hShare: Signal<number>;
  /** Depth at 10 bps ÷ its 30-day median. */
  readonly depthRatio: Signal<number>;
};

const NOT_OFFERED = { kind: 'notOffered' } as const;

/** Observations of a venue of which nothing is offered: the base to fill in. */
export const NOTHING_OFFERED: SolvencyObservations = {
  status: NOT_OFFERED,
  withdrawals: NOT_OFFERED,
  withdrawalFeeRatio: NOT_OFFERED,
  netflow24h: NOT_OFFERED,
  netflow7dShare: NOT_OFFERED,
  stableReserve7dShare: NOT_OFFERED,
  priceDislocationShare: NOT_OFFERED,
  fundingDislocationSd: NOT_OFFERED,
  ownTokenExcess24h: NOT_OFFERED,
  ownTokenReserveShare: NOT_OFFERED,
  mainCoinReserve7dShare: NOT_OFFERED,
  proofOfReserves: NOT_OFFERED,
  insurance8hShare: NOT_OFFERED,
  depthRatio: NOT_OFFERED,
};

/** The signals that every venue adapter can read: status and withdrawal switches. */
export type VenueSwitches = {
  /** `notOffered` where the venue has no such call; `unknown` where it has one that said nothing. */
  readonly status: 'ok' | 'maintenance' | 'unknown' | 'notOffered';
  /** null: the venue does not say. */
  readonly withdrawalsHalted: readonly string[] | null;
  /** Of the same coins, each chain by itself; not there: the venue does not say. */
  readonly chains?: readonly ChainReading[];
  readonly observedAtMs: number;
};

/**
 * Observations from a venue's own switches alone.
 *
 * @param read the adapter's answer; an unknown one makes both signals unknown.
 * @param partial coins of which a chain is newly shut, as memory tells.
 * @param silent coins that were stated before and are not now: a venue that stops saying is not one that never said.
 */
export function switchObservations(
  read: Observed<VenueSwitches>,
  partial: readonly string[] = [],
  silent: readonly string[] = [],
): SolvencyObservations {
  if (read.kind === 'unknown') return { ...NOTHING_OFFERED, status: read, withdrawals: read };
  const { status, observedAtMs } = read.value;
  return {
    ...NOTHING_OFFERED,
    status: statusSignal(status, observedAtMs),
    withdrawals: withdrawalSignal(read.value, partial, silent),
  };
}

/** A halt is told whatever else is silent. */
function withdrawalSignal(
  { withdrawalsHalted, observedAtMs }: VenueSwitches,
  partial: readonly string[],
  silent: readonly string[],
): SolvencyObservations['withdrawals'] {
  const isHalted = withdrawalsHalted !== null && withdrawalsHalted.length > 0;
  if (silent.length > 0 && !isHalted) {
    return { kind: 'unknown', reason: `the venue states no more: ${silent.join(' ')}` };
  }
  return withdrawalsHalted === null
    ? NOT_OFFERED
    : { kind: 'observed', value: { halted: withdrawalsHalted, partial }, observedAtMs };
}

function statusSignal(
  status: VenueSwitches['status'],
  observedAtMs: number,
): SolvencyObservations['status'] {
  switch (status) {
    case 'notOffered':
      return NOT_OFFERED;
    case 'unknown':
      return { kind: 'unknown', reason: 'the venue states no status' };
    case 'ok':
    case 'maintenance':
      return { kind: 'observed', value: status, observedAtMs };
  }
}
