/**
 * The kill switch: the venues first, the database second; one person can pull it, resuming is a separate act.
 *
 * Works beside a running daemon and without one: it needs the venues and the database, each on its own.
 */
import type { VenueId } from '../domain/ids.ts';
import { OperatingError } from '../domain/operatingError.ts';
import type { Policy } from '../domain/policy.ts';
import { requiredSymbols } from '../domain/universe.ts';
import { loadEach } from './loadEach.ts';
import type { Venue } from './ports/venue.ts';
import type { Ports } from './ports.ts';
import { releaseRepeats } from './repeatLatch.ts';

export type HaltReport = {
  readonly venues: readonly {
    readonly venue: VenueId;
    /** null: it failed. */
    readonly cancelled: number | null;
    /** What could not be reached, also where the rest was cancelled; null: nothing. */
    readonly failure: string | null;
  }[];
};

/** Cancels what rests at every venue; a venue or an instrument that fails does not keep the others. */
export async function cancelEverywhere(
  venues: ReadonlyMap<VenueId, Venue>,
  policy: Policy,
): Promise<HaltReport['venues']> {
  const symbols = requiredSymbols(policy);
  return await Promise.all(
    [...venues].map(async ([venue, { reader, gateway }]) => {
      try {
        const { instruments, failure } = await loadEach(reader, symbols[venue] ?? []);
        // Without any instrument, too: many venues cancel whatever rests in the account.
        return { venue, cancelled: await gateway.cancelAll(instruments), failure };
      } catch (error) {
        if (!(error instanceof OperatingError)) throw error;
        return { venue, cancelled: null, failure: error.message };
      }
    }),
  );
}

/** @throws OperatingError when the database does not take it. */
/** @param by who, for the record. */
export async function recordHalt(
  ports: Ports,
  portfolio: string,
  reason: string,
  by = 'the daemon',
): Promise<void> {
  const nowMs = ports.clock.nowMs();
  await ports.state.setHalt(portfolio, reason, nowMs);
  await ports.state.appendEvent(portfolio, 'halted', { reason, by }, nowMs);
  ports.reporter.warn({ event: 'halted', reason });
}

/** Pulls the switch from within a running daemon. */
export async function halt(
  ports: Ports,
  policy: Policy,
  reason: string,
  by?: string,
): Promise<HaltReport> {
  const venues = await cancelEverywhere(ports.venues, policy);
  await recordHalt(ports, policy.portfolio, reason, by);
  return { venues };
}

/** Also opens what the repeated-execution throttle has shut: both want a person. */
export async function resume(ports: Ports, portfolio: string, by = 'the daemon'): Promise<void> {
  const nowMs = ports.clock.nowMs();
  await ports.state.setHalt(portfolio, null, nowMs);
  await releaseRepeats(ports);
  await ports.state.appendEvent(portfolio, 'resumed', { by }, nowMs);
  ports.reporter.event({ event: 'resumed', by });
}
