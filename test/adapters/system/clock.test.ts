/** Goal: a sleep ends on time or at once when aborted, and never rejects. Method: vitest's own timers. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSystemClock } from '../../../src/adapters/system/clock.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

async function isOver(sleep: Promise<void>): Promise<boolean> {
  let over = false;
  void sleep.then(() => {
    over = true;
  });
  await vi.advanceTimersByTimeAsync(0);
  return over;
}

describe('the system clock', () => {
  it('sleeps as long as it is told', async () => {
    const clock = createSystemClock();
    const sleep = clock.sleep(500);
    await vi.advanceTimersByTimeAsync(499);
    expect(await isOver(sleep)).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await isOver(sleep)).toBe(true);
    expect(clock.nowMs()).toBe(1_500);
  });

  it('wakes when aborted, and does not fall asleep when it was aborted before', async () => {
    const clock = createSystemClock();
    const controller = new AbortController();
    const sleep = clock.sleep(1_000_000, controller.signal);
    expect(await isOver(sleep)).toBe(false);
    controller.abort();
    expect(await isOver(sleep)).toBe(true);
    expect(await isOver(clock.sleep(1_000_000, controller.signal))).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('sleeps longer than the longest timer of Node', async () => {
    const clock = createSystemClock();
    const monthMs = 30 * 86_400_000;
    const sleep = clock.sleep(monthMs);
    await vi.advanceTimersByTimeAsync(monthMs - 1);
    expect(await isOver(sleep)).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await isOver(sleep)).toBe(true);
  });
});
