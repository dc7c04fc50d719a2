/**
 * How sound a venue looks now: its own switches read afresh, every other signal as the watch remembers it, judged with the state in
 * which it was, under a person's override; every change is an event with its evidence.
 */

import type { VenueId } from '../domain/ids.ts';
import type { Observed } from '../domain/observed.ts';
import type { VenueHealth } from '../domain/venue.ts';
import {
  assessVenue,
  calmAgain,
  type PreviousAssessment,
  type VenueAssessment,
} from '../signals/solvency/assessVenue.ts';
import { coinsStated, partlyShut } from '../signals/solvency/chains.ts';
import { switchObservations } from '../signals/solvency/observations.ts';
import { isVoid, overridden, type VenueOverride } from '../signals/solvency/override.ts';
import { SOLVENCY_RULES } from '../signals/solvency/rules.ts';
import { attempt } from './attempt.ts';
import type { KnownVenueState } from './ports/stores.ts';
import type { VenueReader, VenueSigns } from './ports/venue.ts';
import type { Ports } from './ports.ts';
import { withdrawalLine } from './withdrawalLine.ts';

/** More than two look at one venue at once hardly ever: the watch, a decision, a person. */
const triesMax = 5;

/** @param read the venue's switches, where they were read just now. */
export async function assessHealth(
  ports: Ports,
  reader: VenueReader,
  read?: Observed<VenueSigns>,
): Promise<VenueHealth> {
  const { mainCoins } = ports.solvency?.rules ?? SOLVENCY_RULES;
  const signs = read ?? (await attempt(ports, () => reader.signs(mainCoins)));
  let line: string | null = null;
  for (let i = 0; i < triesMax; i += 1) {
    const look = await judge(ports, reader, signs);
    // The venue is asked before the stores are read for good: nothing slow lies between reading and writing.
    if (look.counted.state === 'exit' && line === null) {
      line = await withdrawalLine(ports, reader);
    } else if (await isSettled(ports, reader, withLine(look, line))) {
      const { state, defaultProbabilityAnnual, evidence, assessedAtMs } = withLine(
        look,
        line,
      ).counted;
      return { state, defaultProbabilityAnnual, evidence, assessedAtMs };
    }
  }
  const { defaultProbabilityAnnual, assessedAtMs } = (await judge(ports, reader, signs)).counted;
  const evidence = ['unknown: others wrote what they saw meanwhile, again and again'];
  return { state: 'unknown', defaultProbabilityAnnual, evidence, assessedAtMs };
}

type Judged = {
  /** By the signals, and with a person's word. */
  readonly bySignals: VenueAssessment;
  readonly counted: VenueAssessment;
  /** What it was judged with. */
  readonly before: KnownVenueState | null;
  readonly assessed: PreviousAssessment | null;
  readonly override: VenueOverride | null;
};

async function judge(
  ports: Ports,
  { id }: VenueReader,
  signs: Observed<VenueSigns>,
): Promise<Judged> {
  const watch = ports.solvency;
  const nowMs = ports.clock.nowMs();
  const [before, kept, assessed, override] = await Promise.all([
    ports.state.venueState(id),
    watch?.store.memory(id) ?? null,
    watch?.store.assessed(id) ?? null,
    watch?.store.override(id) ?? null,
  ]);
  const rules = watch?.rules ?? SOLVENCY_RULES;
  const chains = signs.kind === 'observed' ? (signs.value.chains ?? []) : [];
  const partial = partlyShut(chains, kept?.memory.chainsOpenAtMs ?? {}, nowMs);
  const stated = kept === null ? [] : coinsStated(kept.memory, []);
  const silent = stated.filter(
    (coin) => rules.mainCoins.includes(coin) && !chains.some((one) => one.coin === coin),
  );
  const switches = switchObservations(signs, partial, silent);
  const observations = { ...switches, ...kept?.memory.signals };
  const last = assessed ?? (before === null ? null : { ...before, lookedAtMs: before.atMs });
  const previous = watch === undefined ? last : calmAgain(last, nowMs, watch.lookAgeMsMax);
  const bySignals = assessVenue(observations, previous, nowMs, rules);
  const counted = overridden(bySignals, override, nowMs, rules.hazards);
  return { bySignals, counted, before, assessed, override };
}

function withLine(look: Judged, line: string | null): Judged {
  const { counted } = look;
  if (line === null || counted.state !== 'exit') return look;
  return { ...look, counted: { ...counted, evidence: [...counted.evidence, line] } };
}

/** Writes what was found. @returns false: another look or a word has come in between, and this one is not written. */
async function isSettled(
  ports: Ports,
  { id }: VenueReader,
  { bySignals, counted, before, assessed, override }: Judged,
): Promise<boolean> {
  const { state, confirmedAtMs, defaultProbabilityAnnual, evidence, assessedAtMs } = counted;
  const store = ports.solvency?.store;
  const knownAtMs = assessed?.lookedAtMs ?? null;
  // The signals' own word first: whoever is too late there reads it again, and judges by it.
  const isNext = await (store?.recordAssessed(id, bySignals, assessedAtMs, knownAtMs) ?? true);
  if (!isNext) return false;
  const stored = { state, confirmedAtMs, defaultProbabilityAnnual, evidence };
  const known = before?.sequence ?? 0;
  if (!(await ports.state.recordVenueState(id, stored, assessedAtMs, known))) return false;
  if (override !== null) await endIfVoid(ports, id, override, bySignals);
  if (before === null || before.state === state) return true;
  const change = { venue: id, from: before.state, to: state, evidence };
  ports.reporter.warn({ event: 'venueState', ...change });
  await note(ports, 'venueState', change, assessedAtMs);
  return true;
}

async function endIfVoid(
  ports: Ports,
  venue: VenueId,
  override: VenueOverride,
  { state: signalsSay, assessedAtMs }: VenueAssessment,
): Promise<void> {
  const { state: before, reason, by } = override;
  if (!isVoid(override, signalsSay)) return;
  if ((await ports.solvency?.store.endOverride(venue, override, assessedAtMs)) !== true) return;
  const ended = { venue, before, after: 'void', signalsSay, reason, by };
  ports.reporter.warn({ event: 'venueOverride', ...ended });
  await note(ports, 'venueOverride', ended, assessedAtMs);
}

async function note(ports: Ports, kind: string, detail: unknown, atMs: number): Promise<void> {
  const portfolio = ports.solvency?.portfolio;
  if (portfolio !== undefined) await ports.state.appendEvent(portfolio, kind, detail, atMs);
}
