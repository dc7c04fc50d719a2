/** The drawdown control: the worked case, and what it makes of a book. */
import { describe, expect, test } from 'vitest';
import { drawdownScale } from '../../../src/parity/sizing/drawdownControl.ts';
import { decide } from '../../../src/rebalance/decide.ts';
import { domainCase } from '../../domainCase.ts';
import { perpetualLeg } from '../../rebalance/legsGiven.ts';
import { policyOf } from '../../rebalance/policyGiven.ts';
import { snapshotOf } from '../../rebalance/snapshotWorld.ts';

test('P07: the target falls in a line with the drawdown, to nothing at the most', () => {
  const { inputs, expected, tolerance } = domainCase<
    { readonly peak: number; readonly nav: readonly number[]; readonly dd_max: number },
    { readonly k: readonly number[] }
  >('P07');
  expect(tolerance.kind).toBe('rel');
  expect(inputs.nav).toHaveLength(expected.k.length);
  for (const [index, equityUsd] of inputs.nav.entries()) {
    const found = drawdownScale({ equityUsd, peakEquityUsd: inputs.peak }, inputs.dd_max);
    const wanted = expected.k[index] ?? Number.NaN;
    // Nothing is nothing but for the rounding of the subtraction.
    const room = Math.max(tolerance.value * wanted, 1e-15);
    expect(Math.abs(found - wanted)).toBeLessThanOrEqual(room);
  }
});

test('above the peak, and before there is one, the target stands', () => {
  expect(drawdownScale({ equityUsd: 120, peakEquityUsd: 110 }, 0.2)).toBe(1);
  expect(drawdownScale({ equityUsd: 120, peakEquityUsd: null }, 0.2)).toBe(1);
});

describe('a book', () => {
  const sized = (peakEquityUsd: number, drawdownMaxShare?: number) => {
    const policy = policyOf([perpetualLeg('btc', 'BTC/USDT:USDT')], {
      sizing: { drawdownMaxShare },
    });
    const decision = decide(snapshotOf(policy, { snapshot: { peakEquityUsd } }), policy);
    return decision.explanation?.legs[0]?.targetUsd ?? Number.NaN;
  };

  test('is as much smaller as its target', () => {
    // A tenth below the peak, half way to nothing.
    expect(sized(100_000 / 0.9, 0.2) / sized(100_000, 0.2)).toBeCloseTo(0.5, 9);
    expect(sized(200_000, 0.2)).toBe(0);
  });

  test('is untouched where the policy names no most', () => {
    expect(sized(100_000 / 0.9)).toBe(sized(100_000));
  });
});
