/**
 * The depeg watch: pegged → restrict (nothing is added) → exit, per stablecoin, with hysteresis both ways.
 *
 * A state is reached when the price has been below its threshold for a time, so that one venue's bad minute moves nothing; it is left
 * when the price has been back, half way to par or nearer, for a longer one. A price that is unknown keeps what was known.
 */
export const pegStates = ['pegged', 'restrict', 'exit'] as const;
export type PegState = (typeof pegStates)[number];

export type PegLimits = {
  /** Below par by this: nothing is added. */
  readonly restrictShare: number;
  /** Below par by this: the coin's legs are left. */
  readonly exitShare: number;
  readonly confirmMs: number;
  readonly releaseMs: number;
};

export type PegMemory = {
  readonly state: PegState;
  /** Since when the price has been worse than the state; null: it is not. */
  readonly worseSinceMs: number | null;
  /** When the price last justified the state. */
  readonly keptAtMs: number;
};

/** Back above par less this share of the threshold is back. */
const RELEASE_RATIO = 0.5;

const rankOf = (state: PegState): number => pegStates.indexOf(state);

/** @param priceUsd the median over venues in the book's unit; null: unknown. */
export function nextPeg(
  memory: PegMemory | null,
  priceUsd: number | null,
  limits: PegLimits,
  nowMs: number,
): PegMemory {
  const before = memory ?? { state: 'pegged', worseSinceMs: null, keptAtMs: nowMs };
  if (priceUsd === null) return before;
  const reached = stateAt(priceUsd, limits, 1);
  if (rankOf(reached) > rankOf(before.state)) {
    const worseSinceMs = before.worseSinceMs ?? nowMs;
    return nowMs - worseSinceMs >= limits.confirmMs
      ? { state: reached, worseSinceMs: null, keptAtMs: nowMs }
      : { state: before.state, worseSinceMs, keptAtMs: nowMs };
  }
  const kept = stateAt(priceUsd, limits, RELEASE_RATIO);
  if (rankOf(kept) >= rankOf(before.state)) {
    return { state: before.state, worseSinceMs: null, keptAtMs: nowMs };
  }
  return nowMs - before.keptAtMs >= limits.releaseMs
    ? { state: kept, worseSinceMs: null, keptAtMs: nowMs }
    : { ...before, worseSinceMs: null };
}

function stateAt(priceUsd: number, limits: PegLimits, ratio: number): PegState {
  const gap = 1 - priceUsd;
  if (gap >= limits.exitShare * ratio) return 'exit';
  return gap >= limits.restrictShare * ratio ? 'restrict' : 'pegged';
}
