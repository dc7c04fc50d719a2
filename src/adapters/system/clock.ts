/** The machine's own clock, behind the clock port. */
import type { Clock } from '../../rebalance/ports.ts';

/** Node cuts longer timers to one millisecond. */
const TIMER_MS_MAX = 2_147_483_647;

/** Real time; `sleep` resolves when it has passed, or early when the signal aborts. It never rejects. */
export function createSystemClock(): Clock {
  return {
    nowMs: () => Date.now(),
    sleep: async (ms, signal) => {
      let leftMs = ms;
      while (leftMs > 0 && signal?.aborted !== true) {
        const stepMs = Math.min(leftMs, TIMER_MS_MAX);
        await pause(stepMs, signal);
        leftMs -= stepMs;
      }
    },
  };
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end, { once: true });
  });
}

/** The same clock, so much later or earlier: a recorded market lives in its own year. */
export const createShiftedClock = (clock: Clock, offsetMs: number): Clock => ({
  nowMs: () => clock.nowMs() + offsetMs,
  sleep: (ms, signal) => clock.sleep(ms, signal),
});
