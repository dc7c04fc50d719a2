/**
 * Reads the status from the stores, and from the daemon's own facts where there is one.
 *
 * Works from the database alone while the daemon is down: what only a running daemon knows is then a reason not to be ready.
 */
import type { Explanation } from '../domain/decision.ts';
import { venueId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import { inBps } from '../execution/shortfall.ts';
import { budgetsOf } from '../parity/sizing/budgets.ts';
import { measureShortfall } from '../rebalance/measureShortfall.ts';
import type { DecisionRecord, RebalanceSummary } from '../rebalance/ports/stores.ts';
import type { Ports } from '../rebalance/ports.ts';
import { barsReadToMs, feedsOf } from './feeds.ts';
import { heldBook } from './heldBook.ts';
import { legStatuses } from './legStatuses.ts';
import { type ExpectedWork, type ReadinessFacts, readinessOf } from './readiness.ts';
import type { LiveFacts, RebalanceStatus, RiskStatus, Status } from './status.ts';
import { venueStatuses } from './venueStatuses.ts';
import { watchMemory } from './watchMemory.ts';

const recentMax = 8;

export type StatusPorts = Pick<Ports, 'clock' | 'decisions' | 'orders' | 'ledger' | 'state'>;

export type StatusOptions = {
  readonly policy: Policy;
  readonly version: string;
  /** null: no daemon is asked, the database alone. */
  readonly live: LiveFacts | null;
  /** What a running daemon should have done by now. */
  readonly expected?: ExpectedWork;
  /** A venue that was not looked at for longer is unknown; not there: whenever it was. */
  readonly lookAgeMsMax?: number;
};

/** @throws OperatingError when the database does not answer. */
export async function readStatus(ports: StatusPorts, options: StatusOptions): Promise<Status> {
  const { policy, version, live, lookAgeMsMax = Number.POSITIVE_INFINITY } = options;
  const { portfolio, sizing } = policy;
  const { decisions, orders, ledger, state } = ports;
  const nowMs = ports.clock.nowMs();
  const [latest, summaries, unended, balances, halt, discrepancies, watched, stored, barsMs] =
    await Promise.all([
      decisions.latest(portfolio),
      decisions.summaries(portfolio, recentMax),
      orders.unended(portfolio),
      ledger.balances(portfolio),
      state.halt(portfolio),
      state.discrepancies(portfolio),
      watchMemory(ports, policy),
      Promise.all(
        policy.venues.map(async ({ id }) => [id, await state.venueState(venueId(id))] as const),
      ),
      barsReadToMs(ports, policy),
    ]);
  const decision = latest?.decision ?? null;
  const held = latest === null ? null : heldBook(latest.snapshot, policy, balances, live);
  const explained = decision?.explanation?.portfolio ?? null;
  const equityUsd = held?.equityUsd ?? explained?.equityUsd ?? null;
  const venues = venueStatuses({
    policy,
    latest,
    balances,
    live,
    held,
    equityUsd,
    stored: new Map(stored),
    rungs: watched.rungs,
    nowMs,
    lookAgeMsMax,
  });
  const feeds = feedsOf(policy, live, nowMs, barsMs);
  const readiness = readinessOf({
    daemon: live,
    work: workOf(options, nowMs),
    halted: halt.halted,
    haltReason: halt.reason,
    discrepancies: discrepancies.length,
    feeds: [...feeds, ...looksOf(venues, lookAgeMsMax)],
    venues,
  });
  const recentRebalances = summaries.map(rebalanceStatus);
  return {
    version,
    portfolio,
    nowMs,
    source: live === null ? 'database' : 'daemon',
    halted: halt.halted,
    haltReason: halt.reason,
    ...readiness,
    reconciledAtMs: live?.reconciledAtMs ?? null,
    noIncreaseUntilMs: watched.noIncreaseUntilMs,
    pegs: watched.pegs,
    equityUsd,
    targetVolatilityAnnual: sizing.targetVolatilityAnnual,
    forecastVolatilityAnnual: explained?.forecastVolatilityAnnual ?? null,
    grossLeverage: held?.grossLeverage ?? null,
    grossLeverageMax: sizing.grossLeverageMax,
    binding: explained?.binding ?? null,
    risk: riskStatus(decision?.explanation ?? null),
    signals: decision?.explanation?.signals ?? [],
    transfers: decision?.explanation?.transfers ?? [],
    hedges: decision?.explanation?.hedges ?? [],
    stand: decision?.kind === 'stand' ? { code: decision.code, reason: decision.reason } : null,
    legs: legStatuses(policy, budgetsOf(policy), latest, balances),
    venues,
    lastRebalance: await lastOf(ports, recentRebalances, latest),
    recentRebalances,
    denials: decision?.denials ?? [],
    openOrders: unended.length,
    orders: unended.map((order) => ({
      id: order.clientOrderId,
      venue: order.venue,
      symbol: order.symbol,
      action: order.action,
      state: order.state,
      quantityBase: order.quantityBase,
      filledBase: order.filledBase,
      limitPrice: order.limitPrice,
      ageMs: nowMs - order.intendedAtMs,
    })),
    discrepancies,
    dataAgesMs: Object.fromEntries(feeds.map(({ feed, ageMs }) => [feed, ageMs])),
  };
}

/** Never looked at is an unknown state, which is a reason of its own. */
const looksOf = (venues: Status['venues'], ageMsMax: number): ReadinessFacts['feeds'] =>
  venues.flatMap(({ id, lookAgeMs = null }) =>
    lookAgeMs === null ? [] : [{ feed: `look-${id}`, ageMs: lookAgeMs, ageMsMax }],
  );

/** With what it cost, where the newest decision is its own. */
async function lastOf(
  ports: StatusPorts,
  recent: readonly RebalanceStatus[],
  latest: DecisionRecord | null,
): Promise<RebalanceStatus | null> {
  const [last] = recent;
  if (last === undefined || latest === null || last.id !== latest.rebalanceId) return last ?? null;
  return { ...last, shortfallBps: inBps((await measureShortfall(ports, latest)).whole) };
}

function riskStatus(explanation: Explanation | null): RiskStatus | null {
  if (explanation?.risk === undefined) return null;
  const { legs: _, ...risk } = explanation.risk;
  const { solver, repairs } = explanation.portfolio;
  return { ...risk, solver, repairs };
}

/** Never reconciled is a reason of its own. */
function workOf(
  { live, expected }: StatusOptions,
  nowMs: number,
): NonNullable<ReadinessFacts['work']> {
  if (live === null || expected === undefined) return [];
  const { reconciledAtMs, rebalancedAtMs = null } = live;
  const { reconcileAgeMsMax, rebalanceAgeMsMax } = expected;
  return [
    ...(reconciledAtMs === null
      ? []
      : [{ work: 'reconcile', ageMs: nowMs - reconciledAtMs, ageMsMax: reconcileAgeMsMax }]),
    ...(rebalanceAgeMsMax === null
      ? []
      : [
          {
            work: 'rebalance',
            ageMs: rebalancedAtMs === null ? null : nowMs - rebalancedAtMs,
            ageMsMax: rebalanceAgeMsMax,
          },
        ]),
  ];
}

const rebalanceStatus = (summary: RebalanceSummary): RebalanceStatus => ({
  id: summary.rebalanceId,
  state: summary.outcome ?? 'running',
  trigger: summary.trigger,
  startedAtMs: summary.decidedAtMs,
  endedAtMs: summary.endedAtMs,
  ordersSent: summary.ordersSent,
  ordersDenied: summary.ordersDenied,
  fills: summary.fills,
});
