/**
 * Goal: the audit of a chaos run calls half a pair naked unless a newer decision mended it while its own was still open.
 * Method: plans written by hand; half a pair, and another decision before, within and after its time, mending it or not.
 */
import { describe, expect, test } from 'vitest';
import { halfPairs } from '../../scripts/chaos/halfPairs.ts';
import type { Plan } from '../../scripts/chaos/plans.ts';
import { decimal } from '../../src/domain/decimal.ts';
import { type InstrumentId, rebalanceId } from '../../src/domain/ids.ts';
import type { OrderRecord, PlannedOrder } from '../../src/domain/order.ts';
import { btc, eth, ethSpot, planned } from '../rebalance/given.ts';

const half = { pair: 'carry:0', quantityBase: decimal('2'), notionalUsd: 6_000 };
const orders: readonly PlannedOrder[] = [
  planned({ ...half, symbol: ethSpot.symbol }),
  planned({ ...half, symbol: eth.symbol, action: 'sell' }),
];
const instruments = [ethSpot, eth].map((instrument) => ({ instrument }));

function rowOf({ instrument, action, slice }: PlannedOrder, filled: string): OrderRecord {
  const row = { instrument, action, slice, purpose: 'plan', filledBase: decimal(filled) };
  return row as OrderRecord;
}

function planOf(name: string, decidedAtMs: number, more: Partial<Plan>): Plan {
  const decision = { kind: 'trade', decidedAtMs };
  const record = { rebalanceId: rebalanceId(name), decision, snapshot: { instruments } };
  return { record, endedAtMs: 200, orders, rows: [], ...more } as unknown as Plan;
}

/** The spot has filled, its perpetual has not. */
const [spot, perpetual] = orders as readonly [PlannedOrder, PlannedOrder];
const left = planOf('left', 100, { rows: [rowOf(spot, '2'), rowOf(perpetual, '0')] });
const other = (
  decidedAtMs: number,
  instrument: InstrumentId,
  filled: string,
  action: 'buy' | 'sell' = 'sell',
): Plan =>
  planOf('other', decidedAtMs, {
    orders: [],
    rows: [rowOf(planned({ instrument, action }), filled)],
  });

describe('half a pair', () => {
  test('is naked, also where the pair is traded after its decision has ended', () => {
    expect(halfPairs([left])).toMatchObject({ naked: [{ usd: 6_000 }], handedOn: [] });
    for (const plan of [other(201, eth.id, '2'), other(99, eth.id, '2')]) {
      expect(halfPairs([left, plan]).naked).toHaveLength(1);
    }
  });

  test('is naked where the newer decision filled nothing of it, or traded something else', () => {
    for (const plan of [other(150, eth.id, '0'), other(150, btc.id, '2')]) {
      expect(halfPairs([left, plan]).naked).toHaveLength(1);
    }
  });

  test('is naked where it traded the pair, but less than was missing, or the other way', () => {
    for (const plan of [
      other(150, eth.id, '1'),
      other(150, eth.id, '2', 'buy'),
      other(150, ethSpot.id, '2', 'buy'),
    ]) {
      expect(halfPairs([left, plan])).toMatchObject({ naked: [{ usd: 6_000 }], handedOn: [] });
    }
  });

  test('is naked where the newer one grew the whole pair', () => {
    const rows = [
      rowOf(planned({ symbol: ethSpot.symbol }), '2'),
      rowOf(planned({ symbol: eth.symbol, action: 'sell' }), '2'),
    ];
    const grown = planOf('other', 150, { orders: [], rows });
    expect(halfPairs([left, grown])).toMatchObject({ naked: [{ usd: 6_000 }], handedOn: [] });
  });

  test('is naked where only the lagging half’s venue would not take so little', () => {
    const large = { ...eth, quantityMinBase: decimal('5') };
    const snapshot = { instruments: [{ instrument: ethSpot }, { instrument: large }] };
    const record = { ...left.record, snapshot } as unknown as Plan['record'];
    expect(halfPairs([{ ...left, record }]).naked).toHaveLength(1);
  });

  test('is handed on where a newer one completed or unwound it while its own was open', () => {
    const taken = halfPairs([left, other(150, eth.id, '2')]);
    expect(taken).toMatchObject({ naked: [], handedOn: [{ usd: 6_000 }] });
    const neverEnded = { ...left, endedAtMs: null };
    expect(halfPairs([neverEnded, other(999, ethSpot.id, '2')]).handedOn).toHaveLength(1);
  });

  test('is none where a fee taken in the coin leaves too little of a purchase, and is where there is no such fee', () => {
    const [bought, sold] = [rowOf(spot, '200'), rowOf(perpetual, '199.7')];
    expect(halfPairs([{ ...left, rows: [bought, sold] }]).naked).toEqual([]);
    const [short, missing] = [rowOf(perpetual, '200'), rowOf(spot, '199.7')];
    expect(halfPairs([{ ...left, rows: [short, missing] }]).naked).toMatchObject([{ usd: 900 }]);
  });

  test('is none where its leading venue would not take its value at the limit of a repair', () => {
    for (const [notionalMinQuote, naked] of [
      [7_000, 0],
      [5_900, 0],
      [5_700, 1],
    ] as const) {
      const snapshot = {
        instruments: [{ instrument: { ...ethSpot, notionalMinQuote } }, { instrument: eth }],
      };
      const record = { ...left.record, snapshot } as unknown as Plan['record'];
      expect(halfPairs([{ ...left, record }]).naked).toHaveLength(naked);
    }
  });

  test('is none of either where both halves filled alike, or what is missing is dust', () => {
    for (const filled of ['2', '1.9999']) {
      const rows = [rowOf(spot, '2'), rowOf(perpetual, filled)];
      expect(halfPairs([{ ...left, rows }])).toEqual({ naked: [], handedOn: [] });
    }
  });
});
