/** Goal: basis, its state and the carry gate behave at their edges. Method: closed forms and a property of the gate. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { basisState, breakEvenDays, zScore } from '../../src/signals/basis.ts';
import { expectedCarry, isCarryGateOpen } from '../../src/signals/carry.ts';

describe('basis', () => {
  test('breaks even after cost ÷ daily carry, and never without carry', () => {
    expect(breakEvenDays(0.002, 0.0365)).toBeCloseTo(20, 10);
    expect([breakEvenDays(0.002, 0), breakEvenDays(0.002, -0.1)]).toEqual([null, null]);
  });

  test('has a z-score by the sample deviation, or says why it has none', () => {
    expect(zScore(5, [1, 2, 3], 3)).toEqual({ kind: 'zScore', z: 3 });
    expect(zScore(5, [1, 2, 3], 10)).toEqual({ kind: 'insufficientHistory', missing: 7 });
    expect(zScore(5, [], 0)).toEqual({ kind: 'insufficientHistory', missing: 2 });
    expect(zScore(5, [0.1, 0.1, 0.1], 3)).toEqual({ kind: 'noVariation' });
  });

  test('is contango, flat or backwardation by a band that belongs to flat', () => {
    const states = [0.03, 0.02, -0.02, -0.03].map((annual) => basisState(annual, 0.02));
    expect(states).toEqual(['contango', 'flat', 'flat', 'backwardation']);
  });
});

describe('carry', () => {
  test('is funding plus premium less costs, each by the year', () => {
    const carry = expectedCarry({
      fundingRate: 0.0001,
      fundingIntervalMs: 8 * 3_600_000,
      basis: 0.001,
      horizonDays: 36.5,
      roundTripCostShare: 0.002,
    });
    expect(carry.fundingAnnual).toBeCloseTo(0.1095, 12);
    expect(carry.basisAnnual).toBeCloseTo(0.01, 12);
    expect(carry.costAnnual).toBeCloseTo(0.02, 12);
    expect(carry.netAnnual).toBeCloseTo(0.0995, 12);
  });

  test('a venue that settles each hour earns eight times what the same rate each eight hours does', () => {
    const at = (hours: number) =>
      expectedCarry({
        fundingRate: 0.0001,
        fundingIntervalMs: hours * 3_600_000,
        basis: 0,
        horizonDays: 30,
        roundTripCostShare: 0,
      }).netAnnual;
    expect(at(1) / at(8)).toBeCloseTo(8, 12);
  });

  test('the gate opens only at the upper hurdle and closes only below the lower one', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -0.5, max: 0.5, noNaN: true }),
        fc.boolean(),
        (carryAnnual, wasOpen) => {
          const gate = { carryAnnual, wasOpen, openAnnual: 0.05, closeAnnual: 0.01 };
          const isOpen = isCarryGateOpen(gate);
          if (carryAnnual >= 0.05) expect(isOpen).toBe(true);
          else if (carryAnnual < 0.01) expect(isOpen).toBe(false);
          else expect(isOpen).toBe(wasOpen);
        },
      ),
      {
        seed: 22,
        examples: [
          [0.05, false],
          [0.01, true],
          [0.01, false],
        ],
      },
    );
  });
});
