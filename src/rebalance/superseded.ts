/** What of an older decision is no longer its own to do: done beside a newer one, it would be done twice. */
import { compare } from '../domain/decimal.ts';
import type { InstrumentId } from '../domain/ids.ts';
import { isTerminal, type PlannedOrder } from '../domain/order.ts';
import type { ExecutionContext, Work } from './executionContext.ts';
import type { DecisionRecord } from './ports/stores.ts';
import type { Ports } from './ports.ts';

type Asking = Pick<ExecutionContext, 'ports' | 'record'>;

/**
 * Orders of which a newer decision, the guard's or a flattening too, has traded the instrument, or its pair's other one; what
 * is left of them that one has sized on.
 */
export async function supersededWorks(
  asking: Asking,
  works: readonly Work[],
): Promise<readonly Work[]> {
  const { traded, pending } = await newerOrders(
    asking,
    works.map(({ order }) => order.instrument),
  );
  const taken = new Set([...traded, ...pending]);
  const isTaken = ({ order }: Work): boolean => taken.has(order.instrument);
  const pairs = new Set(works.filter(isTaken).flatMap(({ order }) => order.pair ?? []));
  return works.filter((work) => isTaken(work) || pairs.has(work.order.pair ?? ''));
}

/**
 * Whether half a pair is left to a newer decision: `taken`, it has traded there; `may be`, it is open, or an order of it has not
 * ended, and nobody knows yet.
 */
export async function pairTakenOver(
  asking: Asking,
  pair: readonly PlannedOrder[],
): Promise<'taken' | 'may be' | 'no'> {
  const instruments = pair.map((half) => half.instrument);
  const { traded, pending } = await newerOrders(asking, instruments);
  if (traded.length > 0) return 'taken';
  return pending.length > 0 ? 'may be' : 'no';
}

/**
 * A newer decision has sized on what this one left of an instrument once it has traded it, and may yet while it is open. One
 * that stood, traded others or was refused everything here has taken nothing over.
 */
async function newerOrders(
  { ports, record }: Asking,
  instruments: readonly InstrumentId[],
): Promise<Record<'traded' | 'pending', readonly InstrumentId[]>> {
  const { rebalanceId, portfolio, decision } = record;
  if (instruments.length === 0) return { traded: [], pending: [] };
  const [open, since] = await Promise.all([
    ports.decisions.unfinished(portfolio),
    ports.orders.since(portfolio, instruments, decision.decidedAtMs),
  ]);
  const newer = open
    .filter((one) => one.rebalanceId !== rebalanceId)
    .filter((one) => one.decision.decidedAtMs > decision.decidedAtMs);
  const planned = await Promise.all(newer.map(async (one) => await stillToGo(ports, one)));
  const others = since.filter((row) => row.rebalanceId !== rebalanceId);
  const traded = others.filter((row) => compare(row.filledBase, 0) > 0);
  const unended = others.filter((row) => !isTerminal(row.state));
  return {
    traded: traded.map((row) => row.instrument),
    pending: [...planned.flat(), ...unended]
      .map((order) => order.instrument)
      .filter((one) => instruments.includes(one)),
  };
}

/**
 * What an open decision may yet trade: all of it until its deadline; after it what it has begun, and the other half of that, for
 * its repairs. One that is only followed, as a redemption of days is, keeps nothing else.
 */
async function stillToGo(
  ports: Ports,
  { rebalanceId, decision }: DecisionRecord,
): Promise<readonly PlannedOrder[]> {
  if (decision.kind !== 'trade') return [];
  if (ports.clock.nowMs() < decision.deadlineMs) return decision.orders;
  const rows = await ports.orders.ofRebalance(rebalanceId);
  const live = rows.filter((row) => !isTerminal(row.state) || compare(row.filledBase, 0) > 0);
  const begun = new Set(live.map((row) => row.instrument));
  const isBegun = ({ instrument }: PlannedOrder): boolean => begun.has(instrument);
  const pairs = new Set(decision.orders.filter(isBegun).flatMap((order) => order.pair ?? []));
  return decision.orders.filter((order) => isBegun(order) || pairs.has(order.pair ?? ''));
}
