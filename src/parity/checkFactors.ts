/**
 * Checks the loadings and budgets of factor parity.
 */

import type { WeightsObjective } from '../domain/objective.ts';
import { normalised, refuseNegative } from './checkBudgets.ts';
import { addFault, type FaultList, readRows, readVector } from './faultList.ts';

export type CheckedFactors = {
  readonly loadings: number[][] | null;
  readonly factorBudgets: number[] | null;
};

/** Loadings N×K and K or K + 1 budgets summing to one; both null where the objective does without. */
export function checkFactors(
  list: FaultList,
  input: Record<string, unknown>,
  n: number | null,
  objective: WeightsObjective | null,
): CheckedFactors | null {
  const hasLoadings = input['loadings'] !== undefined;
  if (!hasLoadings && objective === 'factor-parity') {
    addFault(list, 'MISSING', 'loadings', 'factor-parity needs loadings', undefined);
    return null;
  }
  const loadings = hasLoadings ? readRows(list, 'loadings', input['loadings'], null) : null;
  if (loadings !== null && n !== null && loadings.length !== n) {
    addFault(list, 'WRONG_LENGTH', 'loadings', `must have ${n} rows`, loadings);
  }
  const k = loadings?.[0]?.length ?? null;
  if (input['factorBudgets'] === undefined) {
    const factorBudgets = k === null ? null : Array.from({ length: k }, () => 1 / k);
    return { loadings, factorBudgets };
  }
  const budgets = readVector(list, 'factorBudgets', input['factorBudgets'], null);
  if (budgets === null) return null;
  if (k !== null && budgets.length !== k && budgets.length !== k + 1) {
    addFault(list, 'WRONG_LENGTH', 'factorBudgets', `must have ${k} or ${k + 1} entries`, budgets);
  }
  const count = list.faults.length;
  refuseNegative(list, 'factorBudgets', budgets);
  return list.faults.length > count ? null : { loadings, factorBudgets: normalised(budgets) };
}
