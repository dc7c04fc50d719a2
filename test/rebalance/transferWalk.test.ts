/**
 * The order-life table's rows for transfers, walked against the line: two wallets that say exactly what the row says, and the
 * row in the database and the next request after it.
 *
 * Method: as for orders; where the row's state is not one in which the line asks, another process has written it meanwhile.
 */
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import { OperatingError } from '../../src/domain/operatingError.ts';
import { isTerminal, type OrderRecord, type OrderState } from '../../src/domain/order.ts';
import { nextState, rowsFor } from '../../src/execution/orderTable/nextState.ts';
import {
  type LocalState,
  localStates,
  type VenueAnswer,
  venueAnswers,
} from '../../src/execution/orderTable/row.ts';
import { moveWallets } from '../../src/rebalance/moveWallets.ts';
import type { SendOutcome, VenueTransfer } from '../../src/rebalance/ports/venue.ts';
import { transferRecord } from '../../src/rebalance/transferRecord.ts';
import { alpha } from '../simulation/instrumentsInMemory.ts';
import {
  deadlineMs,
  leaseOf,
  openedWorld,
  planned,
  policy,
  recordTrade,
  withVenue,
} from './given.ts';
import { sends } from './orderWalkGiven.ts';

const listed: Readonly<Partial<Record<VenueAnswer, VenueTransfer['state']>>> = {
  rests: 'pending',
  foundFilled: 'done',
  foundRejected: 'failed',
};
/** A venue's list knows no cancelled or expired transfer, and one in part is none. */
const sayable: readonly VenueAnswer[] = [
  ...(Object.keys(venueAnswers.request) as VenueAnswer[]),
  'rests',
  'foundFilled',
  'foundRejected',
  'notFoundKnown',
  'notFoundYet',
  'notFound',
  'movedUnlisted',
  'unlistedForHours',
  'lookUpFails',
];
const states = localStates.filter((state) => state !== 'partly');
const pairs = states.flatMap((state) => sayable.map((answer) => ({ state, answer })));

class Ended extends Error {}

const hasMoved = (answer: VenueAnswer): boolean =>
  answer === 'movedUnlisted' || answer === 'unlistedForHours';

/** The states in which the line asks the question, the row's own first. */
const askingIn = (state: LocalState): OrderState =>
  state === 'partly' ? 'working' : isTerminal(state) ? 'unknown' : state;

async function play(state: LocalState, answer: VenueAnswer) {
  const { world, ports } = openedWorld();
  const record = await recordTrade(ports, [planned()], []);
  const isRequest = answer in venueAnswers.request;
  const isForHours = answer === 'unlistedForHours';
  const isOld = answer === 'notFound' || isForHours;
  const ageMs = isForHours ? 6 * 3_600_000 : isOld ? policy.execution.settlingMs : 0;
  const made = transferRecord(
    { record, venue: alpha, nowMs: world.nowMs - ageMs },
    {
      coin: 'USDT',
      amount: decimal('100'),
      from: 'spot',
      to: 'swap',
      fromFree: decimal('1000'),
    },
  );
  // A request is only sent again by who finds it absent.
  const asking: OrderState = isRequest ? 'absent' : askingIn(state);
  world.rows.orders.set(made.clientOrderId, {
    ...made,
    state: asking,
    // What works was acknowledged.
    venueOrderId: answer === 'notFoundKnown' || (isForHours && state === 'working') ? 't1' : null,
  });
  const rowNow = (): OrderRecord => {
    const row = world.rows.orders.get(made.clientOrderId);
    if (row === undefined) throw new Error('the transfer is recorded');
    return row;
  };
  let asked = 0;
  let next = 'end' as 'send' | 'list' | 'end';
  const asks = <T>(call: 'send' | 'list', scripted: T | null): T => {
    const isOpen = isForHours ? !isTerminal(rowNow().state) : rowNow().state === asking;
    const isRepeated = isOld && asked < 16 && isOpen;
    if (scripted !== null && (asked === 0 || isRepeated)) {
      if (asked === 0 && rowNow().state !== state) {
        world.rows.orders.set(made.clientOrderId, { ...rowNow(), state: state as OrderState });
      }
      asked += 1;
      return scripted;
    }
    next = call;
    throw new Ended();
  };
  const found = listed[answer];
  const lists = (): readonly VenueTransfer[] | null => {
    if (isRequest) return null;
    const one = { coin: 'USDT', amount: decimal('100'), from: 'spot', to: 'swap' };
    const rest = { transferId: 't1', clientOrderId: null, atMs: world.nowMs };
    return found === undefined ? [] : [{ ...one, ...rest, state: found }];
  };
  const trail: OrderState[] = [];
  const scripted = withVenue(ports, {
    gateway: {
      transfers: {
        lateMsMax: 0,
        send: async (): Promise<SendOutcome> =>
          asks('send', isRequest ? (sends[answer] ?? null) : null),
        list: async () => {
          const seen = asks('list', lists());
          if (answer !== 'lookUpFails') return seen;
          throw new OperatingError('no answer', { retryable: true, remedy: 'wait' });
        },
        free: async () => ({
          spot: decimal(hasMoved(answer) ? '900' : '1000'),
          swap: decimal('0'),
        }),
      },
    },
  });
  const watched = {
    ...scripted,
    orders: {
      ...scripted.orders,
      update: async (...args: Parameters<typeof scripted.orders.update>) => {
        const updated = await scripted.orders.update(...args);
        trail.push(updated.record.state);
        return updated;
      },
    },
  };
  const lease = await leaseOf(watched);
  const untilMs = isForHours ? world.nowMs : deadlineMs;
  await moveWallets({ ports: watched, record, lease, deadlineMs: untilMs }).catch(
    (error: unknown) => {
      if (!(error instanceof Ended)) throw error;
    },
  );
  return { next, row: rowNow(), asked, trail, events: world.rows.events };
}

describe('what is said of a transfer', () => {
  test.each(pairs)('$state: $answer', async ({ state, answer }) => {
    const [row] = rowsFor('transfer', state, answer);
    if (row === undefined) throw new Error('the table has no such row');
    const { next, row: after, asked, trail, events } = await play(state, answer);
    expect(asked).toBeGreaterThan(0);
    const wanted = nextState(
      { ...after, state: state as OrderState, filledBase: decimal('0') },
      answer,
    );
    const isResent = next === 'send';
    if (isResent) expect([state, ...trail]).toContain(wanted.state);
    expect(after.state).toBe(isResent ? 'intended' : wanted.state);
    const hasEnded = isTerminal(state as OrderState);
    // Told for the state in which it was asked, before the row is found to have moved: twice rather than never.
    const isTold = row.alert !== undefined || isLateFill(state, answer) || hasMoved(answer);
    expect(events.length > 0).toBe(isTold);
    if (row.act === 'resend') expect(next).toBe('send');
    if (row.act === 'refuse') expect(next).toBe('end');
    if (wanted.state === 'filled' && !hasEnded) expect(next).toBe('end');
    if (row.act === 'lookUp' && !hasEnded) expect(next).toBe('list');
  });
});

/** A transfer that is listed as done has moved all of it: more than a row that had ended without it says. */
const isLateFill = (state: LocalState, answer: VenueAnswer): boolean =>
  answer === 'foundFilled' && isTerminal(state as OrderState);
