/**
 * Checks a weighting problem: every fault is found and listed with its path; defaults are filled in.
 */

import { linkages, objectives, type WeightsObjective } from '../domain/objective.ts';
import { checkBudgets } from './checkBudgets.ts';
import { checkRisk } from './checkCovariance.ts';
import { checkFactors } from './checkFactors.ts';
import {
  addFault,
  type FaultList,
  readNumber,
  readObject,
  readVector,
  readWord,
} from './faultList.ts';
import type { CheckedProblem, Fault } from './weightsProblem.ts';

const keys = new Set([
  'covariance',
  'returns',
  'objective',
  'budgets',
  'groups',
  'groupBudgets',
  'signs',
  'lowerBounds',
  'upperBounds',
  'confidence',
  'loadings',
  'factorBudgets',
  'linkage',
  'tolerance',
  'warmStart',
]);
const bounded: readonly WeightsObjective[] = [
  'risk-parity',
  'minimum-variance',
  'maximum-diversification',
];

export type Checked =
  | { readonly kind: 'checked'; readonly problem: CheckedProblem }
  | { readonly kind: 'invalid'; readonly faults: readonly Fault[] };

/** Any value in, a problem without faults or all its faults out; throws nothing. */
export function checkProblem(raw: unknown): Checked {
  const list: FaultList = { faults: [] };
  const input = readObject(list, '', raw);
  if (input === null) return { kind: 'invalid', faults: list.faults };
  for (const key of Object.keys(input)) {
    if (!keys.has(key))
      addFault(list, 'UNKNOWN_KEY', key, 'is not a key of this problem', input[key]);
  }
  const objective = optional(input, 'objective', 'risk-parity', (value) =>
    readWord(list, 'objective', value, objectives),
  );
  const risk = checkRisk(list, input, objective === 'cvar-parity');
  const n = risk?.covariance.n ?? null;
  const budgets = checkBudgets(list, input, n);
  const signs = optional(input, 'signs', null, (value) => readSigns(list, value, n));
  const bounds = checkBounds(list, input, n, objective, signs);
  const factors = checkFactors(list, input, n, objective);
  const confidence = readInside(list, input, 'confidence', 0.95);
  const tolerance = readInside(list, input, 'tolerance', 1e-10);
  const linkage = optional(input, 'linkage', 'single' as const, (value) =>
    readWord(list, 'linkage', value, linkages),
  );
  const warmStart = optional(input, 'warmStart', null, (value) =>
    readVector(list, 'warmStart', value, n),
  );
  if (list.faults.length > 0) return { kind: 'invalid', faults: list.faults };
  if (!risk || !objective || !budgets || !bounds || !factors || !linkage) {
    return { kind: 'invalid', faults: list.faults };
  }
  const allLong = Array.from({ length: risk.covariance.n }, () => 1);
  const problem: CheckedProblem = {
    objective,
    n: risk.covariance.n,
    covariance: risk.covariance,
    returns: risk.returns,
    budgets,
    signs: signs ?? allLong,
    lower: bounds.lower,
    upper: bounds.upper,
    confidence,
    loadings: factors.loadings,
    factorBudgets: factors.factorBudgets,
    linkage,
    tolerance,
    warmStart,
  };
  return { kind: 'checked', problem };
}

function optional<T, D>(
  input: Record<string, unknown>,
  key: string,
  byDefault: D,
  read: (value: unknown) => T,
): T | D {
  return input[key] === undefined ? byDefault : read(input[key]);
}

/** A number strictly between 0 and 1; NaN beside a fault. */
function readInside(
  list: FaultList,
  input: Record<string, unknown>,
  key: string,
  byDefault: number,
): number {
  if (input[key] === undefined) return byDefault;
  const value = readNumber(list, key, input[key]);
  if (value !== null && !(value > 0 && value < 1)) {
    addFault(list, 'OUT_OF_RANGE', key, 'must lie between 0 and 1', value);
  }
  return value ?? Number.NaN;
}

function readSigns(list: FaultList, value: unknown, n: number | null): number[] | null {
  const signs = readVector(list, 'signs', value, n);
  for (const [i, sign] of signs?.entries() ?? []) {
    if (Math.abs(sign) !== 1) {
      addFault(list, 'OUT_OF_RANGE', `signs[${i}]`, 'must be 1 or -1', sign);
    }
  }
  return signs;
}

/** Bounds on |w|: those on signed weights, mirrored for short legs and cut to 0…1. */
function checkBounds(
  list: FaultList,
  input: Record<string, unknown>,
  n: number | null,
  objective: WeightsObjective | null,
  signs: readonly number[] | null,
): { lower: number[]; upper: number[] } | null {
  const [below, above] = (['lowerBounds', 'upperBounds'] as const).map((key) =>
    optional(input, key, null, (value) => readVector(list, key, value, n)),
  );
  if (n === null) return null;
  const lower: number[] = [];
  const upper: number[] = [];
  for (let i = 0; i < n; i++) {
    const low = below?.[i] ?? -1;
    const high = above?.[i] ?? 1;
    if (low > high) {
      addFault(list, 'BOUNDS_CROSSED', `lowerBounds[${i}]`, `must not exceed ${high}`, low);
    }
    const isShort = signs?.[i] === -1;
    lower.push(Math.max(isShort ? -high : low, 0));
    upper.push(Math.min(isShort ? -low : high, 1));
    const binds = (lower[i] as number) > 0 || (upper[i] as number) < 1;
    if (binds && objective !== null && !bounded.includes(objective)) {
      const key =
        below?.[i] === undefined || (lower[i] as number) <= 0 ? 'upperBounds' : 'lowerBounds';
      const text = `bounds apply to ${bounded.join(', ')} only`;
      addFault(list, 'NOT_APPLICABLE', `${key}[${i}]`, text, objective);
    }
  }
  return { lower, upper };
}
