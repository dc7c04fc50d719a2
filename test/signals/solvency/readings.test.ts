/** Goal: raw figures become readings, and a limit follows the loss budget. Method: closed forms. */
import { expect, test } from 'vitest';
import { venueLimitUsd } from '../../../src/signals/solvency/defaultRate.ts';
import { excessMove, robustZ, withdrawalStatus } from '../../../src/signals/solvency/readings.ts';

test('the robust z is not moved by one wild day, and is absent where nothing varies', () => {
  expect(robustZ(7, [1, 2, 3, 4, 1000])).toBeCloseTo((7 - 3) / 1.4826, 12);
  expect(robustZ(7, [1, 2, 3, 4])).toBeCloseTo((7 - 2.5) / 1.4826, 12);
  expect(robustZ(7, [3, 3, 3])).toBeNull();
  expect(robustZ(7, [])).toBeNull();
});

test('a coin without a working chain is halted, with all of them open', () => {
  const chain = (name: string, withdrawOn: boolean, withdrawFee: string) => ({
    chain: name,
    withdrawOn,
    withdrawFee,
  });
  expect(withdrawalStatus([chain('ETH', false, '1')]).status).toBe('halted');
  expect(withdrawalStatus([chain('ETH', true, '')]).status).toBe('halted');
  expect(withdrawalStatus([chain('ETH', true, '1')]).status).toBe('open');
});

test('a token’s move counts beyond what BTC did', () => {
  expect(excessMove(-0.3, -0.1)).toBeCloseTo(-0.2, 12);
});

test('the limit is the smaller of the share and what the loss budget allows, and shrinks as default nears', () => {
  const limit = (defaultProbabilityAnnual: number) =>
    venueLimitUsd({
      netAssetUsd: 1_000_000,
      shareMax: 0.4,
      lossBudgetUsd: 20_000,
      defaultProbabilityAnnual,
      lossGivenDefaultShare: 0.8,
    });
  expect(limit(0)).toBe(400_000);
  expect(limit(0.05)).toBe(400_000);
  expect(limit(0.1)).toBeCloseTo(250_000, 6);
  expect(limit(0.5)).toBeCloseTo(50_000, 6);
});
