/** What only the portfolio's one writer may do: waited for, as long as another holds the lease. */
import { OperatingError } from '../domain/operatingError.ts';
import type { Policy } from '../domain/policy.ts';
import type { HeldLease } from './ports/lease.ts';
import type { Ports } from './ports.ts';

type Waiting = Pick<Ports, 'clock'>;

/**
 * @param attempt null: another holds it, or took it meanwhile; it is tried again.
 * @throws OperatingError after waitMs.
 */
export async function untilHeld<T>(
  { clock }: Waiting,
  policy: Policy,
  waitMs: number,
  attempt: () => Promise<T | null>,
): Promise<T> {
  // An attempt's own time is no waiting for another: who was frozen in it tries again.
  for (let waitedMs = 0; ; waitedMs += policy.execution.pollMs) {
    const done = await attempt();
    if (done !== null) return done;
    if (waitedMs >= waitMs) {
      throw new OperatingError(
        `another process holds portfolio ${policy.portfolio}, was held for ${waitMs} ms`,
        { retryable: false, remedy: 'stop the other daemon, or give this one another portfolio' },
      );
    }
    await clock.sleep(policy.execution.pollMs);
  }
}

/** The same with the lease taken round each attempt. */
export const underLease = <T>(
  ports: Waiting & Pick<Ports, 'lease'>,
  policy: Policy,
  waitMs: number,
  attempt: (lease: HeldLease) => Promise<T | null>,
): Promise<T> =>
  untilHeld(ports, policy, waitMs, async () => {
    const lease = await ports.lease.acquire(policy.portfolio);
    if (lease === null) return null;
    try {
      return await attempt(lease);
    } finally {
      await lease.release();
    }
  });
