/**
 * What may stop a request that is about to leave: the halt, the no-increase fence, the message rate, the venue's state.
 *
 * Read together at the beginning of a round, for all of its orders; who sends later than a moment after it reads again.
 */
import type { VenueId } from '../domain/ids.ts';
import type { VenueState } from '../domain/venue.ts';
import type { ExecutionContext, Work } from './executionContext.ts';
import { noIncreaseCursor } from './fence.ts';

export type Guards = {
  /** When the reading began. */
  readonly readAtMs: number;
  readonly halt: { readonly halted: boolean; readonly reason: string | null };
  readonly fencedUntilMs: number | null;
  readonly sentLastMinute: ReadonlyMap<VenueId, number>;
  /** As last assessed, maybe since the decision. */
  readonly venueStates: ReadonlyMap<VenueId, VenueState>;
};

const minuteMs = 60_000;
const ageMsMax = 50;

export async function readGuards(
  { ports, record }: ExecutionContext,
  works: readonly Work[],
): Promise<Guards> {
  const { portfolio } = record;
  const readAtMs = ports.clock.nowMs();
  const venues = [...new Set(works.map((work) => work.order.venue))];
  const [halt, fencedUntilMs, sent, states] = await Promise.all([
    ports.state.halt(portfolio),
    ports.state.cursor(noIncreaseCursor(portfolio)),
    Promise.all(
      venues.map((venue) => ports.orders.sentSince(portfolio, venue, readAtMs - minuteMs)),
    ),
    Promise.all(venues.map((venue) => ports.state.venueState(venue))),
  ]);
  const venueStates = new Map(
    venues.flatMap((venue, index) => {
      const stored = states[index];
      return stored === null || stored === undefined ? [] : [[venue, stored.state] as const];
    }),
  );
  const sentLastMinute = new Map(venues.map((venue, index) => [venue, sent[index] ?? 0]));
  return { readAtMs, halt, fencedUntilMs, sentLastMinute, venueStates };
}

/** The round's guards while they are fresh. */
export async function freshGuards(
  context: ExecutionContext,
  work: Work,
  known: Guards,
): Promise<Guards> {
  const ageMs = context.ports.clock.nowMs() - known.readAtMs;
  return ageMs <= ageMsMax ? known : await readGuards(context, [work]);
}
