/**
 * Times of the covariance estimators at T = 1000, n = 100 and 500, and of the daemon's estimate at its own size.
 *
 * Seeded one-factor returns. Each figure is the median of runs within a budget of time, after one that is not
 * counted unless it used the budget up, beside one dense product X'X of the same size as a yardstick.
 */
import { crossProducts } from '../../src/risk/crossProducts.ts';
import { estimateRisk } from '../../src/risk/estimateRisk.ts';
import {
  type CovarianceEstimator,
  covarianceEstimators,
  estimateCovariance,
} from '../../src/risk/estimators/estimateCovariance.ts';
import { separateDefaults } from '../../src/risk/estimators/separate.ts';
import { columnsFromLegs } from '../../src/risk/returnColumns.ts';
import { median, printFigure } from './figure.ts';

const BARS = 1000;
const BUDGET_MS = 1500;

export function benchEstimators(): void {
  for (const legs of [100, 500]) {
    const returns = columnsFromLegs(factorReturns(legs, BARS));
    print('estimators.crossProducts', { legs, bars: BARS }, () => crossProducts(returns.columns));
    for (const name of covarianceEstimators) {
      const estimator = estimatorOf(name);
      print(`estimators.${name}`, { legs, bars: BARS }, () =>
        estimateCovariance(returns, estimator),
      );
    }
  }
  for (const gaps of [false, true]) {
    const input = daemonInput(gaps);
    print('estimators.estimateRisk', { legs: 20, bars: 2160, gaps }, () => estimateRisk(input));
  }
}

function print(name: string, detail: Readonly<Record<string, unknown>>, run: () => unknown): void {
  const timed = () => {
    const from = performance.now();
    run();
    return performance.now() - from;
  };
  const first = timed();
  const times = first > BUDGET_MS ? [first] : [];
  const until = performance.now() + BUDGET_MS;
  while (first <= BUDGET_MS && (times.length === 0 || performance.now() < until)) {
    times.push(timed());
  }
  printFigure(name, median(times), 'ms', { ...detail, runs: times.length });
}

function estimatorOf(name: (typeof covarianceEstimators)[number]): CovarianceEstimator {
  switch (name) {
    case 'ewma':
      return { name, halfLifeBars: 168 };
    case 'separate':
      return { name, ...separateDefaults };
    case 'student-t':
      return { name, halfLifeBars: 720, degreesOfFreedom: 4 };
    case 'sample':
    case 'ledoit-wolf':
    case 'oas':
    case 'constant-correlation':
    case 'denoised':
    case 'gerber':
      return { name };
  }
}

function daemonInput(gaps: boolean): Parameters<typeof estimateRisk>[0] {
  const returnsByLeg = factorReturns(20, 2160).map((series, leg) =>
    gaps && leg < 5 ? series.map((value, bar) => (bar < 200 * leg ? null : value)) : series,
  );
  return {
    returnsByLeg,
    legs: returnsByLeg.map(() => ({
      volatilityFloorAnnual: 0.05,
      jump: null,
      desmooth: false,
      venueCapital: [{ venueIndex: 0, capitalShare: 0.3 }],
      held: true,
      lastEstimate: null,
    })),
    venues: [{ defaultProbabilityAnnual: 0.02, lossGivenDefault: 0.6 }],
    settings: {
      ...separateDefaults,
      barsPerYear: 8760,
      historyBarsMin: 500,
      staleBarsMax: 24,
      impliedShare: 0.5,
      demandRaiseShareMax: 0.1,
    },
  };
}

/** N × T: half the variance from one common factor. */
function factorReturns(legs: number, bars: number): number[][] {
  let state = 20250630;
  const noise = () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296 - 0.5;
  };
  const market = Array.from({ length: bars }, noise);
  return Array.from({ length: legs }, () => market.map((move) => 0.02 * (move + noise())));
}
