/**
 * Goal: the five OHLC estimators measure one and the same variance where their assumptions hold.
 * Method: seeded random walks of known variance, drift and gaps; invariance to the price's unit.
 */
import { describe, expect, it } from 'vitest';
import { estimateOhlc, ohlcEstimators } from '../../../src/risk/ohlc/estimateOhlc.ts';
import type { OhlcBars } from '../../../src/risk/ohlc/ohlcBars.ts';

const STEPS = 200;

/** Bars of a random walk in fine steps; Box–Muller on a fixed linear congruential sequence. */
function walk(options: { bars: number; variance: number; drift?: number; gap?: number }): OhlcBars {
  let state = 20250630;
  const uniform = () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return (state + 0.5) / 4294967296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const { bars, variance, drift = 0, gap = 0 } = options;
  const columns = ['open', 'high', 'low', 'close'].map(() => new Float64Array(bars));
  const [open, high, low, close] = columns as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  let log = Math.log(100);
  for (let bar = 0; bar < bars; bar++) {
    log += Math.sqrt(gap) * normal();
    const path = [log];
    for (let step = 0; step < STEPS; step++) {
      log += drift / STEPS + Math.sqrt(variance / STEPS) * normal();
      path.push(log);
    }
    open[bar] = Math.exp(path[0] ?? 0);
    close[bar] = Math.exp(log);
    high[bar] = Math.exp(Math.max(...path));
    low[bar] = Math.exp(Math.min(...path));
  }
  return { open, high, low, close };
}

function varianceOf(bars: OhlcBars, name: (typeof ohlcEstimators)[number]): number {
  const estimate = estimateOhlc(bars, name);
  return estimate.kind === 'estimated' ? estimate.variance : Number.NaN;
}

describe.each(ohlcEstimators)('%s', (name) => {
  it('finds the variance of a walk without drift and gaps', () => {
    const ratio = varianceOf(walk({ bars: 1000, variance: 1e-4 }), name) / 1e-4;
    expect(ratio).toBeGreaterThan(0.85);
    expect(ratio).toBeLessThan(1.08);
  });

  it('does not depend on the unit of the price', () => {
    const bars = walk({ bars: 40, variance: 1e-4 });
    const cents: OhlcBars = {
      open: bars.open.map((x) => 100 * x),
      high: bars.high.map((x) => 100 * x),
      low: bars.low.map((x) => 100 * x),
      close: bars.close.map((x) => 100 * x),
    };
    expect(varianceOf(cents, name) / varianceOf(bars, name)).toBeCloseTo(1, 9);
  });

  it('says when there are too few bars', () => {
    const empty = new Float64Array(0);
    const none = { open: empty, high: empty, low: empty, close: empty };
    expect(estimateOhlc(none, name)).toMatchObject({ kind: 'insufficientHistory' });
  });
});

describe('where assumptions break', () => {
  it('rogers-satchell and yang-zhang ignore a drift that parkinson counts as variance', () => {
    const bars = walk({ bars: 1000, variance: 1e-4, drift: 0.02 });
    expect(varianceOf(bars, 'rogers-satchell') / 1e-4).toBeLessThan(1.05);
    expect(varianceOf(bars, 'yang-zhang') / 1e-4).toBeLessThan(1.05);
    expect(varianceOf(bars, 'parkinson') / 1e-4).toBeGreaterThan(1.5);
  });

  it('yang-zhang and close-to-close count gaps between bars, the others are blind to them', () => {
    const bars = walk({ bars: 1000, variance: 1e-4, gap: 1e-4 });
    expect(varianceOf(bars, 'yang-zhang') / 2e-4).toBeGreaterThan(0.9);
    expect(varianceOf(bars, 'close-to-close') / 2e-4).toBeGreaterThan(0.9);
    expect(varianceOf(bars, 'garman-klass') / 2e-4).toBeLessThan(0.6);
  });
});
