/**
 * The venues' dead-man switches, armed again by every round of the margin watch: a daemon that is gone leaves nothing resting.
 *
 * Needs no lease: arming cancels nothing by itself. A venue that has none is told once; one that was not armed, each time.
 */
import type { VenueId } from '../domain/ids.ts';
import { OperatingError } from '../domain/operatingError.ts';
import type { Venue } from './ports/venue.ts';
import type { Ports } from './ports.ts';

/** @param told venues without a switch that were told of; those of this round are added. */
export async function armDeadMan(
  ports: Ports,
  timeoutMs: number,
  told: Set<VenueId>,
): Promise<void> {
  if (ports.stopping?.aborted === true) return;
  await Promise.all(
    [...ports.venues.values()].map((venue) => armVenue(ports, venue, timeoutMs, told)),
  );
}

async function armVenue(
  { reporter }: Ports,
  { reader, gateway }: Venue,
  timeoutMs: number,
  told: Set<VenueId>,
): Promise<void> {
  const { id: venue, exchange } = reader;
  if (gateway.deadMan === undefined) {
    if (!told.has(venue)) reporter.warn({ event: 'deadManNotOffered', venue, exchange });
    told.add(venue);
    return;
  }
  try {
    await gateway.deadMan(timeoutMs);
  } catch (error) {
    if (!(error instanceof OperatingError)) throw error;
    reporter.warn({ event: 'deadManNotArmed', venue, reason: error.message });
  }
}
