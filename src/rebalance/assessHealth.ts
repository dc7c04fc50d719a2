/** How sound a venue looks now: its own switches, judged with the state in which it was; every change is an event with its evidence. */
import type { VenueHealth } from '../domain/venue.ts';
import { assessVenue } from '../signals/solvency/assessVenue.ts';
import { switchObservations } from '../signals/solvency/observations.ts';
import { attempt } from './attempt.ts';
import type { VenueReader } from './ports/venue.ts';
import type { Ports } from './ports.ts';

export async function assessHealth(ports: Ports, reader: VenueReader): Promise<VenueHealth> {
  const [signs, previous] = await Promise.all([
    attempt(ports, () => reader.signs()),
    ports.state.venueState(reader.id),
  ]);
  const nowMs = ports.clock.nowMs();
  const assessment = assessVenue(switchObservations(signs), previous, nowMs);
  const { state, confirmedAtMs, defaultProbabilityAnnual, evidence, assessedAtMs } = assessment;
  const stored = { state, confirmedAtMs, defaultProbabilityAnnual, evidence };
  await ports.state.recordVenueState(reader.id, stored, nowMs);
  if (previous !== null && previous.state !== state) {
    const change = { venue: reader.id, from: previous.state, to: state, evidence };
    ports.reporter.warn({ event: 'venueState', ...change });
  }
  return { state, defaultProbabilityAnnual, evidence, assessedAtMs };
}
