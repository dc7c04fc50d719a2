/**
 * The venues' dead-man switches, armed again by every round of the margin watch: a daemon that is gone leaves nothing resting.
 *
 * Needs no lease: arming cancels nothing by itself. A venue that has none is told once; one that was not armed, each time.
 * Nobody needs to wait for a round: a venue that has not answered the one before is left out of the next.
 */
import type { VenueId } from '../domain/ids.ts';
import { OperatingError } from '../domain/operatingError.ts';
import type { Venue } from './ports/venue.ts';
import type { Ports } from './ports.ts';

/** @returns starts a round, which resolves once every venue has answered and never rejects: what broke in it, the next throws. */
export function createDeadMan(ports: Ports, timeoutMs: number): () => Promise<void> {
  const told = new Set<VenueId>();
  const underWay = new Set<VenueId>();
  let broken: { readonly error: unknown } | null = null;

  const arm = async (venue: Venue): Promise<void> => {
    const { id } = venue.reader;
    if (underWay.has(id)) return;
    underWay.add(id);
    try {
      await armVenue(ports, venue, timeoutMs, told);
    } catch (error) {
      broken = { error };
    } finally {
      underWay.delete(id);
    }
  };

  return () => {
    if (broken !== null) throw broken.error;
    const venues = ports.stopping?.aborted === true ? [] : [...ports.venues.values()];
    return Promise.all(venues.map(arm)).then(() => undefined);
  };
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
