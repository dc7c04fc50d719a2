/**
 * A person's word on a venue's state. Towards less risk it is taken as given; towards more than the signals allow only confirmed by
 * the venue's own name and for a stated time. Every word is an event with who, why, before and after.
 */
import type { VenueId } from '../domain/ids.ts';
import { OperatingError } from '../domain/operatingError.ts';
import type { VenueState } from '../domain/venue.ts';
import {
  allowsMore,
  type OverrideState,
  overridden,
  type VenueOverride,
} from '../signals/solvency/override.ts';
import type { SolvencyWatch } from './ports/solvency.ts';
import type { Ports } from './ports.ts';

/** A word against the signals is good for a week at most. */
const againstSignalsMsMax = 7 * 86_400_000;

export type OverrideAsked = {
  readonly venue: VenueId;
  /** `auto`: the signals alone. */
  readonly state: OverrideState | 'auto';
  readonly reason: string;
  readonly by: string;
  /** null: until it is lifted. */
  readonly untilMs: number | null;
  /** The venue's name, typed again. */
  readonly confirmed: string | null;
};

export type OverrideAnswer =
  | {
      readonly kind: 'recorded';
      readonly venue: VenueId;
      readonly before: VenueState;
      readonly signalsSay: VenueState;
      readonly override: VenueOverride | null;
    }
  | {
      readonly kind: 'refused';
      readonly code: 'CONFIRMATION_MISSING' | 'UNTIL_MISSING' | 'UNTIL_TOO_LATE' | 'UNTIL_PAST';
      readonly signalsSay: VenueState;
      readonly message: string;
    };

type OverridePorts = Pick<Ports, 'clock' | 'state' | 'solvency' | 'reporter'>;

/** @throws OperatingError when the database does not take it. */
export async function overrideVenue(
  ports: OverridePorts,
  asked: OverrideAsked,
): Promise<OverrideAnswer> {
  const watch = watchOf(ports);
  const nowMs = ports.clock.nowMs();
  const [assessed, stored] = await Promise.all([
    watch.store.assessed(asked.venue),
    ports.state.venueState(asked.venue),
  ]);
  const signalsSay = assessed?.state ?? stored?.state ?? 'unknown';
  const before = stored?.state ?? 'unknown';
  const refusal = refusalOf(asked, { signalsSay, before }, nowMs);
  if (refusal !== null) return { kind: 'refused', signalsSay, ...refusal };
  const { venue, state, reason, by, untilMs } = asked;
  const override: VenueOverride | null =
    state === 'auto'
      ? null
      : { state, signalsSaid: signalsSay, reason, by, givenAtMs: nowMs, untilMs };
  await watch.store.recordOverride(venue, override, nowMs);
  const detail = { venue, before, after: state, signalsSay, reason, by, untilMs };
  await ports.state.appendEvent(watch.portfolio, 'venueOverride', detail, nowMs);
  ports.reporter.warn({ event: 'venueOverride', ...detail });
  if (override !== null && allowsMore(signalsSay, override.state)) {
    await tightenNow(ports, watch, venue, override);
  }
  return { kind: 'recorded', venue, before, signalsSay, override };
}

/** What every send asks for is changed at once; the other way waits for the next look. */
async function tightenNow(
  { state, clock }: OverridePorts,
  { store, rules }: SolvencyWatch,
  venue: VenueId,
  override: VenueOverride,
): Promise<void> {
  const nowMs = clock.nowMs();
  const [assessed, stored] = await Promise.all([store.assessed(venue), state.venueState(venue)]);
  // From here on the stored state is no longer what the signals say.
  const signals = assessed ?? { state: override.signalsSaid, confirmedAtMs: nowMs };
  if (assessed === null) await store.recordAssessed(venue, signals, nowMs, null);
  const counted = overridden(
    { defaultProbabilityAnnual: 0, evidence: [], ...stored, ...signals, assessedAtMs: nowMs },
    override,
    nowMs,
    rules.hazards,
  );
  const { assessedAtMs: _, ...record } = counted;
  // In any case: a look that is under way has not heard the word and is refused by this.
  await state.recordVenueState(venue, record, nowMs);
}

function refusalOf(
  { venue, state, untilMs, confirmed }: OverrideAsked,
  { signalsSay, before }: { readonly signalsSay: VenueState; readonly before: VenueState },
  nowMs: number,
): Pick<Extract<OverrideAnswer, { kind: 'refused' }>, 'code' | 'message'> | null {
  if (untilMs !== null && untilMs <= nowMs) {
    return { code: 'UNTIL_PAST', message: 'the end must lie ahead' };
  }
  const isAgainstSignals = state !== 'auto' && allowsMore(state, signalsSay);
  const allowed = state === 'auto' ? signalsSay : state;
  if (!isAgainstSignals && !allowsMore(allowed, before)) return null;
  const against = isAgainstSignals
    ? `${state} allows more than the signals, which say ${signalsSay}`
    : `${state} allows more than what counts now, ${before}`;
  if (confirmed !== venue) {
    const message = `${against}: confirm it by the venue's name, ${venue}`;
    return { code: 'CONFIRMATION_MISSING', message };
  }
  if (!isAgainstSignals) return null;
  if (untilMs === null) {
    return { code: 'UNTIL_MISSING', message: `${against}: say until when` };
  }
  return untilMs - nowMs > againstSignalsMsMax
    ? { code: 'UNTIL_TOO_LATE', message: `${against}: for seven days at most` }
    : null;
}

export function watchOf({ solvency }: Pick<Ports, 'solvency'>): SolvencyWatch {
  if (solvency !== undefined) return solvency;
  throw new OperatingError('no solvency watch is composed here', {
    retryable: false,
    remedy: 'give the command a config',
  });
}
