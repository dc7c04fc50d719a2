/** The guard's own orders, under the lease: the ledger brought up to date, a decision recorded, executed like any other. */
import type { VenueId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { SafeMargin } from '../execution/deleverage.ts';
import { type GuardPlan, guardOrders } from '../execution/guardOrders.ts';
import { type GuardLimits, type GuardRung, isAtLeast } from '../margin/guard.ts';
import { execute } from './execute.ts';
import { executeWhole } from './executeWhole.ts';
import { observe } from './observe.ts';
import type { DecisionRecord } from './ports/stores.ts';
import type { Ports } from './ports.ts';
import { reconcileHeld } from './reconcileVenues.ts';
import { type GivenOrders, recordOrders } from './recordOrders.ts';
import type { RenewableLease } from './renewableLease.ts';
import { settleUnended } from './settleUnended.ts';
import { slotOf } from './slot.ts';

export type GuardTask = {
  readonly rungs: ReadonlyMap<VenueId, GuardRung>;
  /** Venues where a position is not what the ledger says. */
  readonly moved: readonly VenueId[];
  /** A venue asks for orders: what others have decided is not resumed before it has them. */
  readonly tight: boolean;
  readonly limits: GuardLimits;
  readonly lease: RenewableLease;
};

export async function actOnMargin(ports: Ports, policy: Policy, task: GuardTask): Promise<void> {
  const { rungs, moved, limits, lease } = task;
  await endEarlier(ports, policy, task);
  const unsettled = await settleUnended(ports, policy, lease);
  if (moved.length > 0) await reconcileHeld(ports, policy, { adjust: true, lease }, unsettled);
  const slot = slotOf(policy.portfolio, 'guard', ports.clock.nowMs());
  const snapshot = await observeActing(ports, policy, slot, task);
  const plan = guardOrders(snapshot, policy, rungs, safeMargin(limits));
  if (plan.orders.length === 0) return await tellActions(ports, policy, slot, plan);
  const record = await recordPlan(ports, policy, lease, { slot, snapshot, plan });
  if (record === null) {
    ports.reporter.warn({ event: 'leaseLost', rebalanceId: slot.rebalanceId });
    return;
  }
  await tellActions(ports, policy, slot, plan);
  const outcome = (await executeWhole(ports, record, lease, false)) ?? 'partial';
  ports.reporter.warn({ event: 'guardActed', rebalanceId: slot.rebalanceId, outcome });
}

async function tellActions(
  ports: Ports,
  policy: Policy,
  { rebalanceId }: GivenOrders['slot'],
  plan: GuardPlan,
): Promise<void> {
  for (const action of plan.actions) {
    const detail = { ...action, rebalanceId };
    await ports.state.appendEvent(policy.portfolio, 'guardAction', detail, ports.clock.nowMs());
    ports.reporter.warn({ event: 'guardAction', ...detail });
  }
}

/**
 * Only the venues that are acted at: another that does not answer must not be waited for. All, where those alone give no unit, or
 * none is named.
 */
async function observeActing(
  ports: Ports,
  policy: Policy,
  slot: GivenOrders['slot'],
  { rungs, moved }: GuardTask,
): Promise<Snapshot> {
  const tight = [...rungs].flatMap(([id, rung]) => (isAtLeast(rung, 'deleverage') ? [id] : []));
  const acting = new Set([...tight, ...moved]);
  if (acting.size > 0) {
    const snapshot = await observe(ports, policy, slot, acting);
    if (snapshot.unit.kind === 'known') return snapshot;
  }
  return await observe(ports, policy, slot);
}

/**
 * What an earlier decision left open is in the positions that are judged now. The guard's own goes on; another's, while a venue
 * is tight, is settled, cancelled and repaired as if its time were over; its record keeps its own deadline, which others ask for.
 */
async function endEarlier(
  ports: Ports,
  policy: Policy,
  { tight, lease }: GuardTask,
): Promise<void> {
  for (const record of await ports.decisions.unfinished(policy.portfolio)) {
    const deadlineMs = ports.clock.nowMs();
    if (record.trigger === 'guard') await executeWhole(ports, record, lease, false);
    else if (tight) await execute(ports, record, lease, { deadlineMs });
  }
}

/** Far enough under the rung on which orders may grow again that the next reading does not ask for more. */
const safeMargin = ({ ratioAt, distanceAt, releaseShare }: GuardLimits): SafeMargin => ({
  ratio: ratioAt.noIncrease * (1 - releaseShare),
  distanceShare: distanceAt.noIncrease * (1 + releaseShare),
});

/** @returns null when the lease was lost while the world was settled and observed: who holds it now has changed what was judged. */
async function recordPlan(
  ports: Ports,
  policy: Policy,
  lease: RenewableLease,
  {
    slot,
    snapshot,
    plan,
  }: {
    readonly slot: GivenOrders['slot'];
    readonly snapshot: Snapshot;
    readonly plan: GuardPlan;
  },
): Promise<DecisionRecord | null> {
  const latest = await ports.decisions.latest(policy.portfolio);
  if (!(await lease.renew())) return null;
  const before = latest?.decision.explanation ?? null;
  return await recordOrders(ports, policy, {
    slot,
    snapshot,
    orders: plan.orders,
    explanation: {
      // The legs' targets stay those of the last rebalance: what the guard took away is a drift from them.
      ...(before === null ? {} : { legs: before.legs, portfolio: before.portfolio }),
      instruments: plan.targets,
    },
  });
}
