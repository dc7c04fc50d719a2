/**
 * Risk budgets of legs from budgets of nested groups: a group's budget is a share of the group around it.
 *
 * Inside a group the inner groups take their shares, the legs outside them split the rest by `budgets` (else
 * equally); where there are no such legs, the inner groups' shares are normalised. The portfolio is the outermost group.
 */
import { addFault, type FaultList } from './faultList.ts';

type Group = {
  readonly path: string;
  readonly legs: ReadonlySet<number>;
  readonly budget: number;
  readonly children: Group[];
};

export type GroupedBudgets = {
  readonly n: number;
  /** N raw leg budgets, or null: equal. */
  readonly budgets: readonly number[] | null;
  readonly groups: Readonly<Record<string, readonly number[]>>;
  readonly groupBudgets: Readonly<Record<string, number>>;
};

/** Budgets per leg, summing to one; null with faults where the groups do not nest or cannot be met. */
export function legBudgets(list: FaultList, input: GroupedBudgets): number[] | null {
  const count = list.faults.length;
  const all = new Set(Array.from({ length: input.n }, (_, i) => i));
  const root: Group = { path: 'groupBudgets', legs: all, budget: 1, children: [] };
  const placed: Group[] = [root];
  const bySize = Object.entries(input.groups).sort(([, a], [, b]) => b.length - a.length);
  for (const [name, legs] of bySize) {
    const group: Group = {
      path: `groups.${name}`,
      legs: new Set(legs),
      budget: input.groupBudgets[name] ?? 0,
      children: [],
    };
    place(list, placed, group);
  }
  if (list.faults.length > count) return null;
  const out = Array.from({ length: input.n }, () => 0);
  split(list, root, 1, input.budgets ?? Array.from({ length: input.n }, () => 1), out);
  return list.faults.length > count ? null : out;
}

/** Hangs a group into the smallest group around it; groups come from the largest to the smallest. */
function place(list: FaultList, placed: Group[], group: Group): void {
  let parent = placed[0] as Group;
  for (const other of placed.slice(1)) {
    let shared = 0;
    for (const leg of group.legs) if (other.legs.has(leg)) shared += 1;
    if (shared === 0) continue;
    if (shared < group.legs.size || other.legs.size === group.legs.size) {
      const text = `must lie inside or outside ${other.path}`;
      addFault(list, 'GROUPS_OVERLAP', group.path, text, `${shared} shared legs`);
      return;
    }
    parent = other;
  }
  parent.children.push(group);
  placed.push(group);
}

function split(
  list: FaultList,
  group: Group,
  share: number,
  budgets: readonly number[],
  out: number[],
): void {
  const loose = [...group.legs].filter(
    (leg) => (budgets[leg] as number) > 0 && !group.children.some((child) => child.legs.has(leg)),
  );
  const given = group.children.reduce((sum, child) => sum + child.budget, 0);
  const looseTotal = loose.reduce((sum, leg) => sum + (budgets[leg] as number), 0);
  if (loose.length > 0 && given >= 1) {
    const text = `must leave a share for legs ${loose.join(', ')}, which are in none of its groups`;
    addFault(list, 'BUDGETS_EMPTY', group.path, text, given);
    return;
  }
  if (loose.length === 0 && given === 0) {
    if (share > 0) addFault(list, 'BUDGETS_EMPTY', group.path, 'must hold a positive budget', 0);
    return;
  }
  const total = loose.length > 0 ? 1 : given;
  for (const leg of loose) {
    out[leg] = share * (1 - given) * ((budgets[leg] as number) / looseTotal);
  }
  for (const child of group.children) {
    split(list, child, share * (child.budget / total), budgets, out);
  }
}
