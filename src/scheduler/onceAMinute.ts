/** Failures that come many times a second while a server is away, told once a minute each. */
import type { Clock } from '../rebalance/ports.ts';

const quietMs = 60_000;
const rememberedMax = 20;

/** @returns a function that passes an error on unless its message was passed on within the last minute. */
export function onceAMinute(clock: Clock, tell: (error: Error) => void): (error: Error) => void {
  const toldAtMs = new Map<string, number>();
  return (error) => {
    const nowMs = clock.nowMs();
    const beforeMs = toldAtMs.get(error.message);
    if (beforeMs !== undefined && nowMs - beforeMs < quietMs) return;
    if (toldAtMs.size >= rememberedMax) toldAtMs.clear();
    toldAtMs.set(error.message, nowMs);
    tell(error);
  };
}
