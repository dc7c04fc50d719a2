/**
 * The life of one order in any history: never two live attempts, nothing new while one may live, closing sends nothing.
 *
 * Method: the next step of random histories; then a random venue that the thinking is played against until it is done.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { add, compare, decimal, toNumber } from '../../src/domain/decimal.ts';
import {
  isTerminal,
  type OrderRecord,
  type OrderState,
  type PlannedOrder,
} from '../../src/domain/order.ts';
import { nextOrderStep, remainingBase } from '../../src/execution/orderLife.ts';
import { deadlineMs, execution, planned, recordOf, situation } from './oneOrder.ts';

describe('nextOrderStep', () => {
  const states: readonly OrderState[] = [
    'intended',
    'unknown',
    'working',
    'filled',
    'cancelled',
    'rejected',
    'expired',
    'absent',
  ];
  const histories = fc.record({
    style: fc.constantFrom('ioc', 'passive', 'earn') as fc.Arbitrary<PlannedOrder['style']>,
    records: fc.array(
      fc.record({
        state: fc.constantFrom(...states),
        tenths: fc.nat(4),
        bookedTenths: fc.nat(4),
        timeInForce: fc.constantFrom('ioc', 'postOnly', 'none') as fc.Arbitrary<
          OrderRecord['timeInForce']
        >,
      }),
      { maxLength: 5 },
    ),
    nowMs: fc.integer({ min: 0, max: 2 * deadlineMs }),
    isClosing: fc.boolean(),
    isRefused: fc.boolean(),
  });

  test('in any history: nothing new while one may live, closing or late sends nothing, attempts and quantity stay bounded', () => {
    fc.assert(
      fc.property(histories, ({ style, records: drawn, nowMs, isClosing, isRefused }) => {
        const records = drawn.map(({ state, tenths, timeInForce }, attempt) =>
          recordOf(attempt, state, {
            timeInForce,
            filledBase: decimal(tenths / 10),
            ackedAtMs: 0,
          }),
        );
        const bookedBase = new Map(
          drawn.map(({ bookedTenths }, attempt) => [`id-${attempt}`, decimal(bookedTenths / 10)]),
        );
        const order = { ...planned, style };
        const step = nextOrderStep(
          { order, records, bookedBase, nowMs, deadlineMs, isClosing, isRefused },
          execution,
        );
        const sends = step.kind === 'send' || step.kind === 'resend';
        const mayLive = records.some((record) => !isTerminal(record.state));
        if (mayLive) expect(['lookUp', 'cancel']).toContain(step.kind);
        if (isClosing || isRefused || nowMs >= deadlineMs) expect(sends).toBe(false);
        if (step.kind === 'send') {
          expect(step.attempt).toBe(records.length);
          expect(step.attempt).toBeLessThan(execution.attemptsMax);
          expect(records.some((record) => record.state === 'absent')).toBe(false);
          const total = records.reduce((sum, one) => add(sum, one.filledBase), step.remainingBase);
          expect(toNumber(total)).toBeLessThanOrEqual(1);
        }
        if (step.kind === 'resend') expect(step.record.state).toBe('absent');
        if (step.kind === 'cancel') {
          expect(step.record.state).toBe('working');
          expect(step.record.timeInForce).not.toBe('none');
        }
        if (step.kind === 'done') {
          for (const record of records) {
            const booked = bookedBase.get(record.clientOrderId) ?? decimal(0);
            expect(compare(booked, record.filledBase)).toBeGreaterThanOrEqual(0);
          }
          expect(step.remainingBase).toBe(remainingBase(order, records));
        }
      }),
      { seed: 51, numRuns: 1_000 },
    );
  });

  /** What a venue may answer: each draw is one answer. */
  const answers = fc.array(fc.nat(9), { minLength: 60, maxLength: 60 });

  test('played against a venue that answers anything, it never has two live attempts and ends within its limits', () => {
    fc.assert(
      fc.property(answers, fc.constantFrom('ioc', 'passive'), (draws, style) => {
        const order: PlannedOrder = { ...planned, style };
        let records: readonly OrderRecord[] = [];
        let nowMs = 0;
        const change = (attempt: number, update: Partial<OrderRecord>) => {
          records = records.map((one) => (one.attempt === attempt ? { ...one, ...update } : one));
        };
        for (const draw of draws) {
          const step = nextOrderStep(
            situation(records, { order, nowMs, isClosing: nowMs >= deadlineMs }),
            execution,
          );
          if (step.kind === 'send') {
            expect(records.every((one) => isTerminal(one.state))).toBe(true);
            records = [
              ...records,
              recordOf(step.attempt, 'intended', {
                timeInForce: step.timeInForce,
                quantityBase: step.remainingBase,
                intendedAtMs: nowMs,
              }),
            ];
          } else if (step.kind === 'resend') {
            change(step.record.attempt, { state: 'intended' });
          } else if (step.kind === 'lookUp') {
            const state = (['unknown', 'working', 'absent', 'filled', 'cancelled'] as const)[
              draw % 5
            ];
            const left = toNumber(step.record.quantityBase);
            const had = toNumber(step.record.filledBase);
            const now = state === 'filled' ? left : Math.max(had, (left * (draw % 3)) / 4);
            // What is filled cannot be absent.
            const isThere = had > 0 || step.record.state === 'working';
            change(step.record.attempt, {
              state: state === 'absent' && isThere ? 'cancelled' : (state ?? 'unknown'),
              filledBase: decimal(state === 'unknown' || state === 'absent' ? had : now),
            });
          } else if (step.kind === 'cancel') {
            change(step.record.attempt, { state: 'cancelled' });
          }
          expect(records.filter((one) => !isTerminal(one.state)).length).toBeLessThanOrEqual(1);
          expect(records.length).toBeLessThanOrEqual(execution.attemptsMax);
          const bought = records.reduce((sum, one) => sum + toNumber(one.filledBase), 0);
          expect(bought).toBeLessThanOrEqual(1 + 1e-12);
          nowMs += 2_000;
        }
        // The deadline is half way through the answers: every order that a venue lets end has ended.
        const last = nextOrderStep(
          situation(records, { order, nowMs, isClosing: true }),
          execution,
        );
        expect(['done', 'lookUp', 'cancel']).toContain(last.kind);
      }),
      { seed: 52, numRuns: 100 },
    );
  });
});
