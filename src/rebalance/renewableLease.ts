/**
 * A lease that may run out while a slow venue is read, and be taken again when nobody else held it in between.
 *
 * Observing writes nothing, so an expired lease is no harm until something is to be recorded; then the fencing number tells
 * whether another process wrote meanwhile.
 */

import type { HeldLease } from './ports/lease.ts';
import type { Ports } from './ports.ts';

export type RenewableLease = HeldLease & {
  /** Holds it again, if nobody else did. @returns false: another process holds it, or did. */
  renew(): Promise<boolean>;
};

/** @returns null: another process holds it. */
export async function acquireRenewable(
  ports: Ports,
  portfolio: string,
): Promise<RenewableLease | null> {
  const first = await ports.lease.acquire(portfolio);
  if (first === null) return null;
  let current = first;
  return {
    get fencingNumber() {
      return current.fencingNumber;
    },
    isHeld: () => current.isHeld(),
    release: () => current.release(),
    renew: async () => {
      if (await current.isHeld()) return true;
      const next = await ports.lease.acquire(portfolio);
      if (next === null) return false;
      if (next.fencingNumber === current.fencingNumber + 1) {
        current = next;
        return true;
      }
      await next.release();
      return false;
    },
  };
}
