/**
 * What others do in the account: orders and fills that are not ours, and those of another daemon, by their client ids.
 *
 * Told once each; kept as times, so that new risk waits until an instrument has been quiet, and a daemon until the other has.
 */
import type { ClientOrderId, InstrumentId, VenueId } from '../domain/ids.ts';
import { originOf, ownerPrefix } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import type { Discrepancy } from './ports/stores.ts';
import type { Ports } from './ports.ts';

/** How long ago somebody else's last act must be before new risk is taken beside it. */
export const foreignQuietMs = 600_000;
/** Another daemon may be between two of its decisions: its silence of a moment says nothing. */
export const rivalQuietMs = 3_600_000;

const quietCursor = (instrument: InstrumentId): string => `foreignUntil|${instrument}`;
const rivalCursor = (portfolio: string, venue: VenueId): string => `rival|${portfolio}|${venue}`;

export type ForeignAct = {
  readonly venue: VenueId;
  readonly instrument: InstrumentId;
  readonly clientOrderId: ClientOrderId | null;
  readonly atMs: number;
};

/** Notes an act that no row of ours explains, as the config wants it. @returns whether it is another daemon's. */
export async function noteForeignAct(
  ports: Ports,
  policy: Policy,
  act: ForeignAct,
): Promise<boolean> {
  const prefix = ownerPrefix(await ports.state.installation(), policy.portfolio);
  const origin = originOf(act.clientOrderId, prefix);
  if (origin === 'stranger') {
    const mode = policy.limits.foreignOrders ?? 'alert';
    if (mode === 'alert') return false;
    await ports.state.setCursor(quietCursor(act.instrument), act.atMs + foreignQuietMs);
    if (mode === 'halt') await haltFor(ports, policy, act);
    return false;
  }
  // With our own name and unknown to our rows: another database of this installation, or an older one.
  const cursor = rivalCursor(policy.portfolio, act.venue);
  const knownMs = (await ports.state.cursor(cursor)) ?? 0;
  if (act.atMs <= knownMs) return true;
  const detail = { venue: act.venue, instrument: act.instrument, clientOrderId: act.clientOrderId };
  await ports.state.appendEvent(policy.portfolio, 'otherDaemon', detail, ports.clock.nowMs());
  ports.reporter.warn({ event: 'otherDaemon', ...detail });
  await ports.state.setCursor(cursor, act.atMs);
  return true;
}

async function haltFor(ports: Ports, policy: Policy, { instrument }: ForeignAct): Promise<void> {
  if ((await ports.state.halt(policy.portfolio)).halted) return;
  const reason = `somebody else trades ${instrument}`;
  const nowMs = ports.clock.nowMs();
  await ports.state.setHalt(policy.portfolio, reason, nowMs);
  await ports.state.appendEvent(policy.portfolio, 'halted', { reason }, nowMs);
  ports.reporter.warn({ event: 'halted', reason });
}

/** Another daemon that has been seen in the account of late: a difference that only a person can settle. */
export async function rivalsSeen(
  ports: Ports,
  policy: Policy,
  venue: VenueId,
): Promise<readonly Discrepancy[]> {
  const seenMs = await ports.state.cursor(rivalCursor(policy.portfolio, venue));
  if (seenMs === null || ports.clock.nowMs() - seenMs >= rivalQuietMs) return [];
  return [
    {
      venue,
      kind: 'owner',
      subject: 'another daemon',
      ledger: 'one daemon an account',
      venueSays: `orders with its client ids, the last at ${seenMs}`,
    },
  ];
}

/** Instruments in which others have been at work of late; none unless the config wants them refused. */
export async function foreignInstruments(
  ports: Ports,
  policy: Policy,
  instruments: readonly InstrumentId[],
): Promise<readonly InstrumentId[]> {
  if ((policy.limits.foreignOrders ?? 'alert') === 'alert') return [];
  const nowMs = ports.clock.nowMs();
  const untils = await Promise.all(instruments.map((id) => ports.state.cursor(quietCursor(id))));
  return instruments.filter((_, index) => (untils[index] ?? 0) > nowMs);
}
