/** Two daemons on one account take each other's positions for their own: the one that comes second is refused. */
import type { VenueId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import { OperatingError } from '../domain/operatingError.ts';
import type { Policy } from '../domain/policy.ts';
import { noteForeignAct, rivalQuietMs } from './foreignActivity.ts';
import type { Venue } from './ports/venue.ts';
import type { Ports } from './ports.ts';

export const rivalError = (venue: VenueId, seen: string): OperatingError =>
  new OperatingError(`another daemon trades the account of ${venue}, was seen by ${seen}`, {
    retryable: false,
    fault: 'refusal',
    remedy:
      'stop the other daemon, cancel what it left, and start this one again an hour after its last order, or give each an account of its own',
  });

/**
 * Before a ledger is opened on what an account holds: whose fills made it.
 *
 * @throws OperatingError when a daemon did, of late.
 */
export async function refuseRivalFills(
  ports: Ports,
  policy: Policy,
  { reader }: Venue,
  instruments: readonly Instrument[],
): Promise<void> {
  const traded = instruments.filter((instrument) => instrument.kind !== 'earn');
  const fills = await reader.fills(traded, ports.clock.nowMs() - rivalQuietMs);
  for (const { clientOrderId, instrument, filledAtMs } of fills) {
    if (clientOrderId === null) continue;
    if ((await ports.orders.find(clientOrderId)) !== null) continue;
    const act = { venue: reader.id, instrument, clientOrderId, atMs: filledAtMs };
    if (await noteForeignAct(ports, policy, act)) {
      throw rivalError(reader.id, `a fill of its order ${clientOrderId} at ${filledAtMs}`);
    }
  }
}
