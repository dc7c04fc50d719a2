/** What the watches left in the database: the guard's rungs, the no-increase fence, stablecoins off their pegs. */
import { type VenueId, venueId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import { stablecoinsOf } from '../domain/universe.ts';
import type { GuardRung } from '../margin/guard.ts';
import { noIncreaseCursor } from '../rebalance/fence.ts';
import { readGuardMemory } from '../rebalance/guardMemory.ts';
import { readPegs } from '../rebalance/pegMemory.ts';
import type { PegState } from '../signals/peg.ts';
import type { StatusPorts } from './readStatus.ts';

export type WatchMemory = {
  /** null: the guard keeps no rung of it, so it is calm or was never looked at. */
  readonly rungs: ReadonlyMap<VenueId, GuardRung | null>;
  /** null: increases are not forbidden now. */
  readonly noIncreaseUntilMs: number | null;
  readonly pegs: Readonly<Record<string, PegState>>;
};

/** @throws OperatingError when the database does not answer. */
export async function watchMemory(
  ports: Pick<StatusPorts, 'clock' | 'state'>,
  policy: Policy,
): Promise<WatchMemory> {
  const { portfolio, venues } = policy;
  const [untilMs, pegs, rungs] = await Promise.all([
    ports.state.cursor(noIncreaseCursor(portfolio)),
    readPegs(ports, portfolio, stablecoinsOf(policy)),
    Promise.all(
      venues.map(async (venue) => {
        const id = venueId(venue.id);
        return [id, (await readGuardMemory(ports, portfolio, id))?.rung ?? null] as const;
      }),
    ),
  ]);
  const isFenced = untilMs !== null && untilMs > ports.clock.nowMs();
  return { rungs: new Map(rungs), noIncreaseUntilMs: isFenced ? untilMs : null, pegs };
}
