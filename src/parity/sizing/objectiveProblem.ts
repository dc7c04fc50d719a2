/** The weighting problem that the policy's objective poses for some rows of the risk estimate. */
import type { RiskEstimate } from '../../risk/riskTypes.ts';
import type { WeightsProblem } from '../weightsProblem.ts';
import type { Book } from './book.ts';
import { namedFactors } from './factors.ts';
import { scenarioReturns } from './scenarioReturns.ts';

export type PosedProblem =
  | { readonly kind: 'problem'; readonly problem: WeightsProblem }
  | { readonly kind: 'notConverged'; readonly reason: string };

export type Rows = {
  /** Rows of the estimate that take part. */
  readonly rows: readonly number[];
  /** Per row of the estimate; those of `rows` are normalised among themselves. */
  readonly budgets: readonly number[];
  /** What part of the whole book's gross these rows make up: bounds are shares of the whole. */
  readonly grossShare: number;
};

export function objectiveProblem(book: Book, estimate: RiskEstimate, at: Rows): PosedProblem {
  const { objective } = book.policy;
  const { kind, tolerance } = objective;
  const { rows } = at;
  const base: WeightsProblem = {
    covariance: rows.map((i) => rows.map((j) => estimate.covarianceAnnual[i]?.[j] ?? 0)),
    objective: kind,
    tolerance,
  };
  const budgets = rows.map((row) => at.budgets[row] ?? 0);
  const posed = (problem: WeightsProblem): PosedProblem => ({ kind: 'problem', problem });
  switch (kind) {
    case 'risk-parity':
      return posed({
        ...base,
        budgets,
        ...boundsOf(book, estimate, at),
        ...warmStart(book, estimate, rows),
      });
    case 'minimum-variance':
    case 'maximum-diversification':
      return posed({ ...base, ...boundsOf(book, estimate, at) });
    case 'hierarchical-risk-parity':
      return posed({ ...base, linkage: objective.linkage });
    case 'cvar-parity': {
      const returns = scenarioReturns(book, estimate, rows);
      return posed({ ...base, budgets, returns, confidence: objective.confidence });
    }
    case 'factor-parity':
      return factorProblem(book, estimate, at, base);
    case 'inverse-volatility':
    case 'equal-weight':
      return posed(base);
  }
}

/** The last decision's weights, where it had one for each of these legs. */
function warmStart(
  book: Book,
  estimate: RiskEstimate,
  rows: readonly number[],
): Pick<WeightsProblem, 'warmStart'> {
  const before = book.snapshot.previous?.weights ?? {};
  const weights = rows.map((row) => {
    const id = book.legs[estimate.legIndices[row] ?? -1]?.id ?? '';
    return Object.hasOwn(before, id) ? Math.abs(before[id] ?? 0) : 0;
  });
  return weights.every((weight) => weight > 0) ? { warmStart: weights } : {};
}

function boundsOf(
  book: Book,
  estimate: RiskEstimate,
  { rows, grossShare }: Rows,
): Pick<WeightsProblem, 'lowerBounds' | 'upperBounds'> {
  const { weightBounds } = book.policy.objective;
  if (Object.keys(weightBounds).length === 0) return {};
  const bounds = rows.map((row) => {
    const id = book.legs[estimate.legIndices[row] ?? -1]?.id ?? '';
    return Object.hasOwn(weightBounds, id) ? weightBounds[id] : undefined;
  });
  return {
    lowerBounds: bounds.map((bound) => Math.min(1, (bound?.min ?? 0) / grossShare)),
    upperBounds: bounds.map((bound) => Math.min(1, (bound?.max ?? 1) / grossShare)),
  };
}

/** A factor whose legs are all missing drops out with its budget. */
function factorProblem(
  book: Book,
  estimate: RiskEstimate,
  { rows }: Rows,
  base: WeightsProblem,
): PosedProblem {
  const stated = book.policy.objective.factorBudgets ?? {};
  const { names, loadings } = namedFactors(book, estimate, rows, Object.keys(stated));
  if (names.length === 0) {
    const reason = `a factor of ${Object.keys(stated).join(', ')} must have a leg, was none`;
    return { kind: 'notConverged', reason };
  }
  const budgets = names.map((name) => stated[name] ?? 0);
  const residual = stated['residual'];
  const factorBudgets = residual === undefined ? budgets : [...budgets, residual];
  return { kind: 'problem', problem: { ...base, loadings, factorBudgets } };
}
