/**
 * How well a hedge worked: closed forms. Tried, and seen to fail: counting bars in which no hedge stood, and the variance of the
 * hedge in place of that of both together.
 */
import { describe, expect, test } from 'vitest';
import { hedgeEffectiveness } from '../../src/risk/hedgeEffectiveness.ts';

const wave = Array.from({ length: 48 }, (_, bar) => (bar % 2 === 0 ? 100 : -100));

describe('the share of variance that was taken away', () => {
  test('a hedge of k times the holding leaves (1 − k)² of the variance', () => {
    for (const k of [0, 0.25, 0.5, 1, 1.5, 2, 3]) {
      const hedge = wave.map((profit) => -k * profit);
      expect(hedgeEffectiveness(wave, hedge)).toEqual({
        kind: 'realised',
        bars: 48,
        effectiveness: expect.closeTo(1 - (1 - k) ** 2, 12),
      });
    }
  });

  test('what moves independently adds its own variance', () => {
    const apart = wave.map((_, bar) => (bar % 4 < 2 ? 50 : -50));
    const found = hedgeEffectiveness(wave, apart);
    expect(found).toMatchObject({ effectiveness: expect.closeTo(-0.25, 12) });
  });

  test('bars in which nothing stood, or which are missing, do not count', () => {
    const hedge = wave.map((profit, bar) => (bar < 20 ? null : -profit));
    const holding = wave.map((profit, bar) => (bar === 40 ? null : profit));
    expect(hedgeEffectiveness(holding, hedge)).toMatchObject({ bars: 27, effectiveness: 1 });
  });

  test('less than a day, and a holding that does not move, say nothing', () => {
    const short = wave.slice(0, 23);
    expect(hedgeEffectiveness(short, short)).toEqual({ kind: 'insufficientHistory', bars: 23 });
    const flat = wave.map(() => 0);
    expect(hedgeEffectiveness(flat, wave)).toEqual({ kind: 'insufficientHistory', bars: 48 });
  });
});
