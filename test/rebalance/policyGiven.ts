/** The policy of tests of the decision, with what a test changes in it. */
import type { Leg } from '../../src/domain/leg.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { BARS } from './snapshotWorld.ts';

type Overrides<T> = { readonly [K in keyof T]?: Partial<T[K]> };

/** Wide limits, so that a test narrows the one that it is about. */
export function policyOf(
  legs: readonly Leg[],
  change: Overrides<Pick<Policy, 'sizing' | 'execution' | 'limits' | 'risk' | 'objective'>> = {},
): Policy {
  return {
    portfolio: 'test',
    bookUnit: 'usdt',
    venues: [{ id: 'alpha', exchange: 'bybit', environment: 'simulated' }],
    legs,
    objective: {
      kind: 'risk-parity',
      groupBudgets: null,
      factorBudgets: null,
      confidence: 0.95,
      linkage: 'single',
      weightBounds: {},
      tolerance: 1e-10,
      ...change.objective,
    },
    risk: {
      barMs: 3_600_000,
      lookbackBars: BARS,
      historyBarsMin: 100,
      volatilityHalfLifeBars: 1e9,
      correlationHalfLifeBars: 1e9,
      volatilityShrinkage: 0,
      correlationShrinkage: 0,
      stableVolatilityFloorAnnual: 0.05,
      volatilityFloorAnnual: 0.01,
      jumps: {
        USDT: { ratePerYear: 1e-9, sizeShare: 1e-9 },
        USDC: { ratePerYear: 1e-9, sizeShare: 1e-9 },
        USDE: { ratePerYear: 1e-9, sizeShare: 1e-9 },
      },
      ...change.risk,
    },
    sizing: {
      targetVolatilityAnnual: 0.2,
      grossLeverageMax: 10,
      whenCapped: 'parity',
      usableEquityShare: 1,
      stressedMarginBuffer: 1,
      stressPerpetualShare: 0.01,
      stressStableShare: 0.01,
      stressBasisShare: 0.01,
      worstDayMultiple: 1,
      initialMarginShareMax: 1,
      venueShareMax: 10,
      issuerShareMax: 10,
      legShareMax: 10,
      venueLossBudgetShare: 1,
      lossGivenDefaultShare: 0.5,
      driftBandShare: 0.1,
      carryOpenAnnual: 0.02,
      carryCloseAnnual: -0.02,
      ...change.sizing,
    },
    execution: {
      style: 'ioc',
      crossAfterMs: 30_000,
      slippageBpsMax: 25,
      attemptsMax: 4,
      pollMs: 500,
      settlingMs: 6_000,
      deadlineMs: 120_000,
      unhedgedUsdMax: 1e9,
      repairMs: 30_000,
      participationShareMax: 1,
      ...change.execution,
    },
    limits: {
      orderUsdMax: 1e9,
      orderQuantityShareOfDepthMax: 1,
      ordersPerMinuteMax: 1000,
      priceCollarBps: 100,
      repeatsMax: 20,
      drawdownHaltShare: 0.2,
      dailyLossHaltShare: 0.1,
      dataAgeMsMax: 60_000,
      barAgeMsMax: 7_200_000,
      clockOffsetMsMax: 1_000,
      liquidationDistanceShareMin: 0,
      restricted: [],
      ...change.limits,
    },
  };
}
