/**
 * The life of one order: the next step, from the records alone.
 *
 * Method: a table of situations with the step that each demands.
 */
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import type { OrderRecord, PlannedOrder } from '../../src/domain/order.ts';
import type { ExecutionPolicy } from '../../src/domain/policy.ts';
import {
  nextOrderStep,
  type OrderSituation,
  type OrderStep,
} from '../../src/execution/orderLife.ts';
import { deadlineMs, execution, planned, recordOf, situation } from './oneOrder.ts';

const filled = (quantity: string) => ({ filledBase: decimal(quantity) });

/** The step in few words. */
function inWords(step: OrderStep): string {
  switch (step.kind) {
    case 'send':
      return `send ${step.attempt} ${step.timeInForce} ${step.remainingBase}`;
    case 'done':
      return `done ${step.remainingBase}`;
    case 'resend':
    case 'lookUp':
    case 'cancel':
    case 'collect':
      return `${step.kind} ${step.record.attempt}`;
  }
}

const passive: PlannedOrder = { ...planned, style: 'passive' };
const earn: PlannedOrder = { ...planned, style: 'earn', action: 'subscribe', limitPrice: null };
const none: readonly OrderRecord[] = [];
const resting = (restedMs: number) =>
  recordOf(0, 'working', { timeInForce: 'postOnly', intendedAtMs: 0, ackedAtMs: 1_000 - restedMs });

const rows: readonly (readonly [string, OrderSituation, string])[] = [
  // ---- nothing recorded yet
  ['a new order is sent in full', situation(none), 'send 0 ioc 1'],
  ['a passive one rests first', situation(none, { order: passive }), 'send 0 postOnly 1'],
  ['an earn order has no time in force', situation(none, { order: earn }), 'send 0 none 1'],
  ['closing, nothing is begun', situation(none, { isClosing: true }), 'done 1'],
  ['refused, nothing is begun', situation(none, { isRefused: true }), 'done 1'],
  ['at its deadline, nothing is begun', situation(none, { nowMs: deadlineMs }), 'done 1'],
  ['a moment before it, it is', situation(none, { nowMs: deadlineMs - 1 }), 'send 0 ioc 1'],
  // ---- it may have reached the venue
  ['an intent may have left', situation([recordOf(0, 'intended')]), 'lookUp 0'],
  ['an unknown one is looked up', situation([recordOf(0, 'unknown')]), 'lookUp 0'],
  [
    'an unknown one is looked up past the deadline too',
    situation([recordOf(0, 'unknown')], { nowMs: 10 * deadlineMs, isClosing: true }),
    'lookUp 0',
  ],
  [
    'an unknown one is not cancelled: it may not be there yet',
    situation([recordOf(0, 'unknown', { timeInForce: 'postOnly' })], { isClosing: true }),
    'lookUp 0',
  ],
  [
    'but is, where the venue has acknowledged it: it may rest',
    situation([recordOf(0, 'unknown', { venueOrderId: 'v1', timeInForce: 'postOnly' })], {
      isClosing: true,
    }),
    'cancel 0',
  ],
  [
    'an acknowledged one is only looked up while there is time',
    situation([recordOf(0, 'unknown', { venueOrderId: 'v1' })]),
    'lookUp 0',
  ],
  [
    'an earn order that is acknowledged and unknown is looked up while closing',
    situation([recordOf(0, 'unknown', { venueOrderId: 'v1', timeInForce: 'none' })], {
      order: earn,
      isClosing: true,
    }),
    'lookUp 0',
  ],
  [
    'refused, what is live is still followed',
    situation([recordOf(0, 'unknown')], { isRefused: true }),
    'lookUp 0',
  ],
  // ---- it works
  ['an ioc that is acknowledged is looked up', situation([recordOf(0, 'working')]), 'lookUp 0'],
  [
    'closing, what works is cancelled',
    situation([recordOf(0, 'working')], { isClosing: true }),
    'cancel 0',
  ],
  ['a resting one has its patience', situation([resting(0)], { order: passive }), 'lookUp 0'],
  ['to the last millisecond', situation([resting(4_999)], { order: passive }), 'lookUp 0'],
  ['then it is cancelled', situation([resting(5_000)], { order: passive }), 'cancel 0'],
  [
    'patience counts from the acknowledgement, else from the intent',
    situation(
      [recordOf(0, 'working', { timeInForce: 'postOnly', intendedAtMs: -4_000, ackedAtMs: null })],
      { order: passive },
    ),
    'cancel 0',
  ],
  [
    'an earn order cannot be cancelled',
    situation([recordOf(0, 'working', { timeInForce: 'none' })], { order: earn, isClosing: true }),
    'lookUp 0',
  ],
  // ---- it ended
  ['filled and booked is done', situation([recordOf(0, 'filled', filled('1'))]), 'done 0'],
  [
    'filled and not booked is collected',
    situation([recordOf(0, 'filled', filled('1'))], { bookedBase: new Map() }),
    'collect 0',
  ],
  [
    'filled and booked in part is collected',
    situation([recordOf(0, 'filled', filled('1'))], {
      bookedBase: new Map([['id-0', decimal('0.4')]]),
    }),
    'collect 0',
  ],
  [
    'collecting goes on while closing',
    situation([recordOf(0, 'cancelled', filled('0.4'))], {
      bookedBase: new Map(),
      isClosing: true,
    }),
    'collect 0',
  ],
  [
    'collected before the rest is sent',
    situation([recordOf(0, 'cancelled', filled('0.4'))], { bookedBase: new Map() }),
    'collect 0',
  ],
  ['the rest is sent', situation([recordOf(0, 'cancelled', filled('0.4'))]), 'send 1 ioc 0.6'],
  [
    'after resting, the rest takes the market',
    situation([recordOf(0, 'cancelled', { ...filled('0.4'), timeInForce: 'postOnly' })], {
      order: passive,
    }),
    'send 1 ioc 0.6',
  ],
  [
    'a post-only that would have crossed may cross',
    situation([recordOf(0, 'rejected', { timeInForce: 'postOnly' })], { order: passive }),
    'send 1 ioc 1',
  ],
  [
    'a refusal that no attempt cures ends it',
    situation([recordOf(0, 'rejected')], { isRefused: true }),
    'done 1',
  ],
  ['an expired one is tried again', situation([recordOf(0, 'expired')]), 'send 1 ioc 1'],
  [
    'closing, the rest stays undone',
    situation([recordOf(0, 'cancelled', filled('0.4'))], { isClosing: true }),
    'done 0.6',
  ],
  [
    'the attempts are bounded',
    situation([0, 1, 2].map((attempt) => recordOf(attempt, 'cancelled', filled('0.1')))),
    'done 0.7',
  ],
  [
    'more filled than planned leaves nothing, not less than nothing',
    situation([recordOf(0, 'filled', filled('1.5'))]),
    'done 0',
  ],
  // ---- it never arrived
  ['an absent one is sent again as it was', situation([recordOf(0, 'absent')]), 'resend 0'],
  [
    'after an attempt that ended, only the absent one',
    situation([
      recordOf(0, 'cancelled', filled('0.4')),
      recordOf(1, 'absent', { quantityBase: decimal('0.6') }),
    ]),
    'resend 1',
  ],
  [
    'but not where more has filled since than it was made for',
    situation([
      recordOf(0, 'cancelled', filled('0.5')),
      recordOf(1, 'absent', { quantityBase: decimal('0.6') }),
    ]),
    'done 0.5',
  ],
  [
    'an absent last attempt is no attempt more',
    situation([recordOf(0, 'cancelled'), recordOf(1, 'cancelled'), recordOf(2, 'absent')]),
    'resend 2',
  ],
  [
    'closing, an absent one is done',
    situation([recordOf(0, 'absent')], { isClosing: true }),
    'done 1',
  ],
  ['past the deadline, too', situation([recordOf(0, 'absent')], { nowMs: deadlineMs }), 'done 1'],
  ['refused, too', situation([recordOf(0, 'absent')], { isRefused: true }), 'done 1'],
  // ---- several
  [
    'a later attempt that lives is followed before anything',
    situation([recordOf(0, 'cancelled', filled('0.4')), recordOf(1, 'unknown')], {
      bookedBase: new Map(),
    }),
    'lookUp 1',
  ],
];

describe('nextOrderStep', () => {
  test.each(rows)('%s', (_, given, step) => {
    expect(inWords(nextOrderStep(given, execution))).toBe(step);
  });
});

describe('a passive order that the market leaves behind', () => {
  const moving = { ...execution, repegEveryMs: 1_000 };
  const behind = { order: passive, isBehind: true };
  const stepOf = (given: OrderSituation, policy: ExecutionPolicy = moving) =>
    inWords(nextOrderStep(given, policy));
  const takenBack = (intendedAtMs = 0) =>
    recordOf(0, 'cancelled', { ...filled('0.4'), timeInForce: 'postOnly', intendedAtMs });

  test('is taken back, and the rest of it rests anew', () => {
    expect(stepOf(situation([resting(100)], behind))).toBe('cancel 0');
    expect(stepOf(situation([takenBack()], { order: passive }))).toBe('send 1 postOnly 0.6');
  });

  test('stays where it is without the setting, or when it is at the best price', () => {
    expect(stepOf(situation([resting(100)], behind), execution)).toBe('lookUp 0');
    expect(stepOf(situation([resting(100)], { order: passive }))).toBe('lookUp 0');
    expect(stepOf(situation([takenBack()], { order: passive }), execution)).toBe('send 1 ioc 0.6');
  });

  test('has one patience for all its attempts, then crosses', () => {
    const again = recordOf(1, 'working', { timeInForce: 'postOnly', ackedAtMs: 4_900 });
    const late = { ...behind, nowMs: 5_000 };
    expect(stepOf(situation([takenBack(), again], late))).toBe('cancel 1');
    const both = [takenBack(), { ...again, state: 'cancelled' as const }];
    expect(stepOf(situation(both, { order: passive, nowMs: 5_000 }))).toBe('send 2 ioc 0.6');
    expect(stepOf(situation([takenBack()], { order: passive, nowMs: 4_999 }))).toMatch(/postOnly/);
    expect(stepOf(situation([takenBack()], { order: passive, nowMs: 5_000 }))).toMatch(/ioc/);
  });

  test('keeps its last attempt to cross with', () => {
    const second = recordOf(1, 'working', { timeInForce: 'postOnly', ackedAtMs: 900 });
    expect(stepOf(situation([takenBack(), second], behind))).toBe('lookUp 1');
    const both = [takenBack(), { ...second, state: 'cancelled' as const }];
    expect(stepOf(situation(both, { order: passive }))).toBe('send 2 ioc 0.6');
  });

  test('closing, is taken back for good', () => {
    expect(stepOf(situation([resting(100)], { ...behind, isClosing: true }))).toBe('cancel 0');
    expect(stepOf(situation([takenBack()], { order: passive, isClosing: true }))).toBe('done 0.6');
  });
});
