/**
 * Goal: requests keep the venue's limits, and cancels pass when nothing else may.
 * Method: a clock that only sleeping moves, so that waiting times are exact.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLimiter } from '../../../src/adapters/exchange/transport/limiter.ts';

function sleepingClock() {
  let now = 1_000_000;
  return {
    nowMs: () => now,
    sleep: async (ms: number) => {
      await Promise.resolve();
      now += ms;
    },
  };
}

describe('the limiter', () => {
  it('lets a burst pass at once and spaces the rest', async () => {
    const clock = sleepingClock();
    const limiter = createLimiter({ burst: 3, perSecond: 10, reserveShare: 0 }, clock);
    for (let i = 0; i < 3; i += 1) await limiter.take(1, 'normal');
    expect(clock.nowMs()).toBe(1_000_000);
    await limiter.take(1, 'normal');
    expect(clock.nowMs()).toBe(1_000_100);
    await limiter.take(2, 'normal');
    expect(clock.nowMs()).toBe(1_000_300);
  });

  it('keeps a share that only protective requests may use', async () => {
    const clock = sleepingClock();
    const limiter = createLimiter({ burst: 10, perSecond: 1, reserveShare: 0.3 }, clock);
    for (let i = 0; i < 7; i += 1) await limiter.take(1, 'normal');
    for (let i = 0; i < 3; i += 1) await limiter.take(1, 'protective');
    expect(clock.nowMs()).toBe(1_000_000);
    await limiter.take(1, 'normal');
    expect(clock.nowMs()).toBeGreaterThanOrEqual(1_004_000);
  });

  it('lets nothing leave before a pause is over', async () => {
    const clock = sleepingClock();
    const limiter = createLimiter({ burst: 10, perSecond: 10, reserveShare: 0 }, clock);
    limiter.pauseUntil(1_030_000);
    limiter.pauseUntil(1_020_000);
    await limiter.take(1, 'protective');
    expect(clock.nowMs()).toBe(1_030_000);
  });

  it('refuses at once what may not wait so long, and keeps its place for nobody', async () => {
    const clock = sleepingClock();
    const limiter = createLimiter({ burst: 2, perSecond: 1, reserveShare: 0 }, clock);
    await limiter.take(2, 'normal');
    // The first may wait; the second would have to wait for the first and for itself.
    const first = limiter.take(1, 'normal', 1_000);
    await expect(limiter.take(1, 'normal', 1_000)).rejects.toThrow('in 2000 ms');
    await first;
    expect(clock.nowMs()).toBe(1_001_000);
    await limiter.take(1, 'normal', 1_000);
    expect(clock.nowMs()).toBe(1_002_000);
    limiter.pauseUntil(1_062_000);
    await expect(limiter.take(1, 'protective', 1_000)).rejects.toMatchObject({ retryable: true });
    expect(clock.nowMs()).toBe(1_002_000);
  });

  it('gives up on a clock that stands still, instead of spinning', async () => {
    const limiter = createLimiter(
      { burst: 1, perSecond: 1, reserveShare: 0 },
      { nowMs: () => 5, sleep: () => Promise.resolve() },
    );
    await limiter.take(1, 'normal');
    await expect(limiter.take(1, 'normal')).rejects.toThrow('no turn came');
  });

  it('never passes more weight than burst and time allow', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 40 }),
        async (weights) => {
          const clock = sleepingClock();
          const limiter = createLimiter({ burst: 5, perSecond: 20, reserveShare: 0.2 }, clock);
          let taken = 0;
          await Promise.all(
            weights.map(async (weight, i) => {
              await limiter.take(weight, i % 3 === 0 ? 'protective' : 'normal');
              taken += weight;
              const allowed = 5 + ((clock.nowMs() - 1_000_000) * 20) / 1000;
              expect(taken).toBeLessThanOrEqual(allowed + 1e-6);
            }),
          );
        },
      ),
      { seed: 7, numRuns: 100 },
    );
  });
});
