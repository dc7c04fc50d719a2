/** What of an older decision is no longer its own to do: done beside a newer one, it would be done twice. */
import { compare } from '../domain/decimal.ts';
import type { InstrumentId } from '../domain/ids.ts';
import { isTerminal, type PlannedOrder } from '../domain/order.ts';
import type { ExecutionContext, Work } from './executionContext.ts';

type Asking = Pick<ExecutionContext, 'ports' | 'record'>;

/**
 * Orders of which a newer decision, the guard's or a flattening too, has traded the instrument, or its pair's other one; what
 * is left of them that one has sized on.
 */
export async function supersededWorks(
  asking: Asking,
  works: readonly Work[],
): Promise<readonly Work[]> {
  const taken = await takenOver(
    asking,
    works.map(({ order }) => order.instrument),
  );
  const isTaken = ({ order }: Work): boolean => taken.has(order.instrument);
  const pairs = new Set(works.filter(isTaken).flatMap(({ order }) => order.pair ?? []));
  return works.filter((work) => isTaken(work) || pairs.has(work.order.pair ?? ''));
}

/** Whether half a pair is left to a newer decision. */
export async function isSuperseded(
  asking: Asking,
  pair: readonly PlannedOrder[],
): Promise<boolean> {
  const instruments = pair.map((half) => half.instrument);
  return (await takenOver(asking, instruments)).size > 0;
}

/**
 * A newer decision has sized on what this one left of an instrument once it has traded it, or is open and yet may. One that
 * stood, traded others or was refused everything here has taken nothing over.
 */
async function takenOver(
  { ports, record }: Asking,
  instruments: readonly InstrumentId[],
): Promise<ReadonlySet<InstrumentId>> {
  const { rebalanceId, portfolio, decision } = record;
  if (instruments.length === 0) return new Set();
  const [open, since] = await Promise.all([
    ports.decisions.unfinished(portfolio),
    ports.orders.since(portfolio, instruments, decision.decidedAtMs),
  ]);
  const planned = open
    .filter((one) => one.rebalanceId !== rebalanceId)
    .filter((one) => one.decision.decidedAtMs > decision.decidedAtMs)
    .flatMap((one) => (one.decision.kind === 'trade' ? one.decision.orders : []))
    .map((order) => order.instrument);
  const traded = since
    .filter((row) => row.rebalanceId !== rebalanceId)
    .filter((row) => !isTerminal(row.state) || compare(row.filledBase, 0) > 0)
    .map((row) => row.instrument);
  return new Set([...planned, ...traded].filter((one) => instruments.includes(one)));
}
