/** Whether a pair that was left half done is still its decision's to mend: mended beside a newer one, it would be mended twice. */
import { compare } from '../domain/decimal.ts';
import { isTerminal, type PlannedOrder } from '../domain/order.ts';
import type { ExecutionContext } from './executionContext.ts';

/**
 * A newer decision has sized on what the pair left once it has traded one of its instruments, or is open and yet may. One
 * that stood, traded others or was refused everything here has taken nothing over.
 */
export async function isSuperseded(
  { ports, record }: Pick<ExecutionContext, 'ports' | 'record'>,
  pair: readonly PlannedOrder[],
): Promise<boolean> {
  const { rebalanceId, portfolio, decision } = record;
  const instruments = pair.map((half) => half.instrument);
  const open = await ports.decisions.unfinished(portfolio);
  const isPlanned = open.some(
    (one) =>
      one.rebalanceId !== rebalanceId &&
      one.decision.decidedAtMs > decision.decidedAtMs &&
      one.decision.kind === 'trade' &&
      one.decision.orders.some((order) => instruments.includes(order.instrument)),
  );
  if (isPlanned) return true;
  const since = await ports.orders.since(portfolio, instruments, decision.decidedAtMs);
  return since.some(
    (row) =>
      row.rebalanceId !== rebalanceId && (!isTerminal(row.state) || compare(row.filledBase, 0) > 0),
  );
}
