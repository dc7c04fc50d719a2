/**
 * The kill switch: venues and record at once, neither waits for the other; then every venue once more.
 *
 * Works beside a running daemon and without one: it needs the venues and the database, each on its own. One person can pull
 * it; resuming is a separate act.
 */
import type { VenueId } from '../domain/ids.ts';
import { OperatingError } from '../domain/operatingError.ts';
import type { Policy } from '../domain/policy.ts';
import { requiredSymbols } from '../domain/universe.ts';
import { loadEach } from './loadEach.ts';
import type { Venue } from './ports/venue.ts';
import type { Ports } from './ports.ts';
import { releaseRepeats } from './repeatLatch.ts';

type Swept = {
  readonly venue: VenueId;
  /** What it has confirmed; a sweep without an answer may have cancelled more. null: it confirmed nothing. */
  readonly cancelled: number | null;
  /** What could not be reached, also where the rest was cancelled; null: nothing. */
  readonly failure: string | null;
};

export type HaltReport = { readonly venues: readonly Swept[] };

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

export type Pulled = HaltReport & {
  /** Why there is no record; null: there is one. */
  readonly unrecorded: OperatingError | null;
};

/**
 * Sweeps the venues beside the record, and each once more when both have ended, so that what a daemon sent before it could
 * read the halt is cancelled too. Also where the record failed: it may have arrived, and what came meanwhile rests all the same.
 *
 * A request that was signed just before the record may reach its venue after the second sweep: one for an order, at most. What
 * rests of it the daemon takes back (`workStage`: halted is closing) in its next round, which a venue that does not answer
 * holds up; after a crash, whoever goes on with the decision does. What it filled at once stays filled.
 */
export async function sweepAndRecord(
  venues: ReadonlyMap<VenueId, Venue>,
  policy: Policy,
  record: () => Promise<void>,
): Promise<Pulled> {
  const sweeps = [...venues].map((venue) => {
    const sweep = () => cancelEverywhere(new Map([venue]), policy);
    return { sweep, first: sweep() };
  });
  const recording = Promise.allSettled([record()]);
  // Each by itself: a venue that is slow holds back no other's second sweep.
  const swept = await Promise.allSettled(
    sweeps.map(async ({ sweep, first }) => {
      const before = await first;
      await recording;
      const after = await sweep();
      return [...before, ...after].reduce(bothSweeps);
    }),
  );
  const [recorded] = await recording;
  const reports = swept.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
  if (recorded.status === 'fulfilled') return { venues: reports, unrecorded: null };
  if (!(recorded.reason instanceof OperatingError)) throw recorded.reason;
  return { venues: reports, unrecorded: recorded.reason };
}

/** What the first sweep missed and the second reached rests no more: a failure stands where the second one failed. */
function bothSweeps(first: Swept, second: Swept): Swept {
  const counts = [first, second].flatMap(({ cancelled }) => cancelled ?? []);
  const failures = [first, second].flatMap(({ failure }) => failure ?? []);
  return {
    venue: second.venue,
    cancelled: counts.length === 0 ? null : counts.reduce((sum, one) => sum + one, 0),
    failure: second.failure === null ? null : [...new Set(failures)].join('; '),
  };
}

/** @param by who, for the record. @throws OperatingError when the database does not take it. */
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

/** Pulls the switch from within a running daemon. @throws OperatingError when it is not recorded; the venues are swept then. */
export async function halt(
  ports: Ports,
  policy: Policy,
  reason: string,
  by?: string,
): Promise<HaltReport> {
  const { venues, unrecorded } = await sweepAndRecord(ports.venues, policy, () =>
    recordHalt(ports, policy.portfolio, reason, by),
  );
  if (unrecorded !== null) throw unrecorded;
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
