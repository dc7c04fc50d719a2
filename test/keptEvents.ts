/** A reporter that keeps what happens in the line and lets figures go. */
import type { Ports } from '../src/rebalance/ports.ts';

type Reporter = Ports['reporter'];

export function keepingReporter(keep: Pick<Reporter, 'event' | 'warn'>): Reporter {
  const nothing = (): void => undefined;
  return {
    ...keep,
    orderAcked: nothing,
    orderEnded: nothing,
    orderDenied: nothing,
    slippage: nothing,
    rebalanceEnded: nothing,
  };
}
