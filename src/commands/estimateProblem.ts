/** A problem for `estimate` (contract 2.2): checked in one pass, every fault with its path and what was found. */
import {
  type CovarianceEstimator,
  type CovarianceEstimatorName,
  covarianceEstimators,
} from '../risk/estimators/estimateCovariance.ts';
import { separateDefaults } from '../risk/estimators/separate.ts';
import { type OhlcEstimatorName, ohlcEstimators } from '../risk/ohlc/estimateOhlc.ts';
import type { OhlcBars } from '../risk/ohlc/ohlcBars.ts';
import {
  describe,
  describeBounds,
  type Fault,
  type InvalidProblem,
  invalid,
  isRecord,
  isWithin,
  must,
  pick,
} from './faults.ts';
import { parseOhlc } from './ohlcProblem.ts';

export type EstimateProblem =
  | {
      readonly kind: 'returns';
      /** T×N, null = missing. */
      readonly returns: readonly (readonly (number | null)[])[];
      readonly estimator: CovarianceEstimator;
      readonly barsPerYear: number;
    }
  | {
      readonly kind: 'ohlc';
      readonly ohlc: OhlcBars;
      readonly estimator: OhlcEstimatorName;
      readonly barsPerYear: number;
    };

/** Beyond this fourth powers of returns leave the range of a double. */
const RETURN_MAX = 1e50;
const BARS_MAX = 1e9;
/** What bounds a number: open at 0 below unless `fromZero`. */
const positive = { above: 0, max: BARS_MAX };
const share = { min: 0, max: 1 };

const numbers = {
  halfLifeBars: positive,
  barsPerYear: positive,
  volatilityHalfLifeBars: positive,
  correlationHalfLifeBars: positive,
  volatilityShrinkageShare: share,
  correlationShrinkageShare: share,
  degreesOfFreedom: { above: 2, max: 1e6 },
} as const;
type NumberName = keyof typeof numbers;
const numberNames = Object.keys(numbers) as NumberName[];
const STUDENT_DEGREES_OF_FREEDOM = 4;

export function parseEstimateProblem(problem: unknown): EstimateProblem | InvalidProblem {
  const faults: Fault[] = [];
  if (!isRecord(problem)) return invalid([{ path: '', message: must('be an object', problem) }]);
  const known = ['returns', 'ohlc', 'estimator', ...numberNames];
  for (const key of Object.keys(problem)) {
    if (!known.includes(key)) {
      faults.push({ path: key, message: must(`be one of ${known.join(', ')}`, key) });
    }
  }
  const given: Partial<Record<NumberName, number>> = {};
  for (const name of numberNames) {
    const value = problem[name];
    if (value === undefined) continue;
    if (isWithin(value, numbers[name])) given[name] = value;
    else faults.push({ path: name, message: must(describeBounds(numbers[name]), value) });
  }
  const barsPerYear = given.barsPerYear ?? 1;
  const { returns, ohlc } = problem;
  if ((returns === undefined) === (ohlc === undefined)) {
    const found = returns === undefined ? 'neither' : 'both';
    faults.push({ path: '', message: `must have either returns or ohlc, was ${found}` });
    return invalid(faults);
  }
  if (ohlc !== undefined) {
    const estimator = pick(
      'estimator',
      problem['estimator'] ?? 'yang-zhang',
      ohlcEstimators,
      faults,
    );
    const bars = parseOhlc(ohlc, faults);
    if (faults.length > 0 || estimator === null || bars === null) return invalid(faults);
    return { kind: 'ohlc', ohlc: bars, estimator, barsPerYear };
  }
  const name = pick('estimator', problem['estimator'] ?? 'separate', covarianceEstimators, faults);
  const rows = parseReturns(returns, faults);
  if (name === 'ewma' && problem['halfLifeBars'] === undefined) {
    faults.push({ path: 'halfLifeBars', message: must('be given for ewma', undefined) });
  }
  if (faults.length > 0 || name === null) return invalid(faults);
  return { kind: 'returns', returns: rows, estimator: estimatorOf(name, given), barsPerYear };
}

function estimatorOf(
  name: CovarianceEstimatorName,
  given: Partial<Record<NumberName, number>>,
): CovarianceEstimator {
  switch (name) {
    case 'ewma':
      return { name, halfLifeBars: given.halfLifeBars ?? separateDefaults.volatilityHalfLifeBars };
    case 'separate':
      return { name, ...separateDefaults, ...settingsFrom(given) };
    case 'student-t':
      return {
        name,
        halfLifeBars: given.halfLifeBars ?? Number.POSITIVE_INFINITY,
        degreesOfFreedom: given.degreesOfFreedom ?? STUDENT_DEGREES_OF_FREEDOM,
      };
    case 'sample':
    case 'ledoit-wolf':
    case 'oas':
    case 'constant-correlation':
    case 'denoised':
    case 'gerber':
      return { name };
  }
}

function settingsFrom(given: Partial<Record<NumberName, number>>) {
  const names = Object.keys(separateDefaults) as (keyof typeof separateDefaults)[];
  return Object.fromEntries(
    names.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])),
  );
}

function parseReturns(value: unknown, faults: Fault[]): (number | null)[][] {
  if (!Array.isArray(value) || value.length === 0) {
    faults.push({ path: 'returns', message: must('be a list of rows, at least one', value) });
    return [];
  }
  const first: unknown = value[0];
  const legs = Array.isArray(first) ? first.length : 0;
  if (legs === 0) faults.push({ path: 'returns[0]', message: must('be a row of legs', first) });
  value.forEach((row: unknown, bar) => {
    if (!Array.isArray(row) || row.length !== legs) {
      const found = Array.isArray(row) ? `${row.length} entries` : describe(row);
      faults.push({ path: `returns[${bar}]`, message: `must have ${legs} entries, was ${found}` });
      return;
    }
    row.forEach((entry: unknown, leg) => {
      if (entry === null || isWithin(entry, { min: -RETURN_MAX, max: RETURN_MAX })) return;
      const message = must(`be null or a number within ±${RETURN_MAX}`, entry);
      faults.push({ path: `returns[${bar}][${leg}]`, message });
    });
  });
  return faults.length === 0 ? (value as (number | null)[][]) : [];
}
