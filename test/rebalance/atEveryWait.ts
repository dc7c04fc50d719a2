/** Ports under which something happens whenever somebody waits: another process renews its lease, stops or dies. */
import type { Ports } from '../../src/rebalance/ports.ts';

/** @param happens once the wait is over, before who waited goes on. */
export const atEveryWait = (ports: Ports, happens: () => Promise<unknown>): Ports => ({
  ...ports,
  clock: {
    ...ports.clock,
    sleep: async (ms, signal) => {
      await ports.clock.sleep(ms, signal);
      await happens();
    },
  },
});
