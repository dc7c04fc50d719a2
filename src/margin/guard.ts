/**
 * The margin guard's ladder: calm → warn → noIncrease → deleverage → flatten, per venue account.
 *
 * A rung is reached at once, by maintenance ÷ equity or by how small a move would liquidate the account, and left only when both
 * have been better than the rung by a margin for a time. An account that cannot be read is never calm.
 */
export const guardRungs = ['calm', 'warn', 'noIncrease', 'deleverage', 'flatten'] as const;
export type GuardRung = (typeof guardRungs)[number];
type Raised = Exclude<GuardRung, 'calm'>;

export type GuardLimits = {
  /** Maintenance ÷ equity from which a rung holds. */
  readonly ratioAt: Readonly<Record<Raised, number>>;
  /** Move that liquidates, at or below which a rung holds. */
  readonly distanceAt: Readonly<Record<Raised, number>>;
  /** A rung is left only when the reading is better than it by this share. */
  readonly releaseShare: number;
  /** And has been so for this long. */
  readonly holdMs: number;
};

export type MarginState =
  | {
      readonly kind: 'known';
      readonly equityUsd: number;
      readonly maintenanceUsd: number;
      /** Smallest move that liquidates; null: none does; unknown: a position or a price could not be read. */
      readonly distanceShare: number | null | 'unknown';
    }
  | { readonly kind: 'unknown'; readonly reason: string };

/** What is remembered between two readings. */
export type GuardMemory = {
  readonly rung: GuardRung;
  /** When a reading last justified it. */
  readonly keptAtMs: number;
};

export const rankOf = (rung: GuardRung): number => guardRungs.indexOf(rung);
export const isAtLeast = (rung: GuardRung, least: GuardRung): boolean =>
  rankOf(rung) >= rankOf(least);

/** Maintenance ÷ equity: 0 where nothing is held, null where there is no equity left to divide by. */
export function marginRatioOf(maintenanceUsd: number, equityUsd: number): number | null {
  if (maintenanceUsd === 0) return equityUsd >= 0 ? 0 : null;
  return equityUsd > 0 ? maintenanceUsd / equityUsd : null;
}

/** The next rung. @param memory null: the first reading ever. */
export function nextRung(
  memory: GuardMemory | null,
  state: MarginState,
  limits: GuardLimits,
  nowMs: number,
): GuardMemory {
  const before = memory ?? { rung: 'calm', keptAtMs: nowMs };
  const reached = rungNow(state, limits);
  if (isAtLeast(reached, before.rung)) return { rung: reached, keptAtMs: nowMs };
  const kept = rungOf(state, limits, limits.releaseShare);
  if (isAtLeast(kept, before.rung)) return { rung: before.rung, keptAtMs: nowMs };
  return nowMs - before.keptAtMs < limits.holdMs ? before : { rung: kept, keptAtMs: nowMs };
}

/** The rung that a reading justifies by itself: what is to be done now, while the remembered one says what may not be. */
export const rungNow = (state: MarginState, limits: GuardLimits): GuardRung =>
  rungOf(state, limits, 0);

/** The highest rung that the reading justifies with the limits tightened by `slackShare`. */
function rungOf(state: MarginState, limits: GuardLimits, slackShare: number): GuardRung {
  if (state.kind === 'unknown') return 'noIncrease';
  const { equityUsd, maintenanceUsd, distanceShare } = state;
  if (equityUsd <= 0) return maintenanceUsd > 0 ? 'flatten' : 'noIncrease';
  const ratio = maintenanceUsd / equityUsd;
  const holds = (rung: GuardRung): boolean =>
    rung === 'calm' ||
    ratio >= limits.ratioAt[rung] * (1 - slackShare) ||
    (distanceShare === 'unknown'
      ? rung === 'noIncrease'
      : distanceShare !== null && distanceShare <= limits.distanceAt[rung] * (1 + slackShare));
  return guardRungs.findLast(holds) ?? 'calm';
}
