/** The slot's id: the same moment and trigger name the same rebalance. Method: the text read off by hand, then a property. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { namedSlot, slotOf } from '../../src/rebalance/slot.ts';

const eight = Date.UTC(2026, 0, 10, 8);

test('a slot is named by portfolio, moment and trigger, without a colon or a dot', () => {
  const slot = slotOf('main', 'schedule', eight);
  expect(slot.rebalanceId).toBe('main-20260110T080000000Z-schedule');
  expect(slot).toMatchObject({ trigger: 'schedule', scheduledAtMs: eight });
});

test('the id is a function of the moment alone, and two moments never share one', () => {
  const moments = fc.integer({ min: 0, max: 4_102_444_800_000 });
  fc.assert(
    fc.property(moments, moments, (one, other) => {
      const [a, b] = [one, other].map((atMs) => slotOf('main', 'schedule', atMs).rebalanceId);
      expect(a === b).toBe(one === other);
      expect(a).toMatch(/^[\w-]+$/);
    }),
    { seed: 61 },
  );
});

test('portfolio and trigger are part of it', () => {
  const ids = [
    slotOf('main', 'schedule', eight),
    slotOf('main', 'drift', eight),
    slotOf('other', 'schedule', eight),
  ].map((slot) => slot.rebalanceId);
  expect(new Set(ids).size).toBe(3);
});

test('a person’s own name for a rebalance is taken as it is', () => {
  expect(namedSlot('by-hand', 5)).toEqual({
    rebalanceId: 'by-hand',
    trigger: 'manual',
    scheduledAtMs: 5,
  });
});
