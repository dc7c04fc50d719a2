/**
 * The policy's risk budgets, one per leg of the universe, summing to one.
 *
 * A leg without a budget counts as much as the mean of those that state one, so that naming none means equal.
 */

import type { Policy } from '../../domain/policy.ts';
import { invariant } from '../../math/invariant.ts';
import type { FaultList } from '../faultList.ts';
import { legBudgets } from '../legBudgets.ts';

/** @returns N shares in universe order. @throws InvariantViolation where groups cannot be met: the config's check. */
export function budgetsOf(policy: Policy): readonly number[] {
  const { legs, objective } = policy;
  const stated = legs.flatMap((leg) => (leg.budget === null ? [] : [leg.budget]));
  const mean =
    stated.length === 0 ? 1 : stated.reduce((sum, each) => sum + each, 0) / stated.length;
  const raw = legs.map((leg) => leg.budget ?? mean);
  const { groupBudgets } = objective;
  if (groupBudgets === null) {
    const total = raw.reduce((sum, each) => sum + each, 0);
    return raw.map((each) => each / total);
  }
  const groups: Record<string, number[]> = {};
  for (const [index, leg] of legs.entries()) {
    if (leg.group === null || !Object.hasOwn(groupBudgets, leg.group)) continue;
    groups[leg.group] = [...(groups[leg.group] ?? []), index];
  }
  const list: FaultList = { faults: [] };
  const budgets = legBudgets(list, { n: legs.length, budgets: raw, groups, groupBudgets });
  const fault = list.faults[0];
  invariant(budgets !== null, `budgets must fit their groups: ${fault?.path} ${fault?.message}`);
  return budgets;
}
