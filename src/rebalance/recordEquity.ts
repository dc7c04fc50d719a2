/** Equity after a rebalance, beside the flows of money until then: drawdown is measured on what the flows did not make. */
import type { DecisionRecord, Ports } from './ports.ts';

export async function recordEquity(ports: Ports, record: DecisionRecord): Promise<void> {
  const equityUsd = record.decision.explanation?.portfolio.equityUsd;
  if (equityUsd === undefined) return;
  const atMs = record.snapshot.observedAtMs;
  const { flowsUsd } = await ports.state.equityMarks(record.portfolio, atMs);
  await ports.state.recordEquity(record.portfolio, { atMs, equityUsd, flowsUsd });
}
