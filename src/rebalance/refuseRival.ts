/** Two daemons on one account take each other's positions for their own: the one that comes second is refused. */
import type { Fill } from '../domain/fill.ts';
import { type ClientOrderId, originOf, ownerPrefix, type VenueId } from '../domain/ids.ts';
import { OperatingError } from '../domain/operatingError.ts';
import type { Policy } from '../domain/policy.ts';
import { requiredSymbols } from '../domain/universe.ts';
import { type ForeignAct, noteForeignAct, rivalQuietMs, rivalsSeen } from './foreignActivity.ts';
import { loadInstruments } from './observeMarket.ts';
import type { Venue, VenueOrder } from './ports/venue.ts';
import type { Ports } from './ports.ts';

export const rivalError = (venue: VenueId, seen: string): OperatingError =>
  new OperatingError(`another daemon trades the account of ${venue}, was seen by ${seen}`, {
    retryable: false,
    fault: 'refusal',
    remedy:
      'stop the other daemon, cancel what it left, and start this one again an hour after its last order, or give each an account of its own',
  });

/**
 * Before anything is opened, set or settled: whose orders rest there, whose fills made what the account holds.
 *
 * Our own rows may be a copy: what settling would cancel and repair is then the other's.
 *
 * @throws OperatingError when a daemon whose orders our rows do not know is at work there, or was of late.
 */
export async function refuseRivals(ports: Ports, policy: Policy, venue: Venue): Promise<void> {
  const { id } = venue.reader;
  const prefix = ownerPrefix(await ports.state.installation(), policy.portfolio);
  const isOpened = (await ports.state.cursor(`opened|${id}`)) !== null;
  for (const { act, seen } of await actsSeen(ports, policy, venue)) {
    // What persons did in an opened account is noted when it is booked.
    if (isOpened && originOf(act.clientOrderId, prefix) === 'stranger') continue;
    if ((await ports.orders.find(act.clientOrderId)) !== null) continue;
    if (await noteForeignAct(ports, policy, act)) throw rivalError(id, seen);
  }
  const [remembered] = await rivalsSeen(ports, policy, id);
  if (remembered !== undefined) throw rivalError(id, remembered.venueSays);
}

type NamedAct = {
  readonly act: ForeignAct & { readonly clientOrderId: ClientOrderId };
  readonly seen: string;
};

/** Orders that rest, and fills of the last hour, that have a client id. */
async function actsSeen(ports: Ports, policy: Policy, venue: Venue): Promise<readonly NamedAct[]> {
  const { reader } = venue;
  const nowMs = ports.clock.nowMs();
  const instruments = await loadInstruments(ports, venue, requiredSymbols(policy)[reader.id] ?? []);
  const traded = instruments.filter((instrument) => instrument.kind !== 'earn');
  const [orders, fills] = await Promise.all([
    reader.openOrders(instruments),
    reader.fills(traded, nowMs - rivalQuietMs),
  ]);
  const named = (one: VenueOrder | Fill, atMs: number, what: string): readonly NamedAct[] => {
    const { clientOrderId, instrument } = one;
    if (clientOrderId === null) return [];
    const act = { venue: reader.id, instrument, clientOrderId, atMs };
    return [{ act, seen: `${what} ${clientOrderId} at ${atMs}` }];
  };
  return [
    ...orders.flatMap((order) => named(order, nowMs, 'its resting order')),
    ...fills
      .filter((fill) => nowMs - fill.filledAtMs < rivalQuietMs)
      .flatMap((fill) => named(fill, fill.filledAtMs, 'a fill of its order')),
  ];
}
