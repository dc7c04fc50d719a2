/** The objective against the legs: budgets and bounds that nobody can meet, and keys that the chosen kind does not read. */
import { isWithin } from '../domain/leg.ts';
import { type Fault, found } from './fault.ts';
import type { Config } from './schema.ts';

/** All faults at once; none: []. */
export function objectiveFaults(config: Config): readonly Fault[] {
  return [
    ...groupFaults(config),
    ...nestingFaults(config),
    ...factorFaults(config),
    ...boundFaults(config),
  ];
}

function groupFaults(config: Config): readonly Fault[] {
  const budgets = config.objective.groupBudgets;
  if (budgets === undefined) return [];
  const names = Object.keys(budgets);
  const groups = new Set(config.legs.flatMap((leg) => leg.group ?? []));
  const unknown = names.filter((name) => ![...groups].some((group) => isWithin(group, name)));
  const without = config.legs.flatMap((leg, index) => {
    const { group } = leg;
    const isNamed = group !== undefined && names.some((name) => isWithin(group, name));
    return isNamed ? [] : [{ leg, index }];
  });
  return [
    ...unknown.map((group) => ({
      path: `objective.groupBudgets.${group}`,
      found: found(group),
      allowed: `a group that a leg names: ${[...groups].join(', ') || 'none does'}`,
    })),
    ...without.map(({ leg, index }) => ({
      path: `legs.${index}.group`,
      found: found(leg.group),
      allowed: `one of the groups with a budget: ${names.join(', ')}`,
    })),
  ];
}

/** Groups inside a group must leave a share for the legs of it that are in none of them. */
function nestingFaults(config: Config): readonly Fault[] {
  const budgets = config.objective.groupBudgets ?? {};
  const names = Object.keys(budgets);
  const inside = (name: string, around: string): boolean =>
    name !== around && isWithin(name, around);
  return names.flatMap((name) => {
    const children = names.filter(
      (child) =>
        inside(child, name) && !names.some((other) => inside(other, name) && inside(child, other)),
    );
    const loose = config.legs.filter(
      ({ group, budget }) =>
        group !== undefined &&
        budget !== 0 &&
        isWithin(group, name) &&
        !children.some((child) => isWithin(group, child)),
    );
    const given = children.reduce((sum, child) => sum + (budgets[child] ?? 0), 0);
    if (loose.length === 0 || given < 1) return [];
    const legs = loose.map(({ id }) => id).join(', ');
    const allowed = `groups inside ${name} with less than 1 together, so that a share is left for ${legs}`;
    return [{ path: `objective.groupBudgets.${name}`, found: found(given), allowed }];
  });
}

function factorFaults(config: Config): readonly Fault[] {
  const { kind, factorBudgets } = config.objective;
  const path = 'objective.factorBudgets';
  if (kind === 'factor-parity' && factorBudgets === undefined) {
    return [{ path, found: 'nothing', allowed: 'a share by factor, which factor-parity needs' }];
  }
  if (factorBudgets === undefined) return [];
  if (kind !== 'factor-parity') {
    return [{ path, found: found(kind), allowed: 'objective.kind factor-parity beside it' }];
  }
  const kinds = new Set<string>(config.legs.map((leg) => leg.kind));
  const known = [
    ...(kinds.has('perpetual') ? ['market', 'alts'] : []),
    ...(kinds.has('carry') ? ['carry'] : []),
    ...(kinds.has('lending') || kinds.has('stable') ? ['peg'] : []),
    ...new Set(config.legs.map((leg) => `venue:${leg.venue}`)),
    'residual',
  ];
  const unknown = Object.keys(factorBudgets).filter((name) => !known.includes(name));
  return unknown.map((name) => ({
    path: `${path}.${name}`,
    found: found(name),
    allowed: `a factor that these legs have: ${known.join(', ')}`,
  }));
}

const boundedKinds: readonly string[] = [
  'risk-parity',
  'minimum-variance',
  'maximum-diversification',
];

function boundFaults(config: Config): readonly Fault[] {
  const { kind, weightBounds } = config.objective;
  const path = 'objective.weightBounds';
  const entries = Object.entries(weightBounds);
  if (entries.length === 0) return [];
  if (!boundedKinds.includes(kind)) {
    return [{ path, found: found(kind), allowed: `objective.kind ${boundedKinds.join(', ')}` }];
  }
  const ids = config.legs.map((leg) => leg.id);
  const single = entries.flatMap(([id, { min = 0, max = 1 }]) => {
    const at = `${path}.${id}`;
    if (!ids.includes(id)) return [{ path: at, found: found(id), allowed: ids.join(', ') }];
    return min <= max ? [] : [{ path: `${at}.min`, found: found(min), allowed: `at most ${max}` }];
  });
  const least = ids.reduce((sum, id) => sum + (weightBounds[id]?.min ?? 0), 0);
  const most = ids.reduce((sum, id) => sum + (weightBounds[id]?.max ?? 1), 0);
  const sums: Fault[] = [];
  if (least > 1)
    sums.push({ path, found: found(least), allowed: 'lower bounds of at most 1 together' });
  if (most < 1)
    sums.push({ path, found: found(most), allowed: 'upper bounds of at least 1 together' });
  return [...single, ...sums];
}
