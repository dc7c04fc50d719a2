/**
 * The order-life tables are whole: every pair has exactly one row, and no row lets an order be doubled, forgotten or taken back.
 *
 * Method: all kinds × states × answers, and all kinds × states × circumstances, counted out.
 */
import { describe, expect, test } from 'vitest';
import { orderLifeTables } from '../../scripts/readmeTables/orderLife.ts';
import { decimal } from '../../src/domain/decimal.ts';
import { isTerminal, type OrderRecord } from '../../src/domain/order.ts';
import { nextState, orderTable, rowsFor } from '../../src/execution/orderTable/nextState.ts';
import {
  kindOf,
  localStateOf,
  localStates,
  type OrderKind,
  orderKinds,
  type VenueAnswer,
  venueAnswers,
} from '../../src/execution/orderTable/row.ts';
import {
  type Circumstance,
  circumstances,
  stepFor,
  stepRowsFor,
  stepTable,
} from '../../src/execution/orderTable/steps.ts';
import { recordOf } from './oneOrder.ts';

const answers = Object.values(venueAnswers).flatMap((one) =>
  Object.keys(one),
) as readonly VenueAnswer[];
const everyCircumstance = Object.keys(circumstances) as readonly Circumstance[];

const ofKind: Readonly<Record<OrderKind, Partial<OrderRecord>>> = {
  taker: { timeInForce: 'ioc' },
  maker: { timeInForce: 'postOnly' },
  earn: { timeInForce: 'none', action: 'subscribe' },
  transfer: { timeInForce: 'none', action: 'transfer' },
};

const triples = orderKinds.flatMap((kind) =>
  localStates.flatMap((state) => answers.map((answer) => ({ kind, state, answer }))),
);

const recordIn = (kind: OrderKind, state: (typeof localStates)[number]): OrderRecord =>
  recordOf(0, state === 'partly' ? 'working' : state, {
    ...ofKind[kind],
    filledBase: decimal(state === 'partly' ? '0.4' : '0'),
  });

describe('the table of answers', () => {
  test('has exactly one row for every kind, state and answer', () => {
    const wrong = triples.filter(
      ({ kind, state, answer }) => rowsFor(kind, state, answer).length !== 1,
    );
    expect(wrong).toEqual([]);
    expect(triples).toHaveLength(4 * 9 * 23);
  });

  test('is read for what a record is', () => {
    for (const { kind, state, answer } of triples) {
      const record = recordIn(kind, state);
      expect([kindOf(record), localStateOf(record)]).toEqual([kind, state]);
      expect(nextState(record, answer).act).toBe(rowsFor(kind, state, answer)[0]?.act);
    }
  });

  test('sends again only what is explicitly not there, or never left', () => {
    const repeating = triples.filter(
      ({ kind, state, answer }) => rowsFor(kind, state, answer)[0]?.act === 'resend',
    );
    expect([...new Set(repeating.map((one) => one.answer))].sort()).toEqual([
      'notFound',
      'notSent',
    ]);
  });

  test('calls absent only what is explicitly not there, or never left, and was not seen there', () => {
    const aged = triples.filter(
      ({ kind, state, answer }) =>
        state !== 'absent' && nextState(recordIn(kind, state), answer).state === 'absent',
    );
    for (const { state, answer } of aged) {
      expect(['notFound', 'notSent', 'unlistedForHours']).toContain(answer);
      expect(['intended', 'unknown']).toContain(state);
    }
    expect(aged).toHaveLength(4 * 5);
  });

  test('a refused request ends an order only while nobody else has asked for it or about it', () => {
    for (const kind of orderKinds) {
      expect(nextState(recordIn(kind, 'intended'), 'refused').state).toBe('rejected');
      for (const state of ['unknown', 'absent'] as const) {
        expect(nextState(recordIn(kind, state), 'refused')).toMatchObject({
          state: 'unknown',
          act: 'lookUp',
        });
      }
    }
  });

  test('after a request of unknown outcome the order stays open: its risk is reserved', () => {
    const unclear: readonly VenueAnswer[] = [
      'noAnswer',
      'acceptedWithoutId',
      'duplicate',
      'lookUpFails',
      'notFoundYet',
      'movedUnlisted',
      'cancelFails',
    ];
    for (const kind of orderKinds) {
      for (const state of ['intended', 'unknown', 'working', 'partly'] as const) {
        for (const answer of unclear) {
          expect(isTerminal(nextState(recordIn(kind, state), answer).state)).toBe(false);
        }
      }
    }
  });

  test('a fill after the end, and whatever comes after it was thought absent, is told', () => {
    for (const kind of orderKinds) {
      for (const state of ['filled', 'cancelled', 'rejected', 'expired', 'absent'] as const) {
        expect(nextState(recordIn(kind, state), 'moreFills').alert).toBe('lateFill');
      }
      expect(nextState(recordIn(kind, 'absent'), 'rests').alert).toBe('reappeared');
    }
  });

  test('what is forgotten ends cancelled and told, if it could be cancelled, and is not sent again', () => {
    for (const state of ['intended', 'unknown', 'working', 'partly'] as const) {
      for (const kind of ['taker', 'maker'] as const) {
        expect(nextState(recordIn(kind, state), 'forgotten')).toEqual({
          state: 'cancelled',
          act: 'asItStands',
          alert: 'forgotten',
        });
      }
      for (const kind of ['earn', 'transfer'] as const) {
        expect(isTerminal(nextState(recordIn(kind, state), 'forgotten').state)).toBe(false);
      }
    }
  });

  test('what ended filled is never anything else', () => {
    for (const kind of orderKinds) {
      for (const answer of answers) {
        expect(nextState(recordIn(kind, 'filled'), answer).state).toBe('filled');
      }
    }
  });
});

describe('the table of steps', () => {
  test('has exactly one row for every kind, state and circumstance', () => {
    for (const kind of orderKinds) {
      for (const state of ['none', ...localStates] as const) {
        for (const when of everyCircumstance) {
          expect(stepRowsFor(kind, state, when), `${kind} ${state} ${when}`).toHaveLength(1);
        }
      }
    }
  });

  test('sends nothing while closing, and cancels nothing that cannot be cancelled', () => {
    for (const kind of orderKinds) {
      for (const state of ['none', ...localStates] as const) {
        for (const when of ['closing', 'closingKnown', 'impatient', 'over'] as const) {
          expect(['send', 'resend']).not.toContain(stepFor(kind, state, when));
        }
        if (kind === 'earn' || kind === 'transfer') {
          for (const when of everyCircumstance) {
            expect(stepFor(kind, state, when)).not.toBe('cancel');
          }
        }
      }
    }
  });
});

test('the README’s tables have every row', () => {
  const { orderLife = '', orderSteps = '' } = orderLifeTables();
  expect(orderLife.split('\n')).toHaveLength(2 + orderTable.length);
  for (const { why } of [...orderTable, ...stepTable])
    expect(orderLife + orderSteps).toContain(why);
  for (const means of Object.values(circumstances)) expect(orderSteps).toContain(means);
});
