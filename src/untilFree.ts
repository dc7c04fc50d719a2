/** A daemon beside a command holds the portfolio for moments: what it does now is waited for, not refused. */
import type { Policy } from './domain/policy.ts';
import type { Ports } from './rebalance/ports.ts';

/** As long as a rebalance settles, and a killed one's lease runs out. */
const settlings = 3;

/** @param attempt null: the portfolio is held. @returns null where it stayed so. */
export async function untilFree<T>(
  { clock }: Pick<Ports, 'clock'>,
  { execution }: Pick<Policy, 'execution'>,
  attempt: () => Promise<T | null>,
): Promise<T | null> {
  const giveUpMs = clock.nowMs() + settlings * execution.settlingMs;
  for (;;) {
    const result = await attempt();
    if (result !== null || clock.nowMs() >= giveUpMs) return result;
    await clock.sleep(execution.pollMs);
  }
}
