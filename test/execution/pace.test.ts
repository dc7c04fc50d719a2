/**
 * Pace: spread evenly, or by the market's volume; closed forms, then a property: never faster than the share of the volume.
 *
 * Tried, and seen to fail: counting a stage's own time before it instead of after it, and keeping what would be bought too late.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import type { PlannedOrder } from '../../src/domain/order.ts';
import { type PaceSettings, paced, sliceUsd } from '../../src/execution/pace.ts';
import { planned } from './oneOrder.ts';

const twap: PaceSettings = { style: 'twap', spanMs: 60_000, everyMs: 10_000, volumeShare: 0.1 };
const share: PaceSettings = { ...twap, style: 'participation' };
const worth = (usd: number, more: Partial<PlannedOrder> = {}): PlannedOrder => ({
  ...planned,
  notionalUsd: usd,
  risk: 'increases',
  ...more,
});
const times = (stages: readonly (readonly PlannedOrder[])[]) =>
  stages.map((stage) => stage.map((order) => order.notBeforeMs));

describe('twap', () => {
  test('cuts an order into as many slices as fit, and begins them evenly', () => {
    expect(sliceUsd(twap, 6_000, null)).toBe(1_000);
    const stages = [[worth(3)], [worth(2), worth(1)], [worth(2)]];
    expect(times(paced(stages, twap, 1_000, () => 5))).toEqual([
      [1_000],
      [21_000, 21_000],
      [41_000],
    ]);
  });

  test('a span shorter than a period is one slice', () => {
    expect(sliceUsd({ ...twap, spanMs: 9_000 }, 6_000, null)).toBe(6_000);
  });

  test('lending takes no part of the span', () => {
    const lent = worth(9, { style: 'earn', action: 'subscribe', quantityBase: decimal(9) });
    expect(times(paced([[worth(1)], [worth(1)], [lent]], twap, 0, () => null))).toEqual([
      [0],
      [30_000],
      [60_000],
    ]);
  });
});

describe('participation', () => {
  test('a slice is the share of what is traded in a period; the next waits until it was traded', () => {
    expect(sliceUsd(share, 6_000, 2)).toBe(2_000);
    const stages = [[worth(2_000)], [worth(1_000), worth(3_000)], [worth(500)]];
    expect(times(paced(stages, share, 0, () => 2))).toEqual([[0], [10_000, 10_000], [25_000]]);
  });

  test('without a known volume it is spread evenly', () => {
    expect(sliceUsd(share, 6_000, null)).toBe(1_000);
    expect(times(paced([[worth(9)], [worth(9)]], share, 0, () => null))).toEqual([[0], [30_000]]);
  });

  test('what would be bought after the span is left to the next decision; what reduces goes at its end', () => {
    const stages = [[worth(20_000)], [worth(1), worth(2, { risk: 'reduces' })], [worth(3)]];
    const made = paced(stages, share, 0, () => 2);
    expect(made.flat().map((order) => [order.notionalUsd, order.notBeforeMs])).toEqual([
      [20_000, 0],
      [2, 60_000],
    ]);
  });

  test('whatever the orders, what has been sent before a stage is at most the share of the volume so far', () => {
    const stage = fc.array(fc.integer({ min: 1, max: 50_000 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(stage, { maxLength: 12 }),
        fc.integer({ min: 1, max: 50 }),
        (usd, volume) => {
          const stages = usd.map((each) => each.map((one, index) => worth(one, { slice: index })));
          let before = [0, 0, 0];
          for (const made of paced(stages, share, 0, () => volume)) {
            const atMs = made[0]?.notBeforeMs ?? 0;
            expect(atMs).toBeLessThanOrEqual(share.spanMs);
            for (const order of made) {
              const sent = before[order.slice] ?? 0;
              expect(sent).toBeLessThanOrEqual(share.volumeShare * volume * (atMs + 1));
            }
            before = before.map(
              (sum, slice) => sum + (made.find((order) => order.slice === slice)?.notionalUsd ?? 0),
            );
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
