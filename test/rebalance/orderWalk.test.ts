/**
 * The order-life table walked row by row against the line itself: the world in memory, a venue that says exactly what the row
 * says, and the row in the database, the next request and the alert after it.
 *
 * Method: the order is brought to where the line asks the question; where the row's state is one in which the line would not
 * ask, another process has written that state while the question was on its way. The next request after the answer ends it.
 */
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import type { Fill } from '../../src/domain/fill.ts';
import { isTerminal, type OrderRecord } from '../../src/domain/order.ts';
import { nextState, rowsFor } from '../../src/execution/orderTable/nextState.ts';
import {
  type Act,
  localStates,
  type VenueAnswer,
  venueAnswers,
} from '../../src/execution/orderTable/row.ts';
import { stepFor } from '../../src/execution/orderTable/steps.ts';
import { execute } from '../../src/rebalance/execute.ts';
import type { LookUpOutcome } from '../../src/rebalance/ports/venue.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { syncFills } from '../../src/rebalance/syncFills.ts';
import { alpha, instruments } from '../simulation/instrumentsInMemory.ts';
import { btc, leaseOf, policy, withVenue } from './given.ts';
import {
  bookFilled,
  type Case,
  cancels,
  filledIn,
  fillOf,
  foundStates,
  kinds,
  type Question,
  rowIn,
  sends,
  stand,
} from './orderWalkGiven.ts';

type Call = 'send' | 'lookUp' | 'cancel' | 'fills';

class Ended extends Error {}

/** What the line did after the answer, and what the database then says. */
type Outcome = {
  readonly next: Call | 'end';
  readonly nextId: string | null;
  readonly row: OrderRecord;
  readonly alerts: readonly string[];
  readonly wasAsked: boolean;
  /** States that the row went through. */
  readonly states: readonly string[];
};

/** Past the settling time, and within the patience of an order that rests. */
const atMostAsked = 16;

async function play(one: Case, question: Question): Promise<Outcome> {
  const { world, ports, record } = await stand(one, question);
  let asked = 0;
  let fillsRead = 0;
  let next: Call | 'end' = 'end';
  let nextId: string | null = null;
  const states: string[] = [one.state];
  const rowNow = (): OrderRecord => {
    const [row] = world.rows.orders.values();
    if (row === undefined) throw new Error('the order is recorded');
    return row;
  };
  /** Another process has moved the row while the question was on its way. */
  const moveRow = (): void => {
    const moved = rowIn(rowNow(), one.state, world.nowMs);
    if (rowNow().state === moved.state && rowNow().filledBase === moved.filledBase) return;
    world.rows.orders.set(moved.clientOrderId, moved);
  };
  /** The scripted answer to the question; anything asked after it ends the walk. */
  const asks = <T>(call: Call, id: string, scripted: T | null): T => {
    const isOld = ['notFound', 'notFoundKnown', 'forgotten'].includes(one.answer);
    const isRepeated = isOld && asked < atMostAsked && !hasMoved();
    if (scripted !== null && (asked === 0 || isRepeated)) {
      if (asked === 0) moveRow();
      asked += 1;
      return scripted;
    }
    next = call;
    nextId = id;
    throw new Ended();
  };
  const before = (): string => JSON.stringify([one.state, filledIn(one.state)]);
  const hasMoved = (): boolean =>
    asked > 0 &&
    JSON.stringify([
      rowNow().state === 'working' && rowNow().filledBase !== '0' ? 'partly' : rowNow().state,
      rowNow().filledBase,
    ]) !== before();
  const lookedUp = (row: OrderRecord): LookUpOutcome | null => {
    const state = foundStates[one.answer];
    if (state !== undefined) {
      const filledBase = state === 'filled' ? row.quantityBase : filledIn(one.state);
      return {
        kind: 'found',
        order: {
          clientOrderId: row.clientOrderId,
          venueOrderId: 'v1',
          instrument: row.instrument,
          state,
          quantityBase: row.quantityBase,
          filledBase,
          createdAtMs: 0,
        },
      };
    }
    if (one.answer === 'lookUpFails') return { kind: 'unknown', reason: 'no answer' };
    return one.answer.startsWith('notFound') || one.answer === 'forgotten'
      ? { kind: 'absent' }
      : null;
  };
  const scripted = withVenue(ports, {
    gateway: {
      send: async (_, row) =>
        asks(
          'send',
          row.clientOrderId,
          question === 'request' ? (sends[one.answer] ?? null) : null,
        ),
      lookUp: async (row) =>
        asks('lookUp', row.clientOrderId, question === 'lookUp' ? lookedUp(row) : null),
      cancel: async (row) => {
        // Asked for as a proof, beside the question.
        if (one.answer === 'forgotten') return { kind: 'gone' };
        const known = question === 'cancel' ? cancels[one.answer as keyof typeof cancels] : null;
        return asks('cancel', row.clientOrderId, known);
      },
      fills: async (row) => {
        fillsRead += 1;
        // The proof that it was forgotten reads them once.
        if (one.answer === 'forgotten' && fillsRead === 1) return [];
        return asks<readonly Fill[]>('fills', row.clientOrderId, null);
      },
    },
  });
  const watched: Ports = {
    ...scripted,
    orders: {
      ...scripted.orders,
      update: async (id, update, known) => {
        const updated = await scripted.orders.update(id, update, known);
        states.push(updated.record.state);
        return updated;
      },
    },
  };
  await execute(watched, record, await leaseOf(watched)).catch((error: unknown) => {
    if (!(error instanceof Ended)) throw error;
  });
  const [row] = world.rows.orders.values();
  if (row === undefined) throw new Error('the order is recorded');
  return { next, nextId, row, alerts: world.rows.events, wasAsked: asked > 0, states };
}

/** The request that follows an act; the state says it where the act does not. */
function expectedNext(one: Case, act: Act): Call | 'end' {
  const calls = {
    lookUp: 'lookUp',
    book: 'fills',
    resend: 'send',
    attempt: 'send',
    refuse: 'end',
    askAgain: 'cancel',
  } as const;
  if (act !== 'asItStands') return calls[act];
  // Said past the deadline only: nothing more is sent.
  if (one.answer === 'forgotten') return one.state === 'filled' ? 'fills' : 'end';
  // A rejection that another process wrote down ends it here, too.
  const isRefused = one.state === 'rejected' && one.kind !== 'maker';
  // What it filled there is not booked here yet.
  const when = one.state === 'filled' ? 'unbooked' : isRefused ? 'over' : 'open';
  const step = stepFor(one.kind, one.state, when);
  return step === 'done' ? 'end' : step === 'collect' ? 'fills' : step === 'resend' ? 'send' : step;
}

const alertNames = {
  lateFill: 'lateFill',
  reappeared: 'orderReappeared',
  ambiguous: 'orderAmbiguous',
  forgotten: 'orderForgotten',
} as const;

/** The line writes nothing that would make it read the row again: what another process wrote stays, and is all there is to see. */
const isUnread = ({ state, answer }: Case, question: Question): boolean =>
  isTerminal(state === 'partly' ? 'working' : state) &&
  (question === 'cancel' || ['notFoundYet', 'notFoundKnown', 'lookUpFails'].includes(answer));

const pairs = (question: Question): readonly Case[] =>
  kinds.flatMap((kind) =>
    localStates.flatMap((state) =>
      (Object.keys(venueAnswers[question]) as VenueAnswer[])
        // Only a transfer is compared with balances: see its own test.
        .filter((answer) => answer !== 'movedUnlisted' && answer !== 'unlistedForHours')
        .map((answer) => ({ kind, state, answer })),
    ),
  );

describe.each(['request', 'lookUp', 'cancel'] as const)('the answer to a %s', (question) => {
  test.each(pairs(question))('$kind $state: $answer', async (one) => {
    const [row] = rowsFor(one.kind, one.state, one.answer);
    if (row === undefined) throw new Error('the table has no such row');
    const outcome = await play(one, question);
    if (question === 'cancel' && one.kind === 'earn') {
      expect(outcome.wasAsked, 'what cannot be cancelled is never asked to be').toBe(false);
      return;
    }
    expect(outcome.wasAsked).toBe(true);
    if (one.answer === 'forgotten' && one.kind === 'earn') {
      expect(outcome.row.state, 'what cannot be cancelled is never taken for forgotten').toBe(
        rowIn(outcome.row, one.state, 0).state,
      );
      return;
    }
    const wanted = nextState(rowIn(outcome.row, one.state, 0), one.answer);
    const isResent = outcome.next === 'send' && outcome.nextId === outcome.row.clientOrderId;
    if (isResent) expect(outcome.states).toContain(wanted.state);
    // It goes again only as a new intent.
    expect(outcome.row.state).toBe(isResent ? 'intended' : wanted.state);
    // Told before it is written, so also where another process has ended it meanwhile.
    const alert = one.answer === 'forgotten' ? 'forgotten' : row.alert;
    const alerts = alert === undefined ? [] : [alertNames[alert]];
    expect(
      outcome.alerts.filter((event) => Object.values(alertNames).includes(event as never)),
    ).toEqual(alerts);
    if (isUnread(one, question)) return;
    const next = expectedNext(one, row.act);
    expect(outcome.next).toBe(next);
    if (next !== 'send') return;
    expect(isResent, 'the id of the next request').toBe(wanted.state === 'absent');
  });
});

describe('a venue’s list of fills', () => {
  const listed = kinds
    .filter((kind) => kind !== 'earn')
    .flatMap((kind) => localStates.map((state) => ({ kind, state })));

  test.each(listed)('$kind $state: more filled than the row has', async ({ kind, state }) => {
    const one: Case = { kind, state, answer: 'moreFills' };
    const { world, ports } = await stand({ kind, state, answer: 'moreFills' }, 'fills');
    const [asking] = world.rows.orders.values();
    if (asking === undefined) throw new Error('the order is recorded');
    const before = rowIn(asking, state, world.nowMs);
    world.rows.orders.set(before.clientOrderId, before);
    world.rows.fills.clear();
    bookFilled(world, before);
    const fill = { ...fillOf(before, decimal('0.02'), world.nowMs), fillId: 'late' };
    world.venue.fills.push(fill);
    const venue = ports.venues.get(alpha);
    if (venue === undefined) throw new Error('the venue is there');
    await syncFills(ports, policy, venue, instruments);
    const [after] = world.rows.orders.values();
    const wanted = nextState(before, 'moreFills');
    expect(after?.state).toBe(wanted.state);
    expect(Number(after?.filledBase)).toBeCloseTo(Number(before.filledBase) + 0.02, 12);
    // Booked to the order and its legs.
    const [booked] = [...world.rows.transactions.values()].filter((tx) => tx.kind === 'fill');
    expect(booked?.clientOrderId).toBe(before.clientOrderId);
    expect(booked?.postings.some((posting) => posting.commodity === btc.symbol)).toBe(true);
    const [row] = rowsFor(kind, state, one.answer);
    const alerts = row?.alert === undefined ? [] : [alertNames[row.alert]];
    expect(world.rows.events).toEqual(alerts);
    // Read again, it is no news.
    await syncFills(ports, policy, venue, instruments);
    expect(world.rows.events).toEqual(alerts);
  });

  test.each(kinds)('%s, ended: what has filled is asked for until it is listed', async (kind) => {
    for (const state of ['filled', 'cancelled', 'expired'] as const) {
      const { world, ports, record } = await stand({ kind, state, answer: 'noFills' }, 'fills');
      const [asking] = world.rows.orders.values();
      if (asking === undefined) throw new Error('the order is recorded');
      const before = { ...rowIn(asking, state, world.nowMs), filledBase: decimal('0.1') };
      world.rows.orders.set(before.clientOrderId, before);
      world.rows.fills.clear();
      let asked = 0;
      const late: Ports = withVenue(ports, {
        gateway: {
          fills: async (row) => {
            asked += 1;
            return asked <= 3 ? [] : [fillOf(row, row.filledBase, world.nowMs)];
          },
        },
      });
      expect(await execute(late, record, await leaseOf(late))).toBe('complete');
      expect(asked).toBe(4);
      expect([...world.rows.orders.values()]).toEqual([before]);
    }
  });
});
