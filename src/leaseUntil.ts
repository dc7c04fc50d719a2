/** A lease that a signal takes away: a run that is told to stop sends nothing new, cancels what rests, and ends. */
import type { Lease } from './rebalance/ports/lease.ts';

export const leaseUntil = (signal: AbortSignal, lease: Lease): Lease => ({
  acquire: async (portfolio) => {
    const held = await lease.acquire(portfolio);
    if (held === null) return null;
    return { ...held, isHeld: async () => !signal.aborted && (await held.isHeld()) };
  },
});
