/**
 * What may stop a request that is about to leave: the halt, the no-increase fence, the message rate, the venue's state.
 *
 * Read together with the lease at the beginning of a round, for all of its orders; who sends later than a moment after it
 * reads again.
 */
import type { VenueId } from '../domain/ids.ts';
import type { VenueState } from '../domain/venue.ts';
import type { ExecutionContext } from './executionContext.ts';
import { increasesCursor, leaseAskedCursor, noIncreaseCursor } from './fence.ts';

export type Guards = {
  /** When the reading began. */
  readonly readAtMs: number;
  readonly halt: { readonly halted: boolean; readonly reason: string | null };
  /** Increases are permitted until then; null: never were. */
  readonly increasesUntilMs: number | null;
  /** The fence stands until then; null: was never raised. */
  readonly fencedUntilMs: number | null;
  /** The margin guard asks for the lease until then; null: never did. */
  readonly leaseAskedUntilMs: number | null;
  readonly sentLastMinute: ReadonlyMap<VenueId, number>;
  /** As last assessed, maybe since the decision. */
  readonly venueStates: ReadonlyMap<VenueId, VenueState>;
};

/** Whether this process may write at all, and what may stop a request. */
export type Standing = { readonly isHeld: boolean; readonly guards: Guards };

type Asking = Pick<ExecutionContext, 'ports' | 'record' | 'lease'>;
type Orders = readonly { readonly venue: VenueId }[];

const minuteMs = 60_000;
const ageMsMax = 50;

export async function readStanding(asking: Asking, orders: Orders): Promise<Standing> {
  const [isHeld, guards] = await Promise.all([asking.lease.isHeld(), readGuards(asking, orders)]);
  return { isHeld, guards };
}

/** What is known, while it is fresh. */
export async function freshStanding(
  asking: Asking,
  orders: Orders,
  known: Standing | null,
): Promise<Standing> {
  return known !== null && isFresh(asking, known.guards)
    ? known
    : await readStanding(asking, orders);
}

/** The round's guards while they are fresh. */
export async function freshGuards(asking: Asking, orders: Orders, known: Guards): Promise<Guards> {
  return isFresh(asking, known) ? known : await readGuards(asking, orders);
}

const isFresh = ({ ports }: Asking, { readAtMs }: Guards): boolean =>
  ports.clock.nowMs() - readAtMs <= ageMsMax;

async function readGuards({ ports, record }: Asking, orders: Orders): Promise<Guards> {
  const { portfolio } = record;
  const readAtMs = ports.clock.nowMs();
  const venues = [...new Set(orders.map((order) => order.venue))];
  const sending = await ports.state.sendingState(portfolio, {
    venues,
    sinceMs: readAtMs - minuteMs,
    permission: increasesCursor(portfolio),
    fence: noIncreaseCursor(portfolio),
    leaseAsked: leaseAskedCursor(portfolio),
  });
  const sentLastMinute = new Map(
    sending.venues.map(({ venue, ordersSent }) => [venue, ordersSent] as const),
  );
  const venueStates = new Map(
    sending.venues.flatMap(({ venue, state }) => (state === null ? [] : [[venue, state] as const])),
  );
  const { haltReason: reason, permittedUntilMs: increasesUntilMs } = sending;
  const { fencedUntilMs, leaseAskedUntilMs } = sending;
  const halt = { halted: reason !== null, reason };
  return {
    readAtMs,
    halt,
    increasesUntilMs,
    fencedUntilMs,
    leaseAskedUntilMs,
    sentLastMinute,
    venueStates,
  };
}
