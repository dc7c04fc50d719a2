/** The venues' part of the status: how sound each looks, what lies there and how much may. */
import type { Policy } from '../domain/policy.ts';
import type { Balance } from '../ledger/book.ts';
import type { GuardRung } from '../margin/guard.ts';
import type { DecisionRecord, KnownVenueState } from '../rebalance/ports/stores.ts';
import { fundingPaidUsd, type HeldBook } from './heldBook.ts';
import type { LiveFacts, VenueStatus } from './status.ts';

export type VenueFacts = {
  readonly policy: Policy;
  readonly latest: DecisionRecord | null;
  readonly balances: readonly Balance[];
  readonly live: LiveFacts | null;
  readonly held: HeldBook | null;
  /** Of the portfolio. */
  readonly equityUsd: number | null;
  readonly stored: ReadonlyMap<string, KnownVenueState | null>;
  readonly rungs: ReadonlyMap<string, GuardRung | null>;
  readonly nowMs: number;
  /** What was seen longer ago says nothing of now. */
  readonly lookAgeMsMax: number;
};

export function venueStatuses(facts: VenueFacts): readonly VenueStatus[] {
  const { policy, latest, balances, live, held, nowMs, lookAgeMsMax } = facts;
  const unit = latest?.snapshot.unit;
  return policy.venues.map(({ id, exchange, environment }) => {
    const stored = facts.stored.get(id) ?? null;
    const observation = latest?.snapshot.venues.find((one) => one.id === id);
    const account = observation?.account;
    const then = account?.kind === 'observed' ? account.value : null;
    const thenRatio =
      then === null || then.equityUsd <= 0 ? null : then.maintenanceMarginUsd / then.equityUsd;
    const atMs = stored?.atMs ?? observation?.health.assessedAtMs ?? null;
    const ageMs = atMs === null ? null : nowMs - atMs;
    const isStale = ageMs !== null && ageMs > lookAgeMsMax;
    const evidence = stored?.evidence ?? observation?.health.evidence ?? [];
    const seen = live?.accounts.get(id);
    const defaultProbabilityAnnual =
      stored?.defaultProbabilityAnnual ?? observation?.health.defaultProbabilityAnnual ?? null;
    return {
      id,
      exchange,
      environment,
      state: isStale ? 'unknown' : (stored?.state ?? observation?.health.state ?? 'unknown'),
      evidence: isStale ? [`last looked at ${ageMs} ms ago`, ...evidence] : evidence,
      lookAgeMs: ageMs,
      equityUsd: held?.venues.get(id)?.equityUsd ?? seen?.equityUsd ?? null,
      marginRatio: seen === undefined ? thenRatio : seen.marginRatio,
      guardRung: seen?.level ?? facts.rungs.get(id) ?? null,
      capUsd: capUsd(policy, facts.equityUsd, defaultProbabilityAnnual),
      defaultProbabilityAnnual,
      liquidationDistanceShare: held?.venues.get(id)?.liquidationDistanceShare ?? null,
      fundingPaidUsd: unit?.kind === 'known' ? fundingPaidUsd(balances, id, unit.usdByCoin) : null,
    };
  });
}

/** min(share, loss budget ÷ (default probability · loss given default)) of the equity. */
function capUsd(policy: Policy, equityUsd: number | null, probability: number | null) {
  const { venueShareMax, venueLossBudgetShare, lossGivenDefaultShare } = policy.sizing;
  if (equityUsd === null || probability === null) return null;
  const lossRate = probability * lossGivenDefaultShare;
  const lossShare = lossRate > 0 ? venueLossBudgetShare / lossRate : venueShareMax;
  return Math.min(venueShareMax, lossShare) * equityUsd;
}
