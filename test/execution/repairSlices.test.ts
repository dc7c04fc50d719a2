/** Slices of repairs: every repair of every pair has its own, and is told by it. Method: two carries on one perpetual. */
import { expect, test } from 'vitest';
import { repairNumber, repairSlice, repairsMax } from '../../src/execution/repairSlices.ts';
import { half, perpetualInstrument, spotInstrument } from './pairGiven.ts';

const other = { ...spotInstrument, id: perpetualInstrument.id };
const orders = [
  half(spotInstrument, 'buy', false),
  half(perpetualInstrument, 'sell', false),
  { ...half(other, 'buy', false), pair: null },
  { ...half(spotInstrument, 'buy', false), pair: 'other:0' },
  { ...half(perpetualInstrument, 'sell', false), pair: 'other:0' },
];
const names = ['eth-carry:0', 'other:0'];
const repairs = Array.from({ length: repairsMax }, (_, repair) => repair);

test('no two repairs of a decision share one, and all lie above those of a plan', () => {
  const slices = names.flatMap((name) => repairs.map((each) => repairSlice(orders, name, each)));
  expect(new Set(slices).size).toBe(names.length * repairsMax);
  expect(Math.min(...slices)).toBeGreaterThanOrEqual(1_000);
});

test('a recorded order is a repair of one pair, whichever instrument it shares with another', () => {
  for (const name of names) {
    for (const repair of repairs) {
      const record = {
        purpose: 'repair',
        instrument: perpetualInstrument.id,
        slice: repairSlice(orders, name, repair),
      } as const;
      expect(names.map((one) => repairNumber(orders, one, record))).toEqual(
        names.map((one) => (one === name ? repair : null)),
      );
    }
  }
});

test('an order of the plan, or of an instrument that is not the pair’s, is none', () => {
  const record = { instrument: spotInstrument.id, slice: repairSlice(orders, 'other:0', 1) };
  expect(repairNumber(orders, 'other:0', { ...record, purpose: 'plan' })).toBeNull();
  const alone = orders.slice(4);
  const slice = repairSlice(alone, 'other:0', 1);
  expect(repairNumber(alone, 'other:0', { ...record, slice, purpose: 'repair' })).toBeNull();
});

test('a pair that is not the decision’s has none', () => {
  expect(() => repairSlice(orders, 'third:0', 0)).toThrow('was third:0');
});
