/** The daemon's own venues, opened on simulated exchanges with the key that these take. */
import { type OpenVenueOptions, openVenue } from '../src/adapters/exchange/openVenue.ts';
import { type VenueId, venueId } from '../src/domain/ids.ts';
import type { Clock } from '../src/rebalance/ports.ts';

type Simulated = Pick<OpenVenueOptions, 'exchange' | 'environment' | 'endpoint'>;

/** @param venues by name. Each is `destroy`ed by who opened it. */
export async function openSimulated(
  venues: readonly (readonly [name: string, simulated: Simulated])[],
  clock: Clock,
) {
  const opened = await Promise.all(
    venues.map(async ([name, simulated]) => {
      const venue = await openVenue({
        id: venueId(name),
        ...simulated,
        acknowledgeLive: false,
        credentials: {
          source: 'the simulator’s own key',
          reveal: () => ({ apiKey: 'simulated', secret: 'simulated-secret', password: null }),
        },
        clock,
        chance: () => 0.5,
      });
      return [venueId(name), venue] as const;
    }),
  );
  return new Map<VenueId, (typeof opened)[number][1]>(opened);
}
