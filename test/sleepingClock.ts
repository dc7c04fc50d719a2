/** A clock whose time is the simulated exchange's: whoever sleeps moves it; sleepers of one moment wake together. */
import type { Clock } from '../src/rebalance/ports.ts';
import type { Simulator } from '../src/simulator/http/server.ts';

export function sleepingClock(simulator: Pick<Simulator, 'nowMs' | 'advanceTo'>): Clock {
  return {
    nowMs: simulator.nowMs,
    sleep: async (ms) => {
      const untilMs = simulator.nowMs() + Math.ceil(ms);
      await new Promise((wake) => setImmediate(wake));
      if (simulator.nowMs() < untilMs) simulator.advanceTo(untilMs);
    },
  };
}
