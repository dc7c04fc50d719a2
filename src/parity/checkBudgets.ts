/**
 * Checks budgets of legs and groups, and turns them into one budget per leg.
 */
import { addFault, type FaultList, readNumber, readObject, readVector } from './faultList.ts';
import { legBudgets } from './legBudgets.ts';

/** N budgets summing to one, or null and faults. */
export function checkBudgets(
  list: FaultList,
  input: Record<string, unknown>,
  n: number | null,
): readonly number[] | null {
  const count = list.faults.length;
  const budgets = input['budgets'] === undefined ? null : readBudgets(list, input['budgets'], n);
  const groups = input['groups'] === undefined ? null : readGroups(list, input['groups'], n);
  const hasGroupBudgets = input['groupBudgets'] !== undefined;
  const groupBudgets = hasGroupBudgets ? readShares(list, input['groupBudgets']) : null;
  if ((input['groups'] === undefined) !== !hasGroupBudgets) {
    const path = hasGroupBudgets ? 'groups' : 'groupBudgets';
    addFault(list, 'MISSING', path, 'groups and groupBudgets go together', undefined);
  }
  if (groups !== null && groupBudgets !== null) matchNames(list, groups, groupBudgets);
  if (list.faults.length > count || n === null) return null;
  if (groups !== null && groupBudgets !== null) {
    return legBudgets(list, { n, budgets, groups, groupBudgets });
  }
  return budgets ? normalised(budgets) : Array.from({ length: n }, () => 1 / n);
}

/** Scaled to sum one; first by the largest, so that the sum cannot overflow. */
export function normalised(shares: readonly number[]): number[] {
  const largest = Math.max(...shares);
  const total = shares.reduce((sum, share) => sum + share / largest, 0);
  return shares.map((share) => share / largest / total);
}

function readBudgets(list: FaultList, value: unknown, n: number | null): number[] | null {
  const budgets = readVector(list, 'budgets', value, n);
  if (budgets === null) return null;
  refuseNegative(list, 'budgets', budgets);
  return budgets;
}

/** Faults on negative shares, and on shares that are all zero. */
export function refuseNegative(list: FaultList, path: string, shares: readonly number[]): void {
  for (const [i, share] of shares.entries()) {
    if (share < 0) addFault(list, 'OUT_OF_RANGE', `${path}[${i}]`, 'must not be negative', share);
  }
  if (!shares.some((share) => share > 0)) {
    addFault(list, 'BUDGETS_EMPTY', path, 'must hold a positive share', 'none');
  }
}

function readGroups(
  list: FaultList,
  value: unknown,
  n: number | null,
): Record<string, number[]> | null {
  const object = readObject(list, 'groups', value);
  if (object === null) return null;
  const groups: Record<string, number[]> = {};
  for (const [name, members] of Object.entries(object)) {
    const path = `groups.${name}`;
    const legs = readVector(list, path, members, null);
    if (legs === null) continue;
    if (legs.length === 0) addFault(list, 'WRONG_LENGTH', path, 'must not be empty', legs);
    const seen = new Set<number>();
    for (const [k, leg] of legs.entries()) {
      const at = `${path}[${k}]`;
      if (!Number.isInteger(leg) || leg < 0 || (n !== null && leg >= n)) {
        addFault(list, 'OUT_OF_RANGE', at, `must be a leg from 0 to ${(n ?? Infinity) - 1}`, leg);
      }
      if (seen.has(leg)) addFault(list, 'LEG_REPEATED', at, 'must name a leg once', leg);
      seen.add(leg);
    }
    groups[name] = legs;
  }
  return groups;
}

function readShares(list: FaultList, value: unknown): Record<string, number> | null {
  const object = readObject(list, 'groupBudgets', value);
  if (object === null) return null;
  const shares: Record<string, number> = {};
  for (const [name, share] of Object.entries(object)) {
    const path = `groupBudgets.${name}`;
    const number = readNumber(list, path, share);
    if (number === null) continue;
    if (number < 0) addFault(list, 'OUT_OF_RANGE', path, 'must not be negative', number);
    shares[name] = number;
  }
  return shares;
}

function matchNames(
  list: FaultList,
  groups: Record<string, number[]>,
  groupBudgets: Record<string, number>,
): void {
  for (const name of Object.keys(groups)) {
    if (!Object.hasOwn(groupBudgets, name)) {
      addFault(list, 'MISSING', `groupBudgets.${name}`, 'every group needs a budget', undefined);
    }
  }
  for (const name of Object.keys(groupBudgets)) {
    if (!Object.hasOwn(groups, name)) {
      addFault(list, 'GROUP_UNKNOWN', `groupBudgets.${name}`, 'must name a group', name);
    }
  }
}
