/** Equity after a rebalance, beside the flows of money until then: drawdown is measured on what the flows did not make. */
import type { BookUnit } from '../domain/snapshot.ts';
import { netFlows } from '../ledger/flows.ts';
import type { DecisionRecord } from './ports/stores.ts';
import type { Ports } from './ports.ts';

const flowsCursor = (portfolio: string): string => `flows|${portfolio}`;

/**
 * Deposits less withdrawals booked since the newest mark, USD.
 *
 * A coin that nobody priced counts nothing and is warned of: a deposit of it then hides no loss, a withdrawal looks like one.
 */
export async function flowsSinceMark(
  ports: Ports,
  portfolio: string,
  unit: BookUnit,
): Promise<number> {
  const sinceMs = await ports.state.cursor(flowsCursor(portfolio));
  if (sinceMs === null || unit.kind === 'unknown') return 0;
  const transactions = await ports.ledger.transactions(portfolio, { sinceMs });
  const flows = netFlows(
    transactions.filter((one) => one.atMs >= sinceMs),
    unit.usdByCoin,
  );
  if (flows.kind === 'known') return flows.netUsd;
  ports.reporter.warn({ event: 'flowsUnpriced', coins: flows.coins });
  return 0;
}

export async function recordEquity(ports: Ports, record: DecisionRecord): Promise<void> {
  const equityUsd = record.decision.explanation?.portfolio.equityUsd;
  if (equityUsd === undefined) return;
  // What a person or the guard closes was not sized: its figures are not an equity of that moment.
  if (record.trigger === 'flatten' || record.trigger === 'guard') return;
  const { portfolio, snapshot } = record;
  const atMs = snapshot.observedAtMs;
  const [markedMs, { flowsUsd }, sinceUsd] = await Promise.all([
    ports.state.cursor(flowsCursor(portfolio)),
    ports.state.equityMarks(portfolio, atMs),
    flowsSinceMark(ports, portfolio, snapshot.unit),
  ]);
  // An earlier decision that is gone on with has its mark already.
  if (markedMs !== null && atMs <= markedMs) return;
  await ports.state.recordEquity(portfolio, { atMs, equityUsd, flowsUsd: flowsUsd + sinceUsd });
  await ports.state.setCursor(flowsCursor(portfolio), atMs);
}
