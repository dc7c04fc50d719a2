/**
 * Several simulated exchanges over one market in one process: each has its account, its faults and its prices' dislocation, and on a
 * virtual clock all live at the same time.
 */
import type { Market } from '../market/market.ts';
import type { ClockChoice } from './clock.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from './server.ts';

export type VenueOptions = Omit<SimulatorOptions, 'market' | 'clock'>;

export type SimulatedVenues = {
  readonly byName: ReadonlyMap<string, Simulator>;
  readonly nowMs: () => number;
  /** Moves the virtual clock of all. @throws RangeError on the real clock or for a time in the past. */
  readonly advanceTo: (ms: number) => void;
  readonly close: () => Promise<void>;
};

/** Starts them, or none. @throws Error with code EADDRINUSE when a port is taken. */
export async function startVenues(options: {
  readonly market: Market;
  readonly clock: ClockChoice;
  /** By name, at least one. */
  readonly venues: Readonly<Record<string, VenueOptions>>;
}): Promise<SimulatedVenues> {
  const { market, clock, venues } = options;
  const byName = new Map<string, Simulator>();
  const close = async (): Promise<void> => {
    await Promise.all([...byName.values()].map((simulator) => simulator.close()));
  };
  try {
    for (const [name, own] of Object.entries(venues))
      byName.set(name, await startSimulator({ ...own, market, clock }));
  } catch (error) {
    await close();
    throw error;
  }
  const all = [...byName.values()];
  return {
    byName,
    nowMs: () => Math.max(...all.map((simulator) => simulator.nowMs())),
    advanceTo: (ms) => {
      for (const simulator of all) simulator.advanceTo(ms);
    },
    close,
  };
}
