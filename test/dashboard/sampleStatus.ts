/** A status as a running daemon has it: two venues, five legs, one order under way. */

import type { LegStatus, RebalanceStatus, Status } from '../../src/dashboard/status.ts';
import { decimal } from '../../src/domain/decimal.ts';
import type { ClientOrderId, InstrumentId, LegId, VenueId } from '../../src/domain/ids.ts';

export const nowMs = Date.UTC(2022, 10, 8, 16, 4, 12);

const leg = (
  id: string,
  kind: LegStatus['kind'],
  group: string,
  figures: readonly [number, number, number, number, number],
  more: Partial<LegStatus> = {},
): LegStatus => {
  const [budget, riskShare, weight, positionUsd, targetUsd] = figures;
  const venue = id.startsWith('eth-perp') ? 'beta' : 'alpha';
  return {
    id,
    kind,
    group,
    venue,
    budget,
    riskShare,
    weight,
    positionUsd,
    targetUsd,
    binding: null,
    leftOut: null,
    ...more,
  };
};

const rebalance = (hoursAgo: number, state: string, more: Partial<RebalanceStatus> = {}) => {
  const startedAtMs = nowMs - hoursAgo * 3_600_000 - 248_000;
  return {
    id: `main-${new Date(startedAtMs).toISOString().replace(/[-:.]/g, '')}-schedule`,
    state,
    trigger: 'schedule' as const,
    startedAtMs,
    endedAtMs: startedAtMs + 34_180,
    ordersSent: 5,
    ordersDenied: 0,
    fills: 9,
    ...more,
  };
};

export const sampleStatus: Status = {
  version: '0.1.0',
  portfolio: 'main',
  nowMs,
  source: 'daemon',
  halted: false,
  haltReason: null,
  ready: true,
  reasons: [],
  reconciledAtMs: nowMs - 92_000,
  noIncreaseUntilMs: null,
  equityUsd: 101_284.37,
  targetVolatilityAnnual: 0.15,
  forecastVolatilityAnnual: 0.1312,
  grossLeverage: 1.38,
  grossLeverageMax: 3,
  binding: {
    code: 'CASH',
    shortfallUsd: 18_420.11,
    lifts: 'more equity at alpha, or sizing.usableEquityShare above 0.95',
  },
  stand: null,
  risk: {
    volatilityAnnual: 0.1384,
    collateral: [
      {
        venue: 'alpha' as VenueId,
        coin: 'USDT',
        idleUsd: 21_804.1,
        marginal: 0.031,
        absoluteUsd: 676.2,
        relativeShare: 0.048,
      },
    ],
    groups: [
      { name: 'majors', absoluteUsd: 8_420, relativeShare: 0.6 },
      { name: 'yield', absoluteUsd: 4_940, relativeShare: 0.352 },
    ],
    venues: [
      { name: 'alpha', absoluteUsd: 11_020, relativeShare: 0.786 },
      { name: 'beta', absoluteUsd: 3_000, relativeShare: 0.214 },
    ],
    factors: [
      { name: 'market', absoluteUsd: 7_900, relativeShare: 0.563 },
      { name: 'venue:alpha', absoluteUsd: 2_110, relativeShare: 0.15 },
      { name: 'residual', absoluteUsd: 4_010, relativeShare: 0.287 },
    ],
    effectiveBets: 3.42,
    diversificationRatio: 1.71,
    tail: {
      confidence: 0.95,
      horizonMs: 86_400_000,
      normal: { valueAtRiskUsd: 1_194, expectedShortfallUsd: 1_497, shortfallByLegUsd: [] },
      cornishFisher: { valueAtRiskUsd: 1_310, expectedShortfallUsd: 1_902, shortfallByLegUsd: [] },
      historical: null,
      days: 90,
    },
    realised: { kind: 'realised', bars: 720, volatilityAnnual: 0.1217, riskShares: [] },
    solver: { method: 'coordinate-descent', iterations: 7, worstGap: 3e-12 },
    repairs: [],
  },
  hedges: [
    {
      coin: 'BTC',
      at: 'treasury',
      quantityBase: 2.5,
      chosen: {
        leg: 'hedge:BTC' as LegId,
        ratio: 0.981,
        effectiveness: 0.962,
        costAnnual: -0.034,
      },
      targetUsd: -98_100,
      heldUsd: -97_820.4,
      realised: { kind: 'realised', bars: 312, effectiveness: 0.947 },
    },
  ],
  pegs: { USDC: 'restrict' },
  transfers: [
    {
      kind: 'move',
      from: 'alpha' as VenueId,
      to: 'beta' as VenueId,
      usd: 12_000,
      reason: 'VENUE_CAP of alpha is full of idle collateral',
    },
  ],
  signals: [
    {
      venue: 'alpha' as VenueId,
      underlying: 'ETH',
      basis: { of: 'future', annual: 0.0643, z: 1.24, state: 'contango' },
      carryAnnual: 0.0911,
      breakEvenDays: 12.4,
      demand: { score: 0.31, parts: { funding: 0.4, longShare: 0.22 } },
      forecastRaiseShare: 0.031,
      impliedAnnual: 0.584,
      liquidity: [
        {
          instrument: 'alpha|ETH/USDT:USDT' as InstrumentId,
          volumeDailyUsd: 912_400_000,
          volatilityDaily: 0.031,
          turnoverRatio: 1.82,
          spreadShare: 0.00007,
          depth10Usd: 1_840_000,
          depth50Usd: 9_210_000,
          amihudPerUsd: 3e-11,
          kyleLambda: null,
          impactBps: 2.9,
          exitDays: 0.002,
        },
      ],
      unread: ['riskReversal: the venue did not answer'],
    },
  ],
  legs: [
    leg('btc', 'perpetual', 'majors', [0.2, 0.2, 0.101, 14_102.4, 14_110.02]),
    leg('eth-perp', 'perpetual', 'majors', [0.2, 0.2, 0.079, 11_041.9, 11_020.7]),
    leg('sol', 'perpetual', 'majors', [0.2, 0.214, 0.041, -6_210.3, -5_730.16]),
    leg('eth-carry', 'carry', 'yield', [0.2, 0.186, 0.279, 36_120.5, 38_990.4], {
      binding: {
        code: 'CASH',
        shortfallUsd: 11_900.4,
        lifts: 'more equity at alpha, or sizing.usableEquityShare above 0.95',
      },
    }),
    leg('usdc-earn', 'lending', 'yield', [0.2, 0.2, 0.5, 50_010.22, 50_010.22], {
      binding: {
        code: 'ISSUER_CAP',
        shortfallUsd: 6_519.71,
        lifts: 'sizing.issuerShareMax above 0.5',
      },
    }),
  ],
  venues: [
    {
      id: 'alpha',
      exchange: 'bybit',
      environment: 'simulated',
      state: 'healthy',
      evidence: [],
      equityUsd: 86_104.2,
      marginRatio: 0.0312,
      capUsd: 101_284.37,
      defaultProbabilityAnnual: 0.02,
      guardRung: 'calm',
      liquidationDistanceShare: 0.71,
      fundingPaidUsd: -41.92,
    },
    {
      id: 'beta',
      exchange: 'okx',
      environment: 'simulated',
      state: 'watch',
      evidence: ['withdrawals of SOL are halted'],
      equityUsd: 15_180.17,
      marginRatio: 0.0884,
      capUsd: 84_403.64,
      defaultProbabilityAnnual: 0.1,
      guardRung: 'warn',
      liquidationDistanceShare: null,
      fundingPaidUsd: 12.08,
    },
  ],
  lastRebalance: rebalance(0, 'running', {
    endedAtMs: null,
    fills: 4,
    shortfallBps: { delay: 0.4, spread: 0.7, impact: -0.2, fees: 2.1, total: 3 },
  }),
  recentRebalances: [
    rebalance(0, 'running', { endedAtMs: null, fills: 4 }),
    rebalance(8, 'complete'),
    rebalance(16, 'partial', { ordersDenied: 1, fills: 3 }),
    rebalance(24, 'stood', {
      ordersSent: 0,
      fills: 0,
      endedAtMs: nowMs - 24 * 3_600_000 - 247_100,
    }),
  ],
  denials: [
    {
      code: 'ORDER_VALUE',
      instrument: null,
      message: 'the order’s value must be at most 250000, was 262118.4',
      limit: 250_000,
      found: 262_118.4,
    },
  ],
  openOrders: 1,
  orders: [
    {
      id: '5f2c91aa0b7d4e6f8a91c2d3e4f5a6b7' as ClientOrderId,
      venue: 'alpha' as VenueId,
      symbol: 'SOL/USDT:USDT',
      action: 'buy',
      state: 'working',
      quantityBase: decimal('18.4'),
      filledBase: decimal('6.1'),
      limitPrice: decimal('26.105'),
      ageMs: 7_300,
    },
  ],
  discrepancies: [],
  dataAgesMs: {
    'account-alpha': 4_200,
    'account-beta': 4_400,
    'bars-alpha': 252_000,
    'bars-beta': 252_000,
  },
};

export const haltedStatus: Status = {
  ...sampleStatus,
  halted: true,
  haltReason: 'drawdown 21 % under the peak',
  ready: false,
  reasons: [
    'halted: drawdown 21 % under the peak',
    'ledger and venue disagree, discrepancies: 1',
    'stale data: account-beta must be at most 120000 ms old, was 184000',
  ],
  openOrders: 0,
  orders: [],
  discrepancies: [
    {
      venue: 'beta' as VenueId,
      kind: 'position',
      subject: 'ETH/USDT:USDT',
      ledger: '8.41',
      venueSays: '8.4',
    },
  ],
};
