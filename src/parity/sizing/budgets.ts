/**
 * The policy's risk budgets, one per leg of the universe, summing to one.
 *
 * A leg without a budget counts as much as the mean of those that state one, so that naming none means equal.
 */

import { hedgedBy, isWithin, type Leg } from '../../domain/leg.ts';
import type { Policy } from '../../domain/policy.ts';
import { invariant } from '../../math/invariant.ts';
import type { FaultList } from '../faultList.ts';
import { legBudgets } from '../legBudgets.ts';

/** @returns N shares in universe order. @throws InvariantViolation where groups cannot be met: the config's check. */
export function budgetsOf(policy: Policy): readonly number[] {
  const { legs, objective } = policy;
  const stated = legs.flatMap((leg) =>
    leg.budget === null || hedgedBy(leg) !== null ? [] : [leg.budget],
  );
  const mean =
    stated.length === 0 ? 1 : stated.reduce((sum, each) => sum + each, 0) / stated.length;
  const raw = legs.map((leg) => leg.budget ?? mean);
  const { groupBudgets } = objective;
  if (groupBudgets === null) {
    const total = raw.reduce((sum, each) => sum + each, 0);
    return raw.map((each) => each / total);
  }
  const list: FaultList = { faults: [] };
  const budgets = legBudgets(list, {
    n: legs.length,
    budgets: raw,
    groups: groupMembers(legs, groupBudgets),
    groupBudgets,
  });
  const fault = list.faults[0];
  invariant(budgets !== null, `budgets must fit their groups: ${fault?.path} ${fault?.message}`);
  return budgets;
}

/** Legs of every group with a budget; a leg of `crypto/majors` is one of `crypto` too. A group that fills the one around it is that one. */
function groupMembers(
  legs: readonly Leg[],
  groupBudgets: Readonly<Record<string, number>>,
): Record<string, number[]> {
  const names = Object.keys(groupBudgets);
  const members = (name: string) =>
    legs.flatMap(({ group }, index) => (group !== null && isWithin(group, name) ? [index] : []));
  const fills = (name: string) =>
    names.some(
      (other) =>
        other !== name && isWithin(name, other) && members(other).length === members(name).length,
    );
  return Object.fromEntries(
    names.filter((name) => !fills(name)).map((name) => [name, members(name)]),
  );
}
