/**
 * A person's word on a venue's state: always towards less risk, towards more only confirmed, for a time, and only as far as what the
 * person had seen. The probability of default is never talked down: sizing goes on by what the signals say.
 */
import type { VenueState } from '../../domain/venue.ts';
import { leastDefaultProbabilityAnnual, type VenueAssessment } from './assessVenue.ts';
import type { HazardRules } from './rules.ts';

export const OVERRIDE_STATES = ['watch', 'restrict', 'exit'] as const;
export type OverrideState = (typeof OVERRIDE_STATES)[number];

export type VenueOverride = {
  readonly state: OverrideState;
  /** What the signals said when it was given. */
  readonly signalsSaid: VenueState;
  readonly reason: string;
  readonly by: string;
  readonly givenAtMs: number;
  /** null: until it is lifted, which only a word towards less risk may be. */
  readonly untilMs: number | null;
};

/** From most to least that is allowed: unknown allows no new risk, watch does. */
const SEVERITY: Readonly<Record<VenueState, number>> = {
  healthy: 0,
  watch: 1,
  unknown: 2,
  restrict: 3,
  exit: 4,
};

/** Whether a state allows more than the signals do. */
export const allowsMore = (state: VenueState, signalsSay: VenueState): boolean =>
  SEVERITY[state] < SEVERITY[signalsSay];

/**
 * The state that counts, with the override among the evidence.
 *
 * Given against better signals it is a floor. Given against worse ones it holds while they are no worse than they were then; a
 * venue that has gone dark since is worse.
 */
export function overridden(
  assessment: VenueAssessment,
  override: VenueOverride | null,
  nowMs: number,
  hazards: HazardRules,
): VenueAssessment {
  if (override === null || !isInForce(override, nowMs)) return assessment;
  const { state, signalsSaid } = override;
  const signalsSay = assessment.state;
  const word = wordOf(override);
  const hasEnded = isVoid(override, signalsSay);
  // Against better signals a floor, against worse ones what was asked for; else the signals are there already.
  const isNeeded = allowsMore(state, signalsSaid)
    ? allowsMore(state, signalsSay)
    : allowsMore(signalsSay, state);
  if (hasEnded || !isNeeded) {
    const why = hasEnded
      ? `void, the signals have become worse than ${signalsSaid}`
      : 'of no effect';
    return { ...assessment, evidence: [...assessment.evidence, `override ${why}: ${word}`] };
  }
  return {
    ...assessment,
    state,
    defaultProbabilityAnnual: Math.max(
      assessment.defaultProbabilityAnnual,
      leastDefaultProbabilityAnnual(state, hazards),
    ),
    evidence: [...assessment.evidence, `override: ${word}; the signals say ${signalsSay}`],
  };
}

/** Given to allow more than the signals did, which have become worse since: it has ended, and does not come back with better ones. */
export const isVoid = (
  { state, signalsSaid }: Pick<VenueOverride, 'state' | 'signalsSaid'>,
  signalsSay: VenueState,
): boolean =>
  allowsMore(state, signalsSaid) &&
  (allowsMore(signalsSaid, signalsSay) || (signalsSay === 'unknown' && signalsSaid !== 'unknown'));

export const isInForce = ({ untilMs }: VenueOverride, nowMs: number): boolean =>
  untilMs === null || nowMs < untilMs;

function wordOf({ state, by, untilMs, reason }: VenueOverride): string {
  const until = untilMs === null ? 'lifted' : new Date(untilMs).toISOString();
  return `${state} by ${by} until ${until}: ${reason}`;
}
