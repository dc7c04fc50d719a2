/** Venues that are to be left and that the last decision did not know of: their legs are to be closed now, not at the next slot. */
import type { VenueId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import type { Ports } from './ports.ts';

/** Once a decision has seen the state, it stands in it: what it could not close is drift. None before the first decision. */
export async function venuesToLeave(
  { decisions, state, venues }: Pick<Ports, 'decisions' | 'state' | 'venues'>,
  { portfolio }: Pick<Policy, 'portfolio'>,
): Promise<readonly VenueId[]> {
  const states = await Promise.all(
    [...venues.keys()].map(async (id) => [id, (await state.venueState(id))?.state] as const),
  );
  const leaving = states.flatMap(([id, found]) => (found === 'exit' ? [id] : []));
  if (leaving.length === 0) return [];
  const latest = await decisions.latest(portfolio);
  if (latest === null) return [];
  const known = latest.snapshot.venues
    .filter(({ health }) => health.state === 'exit')
    .map(({ id }) => id);
  return leaving.filter((id) => !known.includes(id));
}
