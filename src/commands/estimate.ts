/** `estimate`: covariance, volatility and correlation of returns, or the volatility of one instrument's bars. */
import type { Command } from 'commander';
import {
  deviationsOf,
  type EstimateRepair,
  type NoEstimate,
} from '../risk/estimators/covarianceEstimate.ts';
import { estimateCovariance } from '../risk/estimators/estimateCovariance.ts';
import { estimateOhlc } from '../risk/ohlc/estimateOhlc.ts';
import { columnsFromBars } from '../risk/returnColumns.ts';
import { calculatorCommand, type Terminal } from './calculator.ts';
import { type EstimateProblem, parseEstimateProblem } from './estimateProblem.ts';
import type { InvalidProblem } from './faults.ts';

type Estimated = {
  readonly kind: 'estimated';
  readonly estimator: string;
  /** Of `returns`: N; of `ohlc`: one number. Times sqrt(barsPerYear). */
  readonly volatility: readonly number[] | number;
  readonly covariance?: readonly (readonly number[])[];
  readonly correlation?: readonly (readonly number[])[];
  readonly shrinkage?: number;
  readonly effectiveBars: number;
  readonly repairs: readonly EstimateRepair[];
};

export function estimateCommand(terminal?: Terminal): Command {
  return calculatorCommand<Estimated | NoEstimate>(
    {
      name: 'estimate',
      description: 'volatility, correlation and covariance of returns or of OHLC bars',
      solve: solveEstimate,
      isNo: (answer) => answer.kind === 'insufficientHistory',
      describe,
    },
    terminal,
  );
}

/** @param problem contract 2.2, unchecked. */
export function solveEstimate(problem: unknown): Estimated | NoEstimate | InvalidProblem {
  const parsed = parseEstimateProblem(problem);
  switch (parsed.kind) {
    case 'invalid':
      return parsed;
    case 'ohlc':
      return solveOhlc(parsed);
    case 'returns':
      return solveReturns(parsed);
  }
}

function solveOhlc(problem: EstimateProblem & { kind: 'ohlc' }): Estimated | NoEstimate {
  const estimate = estimateOhlc(problem.ohlc, problem.estimator);
  if (estimate.kind === 'insufficientHistory') return estimate;
  return {
    kind: 'estimated',
    estimator: problem.estimator,
    volatility: Math.sqrt(estimate.variance * problem.barsPerYear),
    effectiveBars: estimate.effectiveBars,
    repairs: [],
  };
}

function solveReturns(problem: EstimateProblem & { kind: 'returns' }): Estimated | NoEstimate {
  const estimate = estimateCovariance(columnsFromBars(problem.returns), problem.estimator);
  if (estimate.kind === 'insufficientHistory') return estimate;
  const { n, values } = estimate.covariance;
  const deviations = Array.from(deviationsOf(estimate.covariance));
  const still = deviations.flatMap((deviation, leg) => (deviation === 0 ? [leg] : []));
  const rows = deviations.map((_, i) => Array.from(values.subarray(i * n, (i + 1) * n)));
  return {
    kind: 'estimated',
    estimator: problem.estimator.name,
    volatility: deviations.map((deviation) => deviation * Math.sqrt(problem.barsPerYear)),
    covariance: rows.map((row) => row.map((value) => value * problem.barsPerYear)),
    correlation: rows.map((row, i) =>
      row.map((value, j) => {
        const scale = (deviations[i] ?? 0) * (deviations[j] ?? 0);
        return i === j ? 1 : scale === 0 ? 0 : Math.max(-1, Math.min(1, value / scale));
      }),
    ),
    shrinkage: estimate.shrinkage,
    effectiveBars: estimate.effectiveBars,
    repairs:
      still.length === 0
        ? estimate.repairs
        : [...estimate.repairs, { code: 'ZERO_VARIANCE', legs: still }],
  };
}

function describe(answer: Estimated | NoEstimate): string {
  if (answer.kind === 'insufficientHistory') return `insufficient history: ${answer.reason}`;
  const { volatility, correlation, repairs } = answer;
  const lines = [`${answer.estimator}, ${answer.effectiveBars.toPrecision(4)} effective bars`];
  const all = typeof volatility === 'number' ? [volatility] : volatility;
  all.forEach((value, leg) => {
    const row = correlation?.[leg]?.map((entry) => entry.toFixed(2).padStart(6)).join('') ?? '';
    lines.push(`${String(leg).padStart(4)}  volatility ${value.toPrecision(6)}  ${row}`.trimEnd());
  });
  for (const repair of repairs) lines.push(`repair ${JSON.stringify(repair)}`);
  return lines.join('\n');
}
