/**
 * Goal: parts sum to what they are parts of, exactly, and opposite wants cross before anything is traded.
 * Method: cases by hand, then properties over random amounts and weights.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { add, type DecimalText, decimal, sign, zero } from '../../src/domain/decimal.ts';
import { legId } from '../../src/domain/ids.ts';
import {
  attribute,
  fillWeights,
  netChanges,
  type Part,
  wantedChanges,
} from '../../src/ledger/attribution.ts';
import { a, b, c } from './world.ts';

const sum = (parts: readonly Part[]): DecimalText =>
  parts.reduce<DecimalText>((total, part) => add(total, part.amount), zero);

test('a third each: two are cut to twelve decimals, the last takes the rest', () => {
  const weights = [a, b, c].map((leg) => ({ leg, weight: 1 }));
  expect(attribute(decimal('1'), weights).map((part) => part.amount)).toEqual([
    '0.333333333333',
    '0.333333333333',
    '0.333333333334',
  ]);
});

test('signed shares: a long of 3 and a short of 1 share a net funding payment as if each had its own', () => {
  const parts = attribute(decimal('-2'), [
    { leg: a, weight: decimal('3') },
    { leg: b, weight: decimal('-1') },
  ]);
  expect(parts).toEqual([
    { leg: a, amount: '-3' },
    { leg: b, amount: '1' },
  ]);
});

test('where the weights cancel, the amount is no leg’s', () => {
  const weights = [
    { leg: a, weight: 0.1 },
    { leg: b, weight: -0.1 },
  ];
  expect(attribute(decimal('5'), weights)).toEqual([{ leg: null, amount: '5' }]);
  expect(attribute(decimal('5'), [])).toEqual([{ leg: null, amount: '5' }]);
});

test('opposite wants cross: the seller gets its whole want from the buyers, who trade the rest', () => {
  const wanted = wantedChanges(
    [
      { leg: a, targetBase: 3 },
      { leg: b, targetBase: 1 },
      { leg: c, targetBase: -1 },
    ],
    [],
  );
  const { crosses, weights } = netChanges(wanted, decimal('0.001'));
  expect(crosses).toEqual([
    { leg: a, amount: '0.75' },
    { leg: b, amount: '0.25' },
    { leg: c, amount: '-1' },
  ]);
  expect(attribute(decimal('3'), weights)).toEqual([
    { leg: a, amount: '2.25' },
    { leg: b, amount: '0.75' },
  ]);
});

test('what belongs to no leg is given up to the legs', () => {
  const wanted = wantedChanges([{ leg: a, targetBase: 2 }], [{ leg: null, amount: decimal('2') }]);
  expect(netChanges(wanted, decimal('0.001')).crosses).toEqual([
    { leg: a, amount: '2' },
    { leg: null, amount: '-2' },
  ]);
});

test('crosses below a lot are left out', () => {
  const wanted = wantedChanges(
    [
      { leg: a, targetBase: 1 },
      { leg: b, targetBase: -0.0004 },
    ],
    [],
  );
  expect(netChanges(wanted, decimal('0.001')).crosses).toEqual([]);
});

test('a fill that nobody wanted is the holders’ where it reduces, and no leg’s where it adds', () => {
  const held = [
    { leg: a, amount: decimal('3') },
    { leg: b, amount: decimal('-1') },
  ];
  expect(attribute(decimal('-2'), fillWeights([], held, decimal('-2')))).toEqual([
    { leg: a, amount: '-3' },
    { leg: b, amount: '1' },
  ]);
  expect(fillWeights([], held, decimal('2'))).toEqual([]);
});

test('a fill against the want undoes what was traded for it: it is the same legs’, whatever they hold', () => {
  const opening = wantedChanges([{ leg: a, targetBase: 2 }], []);
  expect(attribute(decimal('-2'), fillWeights(opening, [], decimal('-2')))).toEqual([
    { leg: a, amount: '-2' },
  ]);
  const held = [
    { leg: a, amount: decimal('3') },
    { leg: b, amount: decimal('1') },
  ];
  // a sells three and b buys one of them: the venue sees two sold, for a.
  const closing = wantedChanges(
    [
      { leg: a, targetBase: 0 },
      { leg: b, targetBase: 2 },
    ],
    held,
  );
  for (const signed of ['-2', '2'] as const) {
    expect(attribute(decimal(signed), fillWeights(closing, held, decimal(signed)))).toEqual([
      { leg: a, amount: signed },
    ]);
  }
});

const amount = fc
  .tuple(fc.bigInt(-(10n ** 16n), 10n ** 16n), fc.integer({ min: 0, max: 12 }))
  .map(([digits, scale]) => decimal(`${digits}e-${scale}`));
const weightsOfOneSign = fc.array(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), {
  minLength: 1,
  maxLength: 6,
});

test('property: parts sum exactly, and none has the other sign', () => {
  fc.assert(
    fc.property(amount, weightsOfOneSign, (whole, weights) => {
      const parts = attribute(
        whole,
        weights.map((weight, index) => ({ leg: legId(`l${index}`), weight })),
      );
      expect(sum(parts)).toBe(whole);
      for (const part of parts) expect(sign(part.amount)).toBe(sign(whole));
    }),
    { seed: 20221101, numRuns: 300 },
  );
});

test('property: crosses sum to zero, and crosses with fills give every leg its want', () => {
  const wants = fc.array(fc.integer({ min: -100_000, max: 100_000 }), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(wants, (lots) => {
      const targets = lots.map((lot, index) => ({
        leg: legId(`l${index}`),
        targetBase: lot / 1000,
      }));
      const { crosses, weights } = netChanges(wantedChanges(targets, []), decimal('0.001'));
      expect(sum(crosses)).toBe('0');
      const net = lots.reduce((total, lot) => total + lot, 0);
      const fills = net === 0 ? [] : attribute(decimal(net / 1000), weights);
      for (const { leg, targetBase } of targets) {
        const got = sum([...crosses, ...fills].filter((part) => part.leg === leg));
        expect(Number(got)).toBeCloseTo(targetBase, 9);
      }
    }),
    { seed: 20221102, numRuns: 300 },
  );
});
