/**
 * Goal: the forecasting parts do what their formulas say: HAR, bipower, desmoothing, the implied blend.
 * Method: series built from the model, so that the fit must find it again; single jumps; known autocorrelation.
 */
import { describe, expect, it } from 'vitest';
import { bipowerSplit } from '../../src/risk/bipower.ts';
import { desmooth, lagOneAutocorrelation } from '../../src/risk/desmooth.ts';
import { forwardVolatility } from '../../src/risk/forwardVolatility.ts';
import { fitHar, forecastHar } from '../../src/risk/har.ts';

describe('HAR', () => {
  it('finds the coefficients of a series that it generated', () => {
    const truth = [-0.5, 0.4, 0.3, 0.2];
    const days = Array.from({ length: 30 }, (_, day) => Math.exp(-7 + 0.8 * Math.sin(day * 2.1)));
    const mean = (count: number) =>
      Math.log(days.slice(-count).reduce((sum, v) => sum + v, 0) / count);
    for (let day = 0; day < 150; day++) {
      // A shock every 13 days keeps the regressors apart; the fit sees it as noise on one row of 13.
      const shock = day % 13 === 0 ? 0.3 * Math.cos(day) : 0;
      const fit =
        (truth[0] ?? 0) +
        (truth[1] ?? 0) * mean(1) +
        (truth[2] ?? 0) * mean(7) +
        (truth[3] ?? 0) * mean(30);
      days.push(Math.exp(fit + shock));
    }
    const model = fitHar(days);
    truth.slice(1).forEach((value, k) => {
      expect(Math.abs((model?.coefficients[k + 1] ?? 9) - value)).toBeLessThan(0.25);
    });
    const forecast = model === null ? 0 : Math.log(forecastHar(model, days));
    const wanted = (truth[0] ?? 0) + 0.4 * mean(1) + 0.3 * mean(7) + 0.2 * mean(30);
    expect(Math.abs(forecast - wanted)).toBeLessThan(0.15);
  });

  it('adds half the residual variance, since the mean of a logarithm is not the logarithm of a mean', () => {
    const days = Array.from({ length: 30 }, () => 2e-4);
    const model = { coefficients: [0, 1, 0, 0], residualVariance: 0.5 };
    expect(forecastHar(model, days)).toBeCloseTo(2e-4 * Math.exp(0.25), 14);
  });

  it('has no model below sixty days or where nothing varies', () => {
    expect(fitHar(Array.from({ length: 59 }, () => 1e-4))).toBeNull();
    expect(fitHar(Array.from({ length: 90 }, () => 1e-4))).toBeNull();
  });
});

describe('bipowerSplit', () => {
  it('puts a single jump between quiet bars into the jump part', () => {
    const column = Float64Array.from({ length: 101 }, (_, bar) => (bar === 50 ? 0.2 : 0.001));
    const split = bipowerSplit(column, new Float64Array(101).fill(1));
    expect(split?.realised).toBeCloseTo((0.04 + 99 * 1e-6) / 100, 12);
    expect(split?.continuous).toBeCloseTo((Math.PI / 2) * ((2 * 2e-4 + 98 * 1e-6) / 100), 12);
    expect(split?.jump).toBeCloseTo((split?.realised ?? 0) - (split?.continuous ?? 0), 14);
  });

  it('has no answer without two neighbours', () => {
    expect(
      bipowerSplit(Float64Array.of(0.01, Number.NaN, 0.02), Float64Array.of(1, 1, 1)),
    ).toBeNull();
  });
});

describe('desmooth', () => {
  it('gives back the moves behind a smoothed price', () => {
    // Noise without memory, smoothed by r_t = 0.6 r_(t-1) + 0.4 e_t.
    let state = 1;
    const noise = Array.from({ length: 4000 }, () => {
      state = (state * 1103515245 + 12345) % 2147483648;
      return state / 2147483648 - 0.5;
    });
    const smoothed = new Float64Array(4000);
    noise.forEach((e, t) => {
      smoothed[t] = 0.6 * (smoothed[t - 1] ?? 0) + 0.4 * e;
    });
    const { column, phi } = desmooth(smoothed);
    expect(Math.abs(phi - 0.6)).toBeLessThan(0.04);
    const variance = (x: ArrayLike<number>) =>
      Array.from(x)
        .slice(1)
        .reduce((sum, v) => sum + v * v, 0) /
      (x.length - 1);
    expect(variance(column) / variance(noise)).toBeGreaterThan(0.85);
    expect(variance(column) / variance(noise)).toBeLessThan(1.15);
    expect(variance(smoothed) / variance(noise)).toBeLessThan(0.35);
  });

  it('leaves a bounce between bid and ask alone', () => {
    const bounce = Float64Array.from({ length: 20 }, (_, bar) => (bar % 2 === 0 ? 0.01 : -0.01));
    expect(lagOneAutocorrelation(bounce)).toBeLessThan(-0.9);
    expect(desmooth(bounce)).toEqual({ column: bounce, phi: 0 });
  });
});

describe('forwardVolatility', () => {
  const settings = { impliedShare: 0.25, raiseShare: 0.05, raiseShareMax: 0.1 };

  it('blends variances, not volatilities', () => {
    const none = { ...settings, raiseShare: 0 };
    expect(forwardVolatility(0.4, 0.8, none)).toBeCloseTo(Math.sqrt(0.75 * 0.16 + 0.25 * 0.64), 14);
    expect(forwardVolatility(0.4, undefined, none)).toBeCloseTo(0.4, 15);
  });

  it('is raised by demand within the cap and never lowered', () => {
    expect(forwardVolatility(0.4, undefined, settings)).toBeCloseTo(0.42, 14);
    expect(forwardVolatility(0.4, undefined, { ...settings, raiseShare: 9 })).toBeCloseTo(0.44, 14);
    expect(forwardVolatility(0.4, undefined, { ...settings, raiseShare: -9 })).toBeCloseTo(0.4, 14);
  });
});
