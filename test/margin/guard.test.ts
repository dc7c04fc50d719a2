/**
 * The guard's ladder: reached at once, left late; the reading that is worse decides; unknown is never calm.
 *
 * Closed form at each limit and beside it; then properties over random walks of readings. Tried, and seen to fail: leaving a rung
 * without waiting, and a ladder that takes the lower of two justified rungs.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type GuardMemory,
  guardRungs,
  isAtLeast,
  type MarginState,
  marginRatioOf,
  nextRung,
} from '../../src/margin/guard.ts';
import { limits } from '../rebalance/guardGiven.ts';

const known = (maintenanceUsd: number, distanceShare: number | null = null): MarginState => ({
  kind: 'known',
  equityUsd: 1_000,
  maintenanceUsd,
  distanceShare,
});

describe('nextRung', () => {
  const rows = [
    ['far from everything', known(100, 0.5), 'calm'],
    ['no move liquidates', known(100, null), 'calm'],
    ['the distance alone warns', known(100, 0.2), 'warn'],
    ['the ratio alone warns', known(500, 0.5), 'warn'],
    ['the worse of the two decides', known(500, 0.1), 'deleverage'],
    ['just above a limit of distance', known(100, 0.1001), 'noIncrease'],
    ['a hair from liquidation', known(100, 0.03), 'flatten'],
    ['past it', { ...known(1_100, 0), equityUsd: 1_000 }, 'flatten'],
  ] as const;
  test.each(rows)('%s', (_, state, rung) => {
    expect(nextRung(null, state, limits, 0)).toEqual({ rung, keptAtMs: 0 });
  });

  test('an unknown account keeps the rung it had, and is at least past increases', () => {
    const unknown: MarginState = { kind: 'unknown', reason: 'no answer' };
    expect(nextRung(null, unknown, limits, 5).rung).toBe('noIncrease');
    const before: GuardMemory = { rung: 'flatten', keptAtMs: 0 };
    expect(nextRung(before, unknown, limits, 5)).toEqual(before);
  });

  test('between a limit and its release the rung is kept for ever', () => {
    let memory = nextRung(null, known(100, 0.1), limits, 0);
    for (let nowMs = 0; nowMs < 10 * limits.holdMs; nowMs += 5_000) {
      memory = nextRung(memory, known(100, 0.109), limits, nowMs);
    }
    expect(memory.rung).toBe('deleverage');
  });

  test('better than the release for the time of holding, it falls to what the reading still keeps', () => {
    const before: GuardMemory = { rung: 'flatten', keptAtMs: 0 };
    const better = known(100, 0.12);
    expect(nextRung(before, better, limits, limits.holdMs - 1)).toEqual(before);
    expect(nextRung(before, better, limits, limits.holdMs).rung).toBe('noIncrease');
  });

  test('one reading that is bad again starts the time anew', () => {
    const before: GuardMemory = { rung: 'deleverage', keptAtMs: 0 };
    const again = nextRung(before, known(100, 0.1), limits, limits.holdMs - 1);
    expect(again).toEqual({ rung: 'deleverage', keptAtMs: limits.holdMs - 1 });
    expect(nextRung(again, known(0, null), limits, limits.holdMs + 1)).toEqual(again);
  });

  const state = fc.oneof(
    fc
      .record({
        equityUsd: fc.double({ min: -100, max: 1_000, noNaN: true }),
        maintenanceUsd: fc.double({ min: 0, max: 1_000, noNaN: true }),
        distanceShare: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      })
      .map((figures): MarginState => ({ kind: 'known', ...figures })),
    fc.constant<MarginState>({ kind: 'unknown', reason: 'no answer' }),
  );

  test('never below what the reading justifies by itself, and never lower sooner than the time of holding', () => {
    const steps = fc.array(fc.tuple(state, fc.integer({ min: 1, max: 40_000 })), { maxLength: 40 });
    fc.assert(
      fc.property(steps, (walk) => {
        let nowMs = 0;
        let memory: GuardMemory | null = null;
        for (const [reading, afterMs] of walk) {
          nowMs += afterMs;
          const next: GuardMemory = nextRung(memory, reading, limits, nowMs);
          const alone = nextRung(null, reading, limits, nowMs).rung;
          expect(isAtLeast(next.rung, alone)).toBe(true);
          if (memory !== null && !isAtLeast(next.rung, memory.rung)) {
            expect(nowMs - memory.keptAtMs).toBeGreaterThanOrEqual(limits.holdMs);
          }
          memory = next;
        }
      }),
      { seed: 7 },
    );
  });

  test('less equity or a nearer liquidation never lowers the rung', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, share, (ratio, distance, worse) => {
        const at = (maintenance: number, move: number) =>
          nextRung(null, known(maintenance * 1_000, move), limits, 0).rung;
        expect(isAtLeast(at(Math.max(ratio, worse), distance * worse), at(ratio, distance))).toBe(
          true,
        );
      }),
      { seed: 8 },
    );
  });
});

test('the ratio of nothing held is 0, and of no equity there is none', () => {
  expect(marginRatioOf(0, 100)).toBe(0);
  expect(marginRatioOf(25, 100)).toBe(0.25);
  expect(marginRatioOf(25, 0)).toBeNull();
  expect(marginRatioOf(0, -1)).toBeNull();
  expect(guardRungs[0]).toBe('calm');
});
