/**
 * How sound a venue looks now: its own switches read afresh, every other signal as the watch remembers it, judged with the state in
 * which it was, under a person's override; every change is an event with its evidence.
 */
import type { Observed } from '../domain/observed.ts';
import type { VenueHealth } from '../domain/venue.ts';
import { assessVenue, type VenueAssessment } from '../signals/solvency/assessVenue.ts';
import { partlyShut } from '../signals/solvency/chains.ts';
import { switchObservations } from '../signals/solvency/observations.ts';
import { overridden } from '../signals/solvency/override.ts';
import { SOLVENCY_RULES } from '../signals/solvency/rules.ts';
import { attempt } from './attempt.ts';
import type { StoredVenueState } from './ports/stores.ts';
import type { VenueReader, VenueSigns } from './ports/venue.ts';
import type { Ports } from './ports.ts';
import { withdrawalLine } from './withdrawalLine.ts';

/** @param read the venue's switches, where they were read just now. */
export async function assessHealth(
  ports: Ports,
  reader: VenueReader,
  read?: Observed<VenueSigns>,
): Promise<VenueHealth> {
  const watch = ports.solvency;
  const { id } = reader;
  const [signs, before, kept, assessed, override] = await Promise.all([
    read ?? attempt(ports, () => reader.signs()),
    ports.state.venueState(id),
    watch?.store.memory(id) ?? null,
    watch?.store.assessed(id) ?? null,
    watch?.store.override(id) ?? null,
  ]);
  const nowMs = ports.clock.nowMs();
  const rules = watch?.rules ?? SOLVENCY_RULES;
  const chains = signs.kind === 'observed' ? (signs.value.chains ?? []) : [];
  const partial = partlyShut(chains, kept?.memory.chainsOpenAtMs ?? {}, nowMs);
  const observations = { ...switchObservations(signs, partial), ...kept?.memory.signals };
  const bySignals = assessVenue(observations, assessed ?? before, nowMs, rules);
  const { state: signalled, confirmedAtMs } = bySignals;
  await watch?.store.recordAssessed(id, { state: signalled, confirmedAtMs }, nowMs);
  const counted = overridden(bySignals, override, nowMs, rules.hazards);
  const evidence = [...counted.evidence];
  if (counted.state === 'exit') evidence.push(await withdrawalLine(ports, reader));
  await settle(ports, reader, { ...counted, evidence }, before);
  const { state, defaultProbabilityAnnual, assessedAtMs } = counted;
  return { state, defaultProbabilityAnnual, evidence, assessedAtMs };
}

async function settle(
  ports: Ports,
  { id }: VenueReader,
  assessment: VenueAssessment,
  before: StoredVenueState | null,
): Promise<void> {
  const { state, confirmedAtMs, defaultProbabilityAnnual, evidence, assessedAtMs } = assessment;
  const stored = { state, confirmedAtMs, defaultProbabilityAnnual, evidence };
  await ports.state.recordVenueState(id, stored, assessedAtMs);
  if (before === null || before.state === state) return;
  const change = { venue: id, from: before.state, to: state, evidence };
  ports.reporter.warn({ event: 'venueState', ...change });
  const portfolio = ports.solvency?.portfolio;
  if (portfolio !== undefined) {
    await ports.state.appendEvent(portfolio, 'venueState', change, assessedAtMs);
  }
}
