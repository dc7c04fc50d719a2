/**
 * Goal: tail components add up to the tail, and the tail is the one that the formulas promise.
 * Method: printed normal values, numerical integration of the expansion, finite differences, worst bars by hand.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bookMoments } from '../../src/risk/bookMoments.ts';
import { historicalTailRisk } from '../../src/risk/historicalTail.ts';
import { normalCumulative, normalDensity, normalQuantile } from '../../src/risk/normal.ts';
import { paretoTailRisk } from '../../src/risk/peaksOverThreshold.ts';
import { componentTailRisk } from '../../src/risk/tailRisk.ts';

const returns = [
  [0.01, -0.02, 0.03, -0.05, 0.02, 0.01, -0.01, 0.04, -0.03, 0.005],
  [0.02, -0.01, 0.01, -0.09, 0.01, 0.03, -0.02, 0.01, 0.01, -0.01],
];
const exposures = [100, -30];

describe('the normal distribution', () => {
  it('has its printed values', () => {
    expect(normalCumulative(1)).toBeCloseTo(0.8413447460685429, 14);
    expect(normalCumulative(-1.96)).toBeCloseTo(0.024997895148220435, 15);
    expect(normalCumulative(-8) / 6.220960574271785e-16).toBeCloseTo(1, 7);
    expect(normalQuantile(0.01)).toBeCloseTo(-2.3263478740408408, 13);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 13);
  });

  it('has a quantile that undoes the cumulative', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }), (p) => {
        expect(normalCumulative(normalQuantile(p)) / p).toBeCloseTo(1, 9);
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});

describe('componentTailRisk', () => {
  const all = (['normal', 'cornish-fisher'] as const).flatMap((method) =>
    (['value-at-risk', 'expected-shortfall'] as const).map((measure) => ({ method, measure })),
  );

  it.each(all)('adds up and is the slope: $method $measure', (kind) => {
    const options = { ...kind, confidence: 0.95 };
    const { risk, components } = componentTailRisk(exposures, returns, options);
    expect(components.reduce((sum, x) => sum + x, 0)).toBeCloseTo(risk, 10);
    const step = 1e-4;
    const bumped = (sign: number) =>
      componentTailRisk([100 + sign * step, -30], returns, options).risk;
    expect(components[0]).toBeCloseTo((100 * (bumped(1) - bumped(-1))) / (2 * step), 5);
  });

  it('is z times the deviation less the mean where returns are normal', () => {
    const { mean, deviation } = bookMoments(exposures, returns);
    const options = { measure: 'value-at-risk', method: 'normal', confidence: 0.99 } as const;
    const { risk } = componentTailRisk(exposures, returns, options);
    expect(risk).toBeCloseTo(2.3263478740408408 * deviation - mean, 10);
  });

  it('integrates the expanded density for the Cornish–Fisher shortfall', () => {
    const { mean, deviation, skewness: s, kurtosis: k } = bookMoments(exposures, returns);
    const value = (measure: 'value-at-risk' | 'expected-shortfall') =>
      componentTailRisk(exposures, returns, { measure, method: 'cornish-fisher', confidence: 0.95 })
        .risk;
    const g = -(value('value-at-risk') + mean) / deviation;
    const density = (x: number) =>
      normalDensity(x) *
      (1 +
        (s / 6) * (x ** 3 - 3 * x) +
        (k / 24) * (x ** 4 - 6 * x ** 2 + 3) +
        (s ** 2 / 72) * (x ** 6 - 15 * x ** 4 + 45 * x ** 2 - 15));
    const steps = 200_000;
    const width = (g + 12) / steps;
    let integral = 0;
    for (let i = 0; i < steps; i++) {
      const x = -12 + (i + 0.5) * width;
      integral += x * density(x) * width;
    }
    expect(value('expected-shortfall')).toBeCloseTo(-mean + (deviation * -integral) / 0.05, 6);
  });

  it('answers a book that does not move with its mean', () => {
    const options = { measure: 'value-at-risk', method: 'normal', confidence: 0.99 } as const;
    const flat = [[0.01, 0.01, 0.01, 0.01]];
    expect(componentTailRisk([2], flat, options)).toEqual({ risk: -0.02, components: [-0.02] });
  });
});

describe('historicalTailRisk', () => {
  it('takes the worst bars: two of ten at 80 %', () => {
    const es = historicalTailRisk([1, 0], returns, {
      measure: 'expected-shortfall',
      confidence: 0.8,
    });
    const value = historicalTailRisk([1, 0], returns, {
      measure: 'value-at-risk',
      confidence: 0.8,
    });
    expect(es.risk).toBeCloseTo(0.04, 14);
    expect(value.risk).toBeCloseTo(0.03, 14);
  });

  it('takes the last bar in part and never none', () => {
    const of = (confidence: number) =>
      historicalTailRisk([1, 0], returns, { measure: 'expected-shortfall', confidence }).risk;
    expect(of(0.85)).toBeCloseTo((0.05 + 0.5 * 0.03) / 1.5, 14);
    expect(of(0.999)).toBeCloseTo(0.05, 14);
  });

  it('adds up', () => {
    const options = { measure: 'expected-shortfall', confidence: 0.75 } as const;
    const { risk, components } = historicalTailRisk(exposures, returns, options);
    expect(components.reduce((sum, x) => sum + x, 0)).toBeCloseTo(risk, 12);
  });
});

describe('paretoTailRisk', () => {
  it('gives the worked figures (case T03)', () => {
    const tail = {
      thresholdLoss: 0.005,
      scale: 0.004,
      shape: 0.5,
      observations: 1000,
      exceedances: 20,
    };
    const { valueAtRisk, expectedShortfall } = paretoTailRisk(tail, 0.999);
    expect(valueAtRisk).toBeCloseTo(0.03277708763999662, 12);
    expect(expectedShortfall).toBeCloseTo(0.06855417527999325, 12);
  });
});

describe('bookMoments', () => {
  it('have no scale in skewness and kurtosis, however small or large the book', () => {
    const wanted = bookMoments(exposures, returns);
    for (const scale of [1e-140, 1e140]) {
      const found = bookMoments(
        exposures.map((exposure) => exposure * scale),
        returns,
      );
      expect(found.skewness).toBeCloseTo(wanted.skewness, 12);
      expect(found.kurtosis).toBeCloseTo(wanted.kurtosis, 12);
      expect(found.deviation / scale).toBeCloseTo(wanted.deviation, 12);
      expect(found.kurtosisParts[0]).toBeCloseTo(wanted.kurtosisParts[0] ?? 0, 12);
    }
  });
});
