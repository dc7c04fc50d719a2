/** What the margin guard remembers between two runs and across restarts: rung and time per venue, kept as cursors. */
import type { VenueId } from '../domain/ids.ts';
import { type GuardMemory, guardRungs, rankOf } from '../margin/guard.ts';
import type { Ports } from './ports.ts';

const cursorsOf = (portfolio: string, venue: VenueId) => ({
  rung: `guardRung|${portfolio}|${venue}`,
  keptAt: `guardKeptAt|${portfolio}|${venue}`,
});

export async function readGuardMemory(
  { state }: Pick<Ports, 'state'>,
  portfolio: string,
  venue: VenueId,
): Promise<GuardMemory | null> {
  const names = cursorsOf(portfolio, venue);
  const [rank, keptAtMs] = await Promise.all([
    state.cursor(names.rung),
    state.cursor(names.keptAt),
  ]);
  const rung = rank === null ? undefined : guardRungs[rank];
  return rung === undefined || keptAtMs === null ? null : { rung, keptAtMs };
}

/** The time first: a rung without it would be kept from when an earlier one was. */
export async function writeGuardMemory(
  { state }: Ports,
  portfolio: string,
  venue: VenueId,
  { rung, keptAtMs }: GuardMemory,
): Promise<void> {
  const names = cursorsOf(portfolio, venue);
  await state.setCursor(names.keptAt, keptAtMs);
  await state.setCursor(names.rung, rankOf(rung));
}
