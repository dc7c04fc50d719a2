/** Goal: the score stays within its cap, points the right way, and never lowers a forecast. Method: properties and signs. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  DEMAND_SIGNALS,
  forecastRatio,
  hedgingDemand,
} from '../../../src/signals/hedging/demand.ts';
import { strikeAtDelta } from '../../../src/signals/hedging/optionSkew.ts';
import { longShortRatio, putCallRatio } from '../../../src/signals/hedging/ratios.ts';

test('dear puts, low funding and backwardation are demand; dear calls are the opposite', () => {
  const score = (readings: Parameters<typeof hedgingDemand>[0]) => {
    const demand = hedgingDemand(readings);
    return demand.kind === 'scored' ? Math.sign(demand.score) : null;
  };
  expect([score({ riskReversal: -2 }), score({ funding: -2 }), score({ basis: -2 })]).toEqual([
    1, 1, 1,
  ]);
  expect([score({ putCall: 2 }), score({ riskReversal: 2 }), score({ putCall: -2 })]).toEqual([
    1, -1, -1,
  ]);
});

test('nothing read is unknown, which is not a score of zero and changes no forecast', () => {
  expect(hedgingDemand({})).toEqual({ kind: 'unknown' });
  expect(hedgingDemand({ basis: Number.NaN })).toEqual({ kind: 'unknown' });
  expect(forecastRatio({ kind: 'unknown' }, 0.1)).toBe(1);
});

test('any readings raise a forecast by no more than the cap, and never lower it', () => {
  const reading = fc.record(
    Object.fromEntries(DEMAND_SIGNALS.map((signal) => [signal, fc.double({ noNaN: true })])),
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(reading, (readings) => {
      const demand = hedgingDemand(readings);
      if (demand.kind === 'scored') expect(Math.abs(demand.score)).toBeLessThanOrEqual(1);
      const ratio = forecastRatio(demand, 0.1);
      expect(ratio).toBeGreaterThanOrEqual(1);
      expect(ratio).toBeLessThanOrEqual(1.1);
    }),
    { seed: 24 },
  );
});

test('a strike at 50 delta is the forward moved by half the variance; a delta out of reach is refused', () => {
  const strike = (delta: number) =>
    strikeAtDelta({ option: 'call', forwardPrice: 100, volatilityAnnual: 0.5, days: 365, delta });
  expect(strike(0.5)).toBeCloseTo(100 * Math.exp(0.125), 10);
  expect(() => strike(0.01)).toThrow('was 0.01');
});

test('a ratio to nothing is absent', () => {
  expect([putCallRatio(1, 0), longShortRatio(1)]).toEqual([null, null]);
});
