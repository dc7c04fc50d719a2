/** Snapshots and policies for tests of the decision: one venue or more, round numbers, returns with a known covariance. */
import { type DecimalText, decimal } from '../../src/domain/decimal.ts';
import { instrumentId, legId, rebalanceId, venueId } from '../../src/domain/ids.ts';
import type { Instrument, InstrumentKind } from '../../src/domain/instrument.ts';
import type { CarryLeg, Leg, LendingLeg, StableLeg } from '../../src/domain/leg.ts';
import { observed } from '../../src/domain/observed.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type {
  InstrumentObservation,
  Quote,
  Snapshot,
  VenueObservation,
} from '../../src/domain/snapshot.ts';
import { requiredSymbols } from '../../src/domain/universe.ts';

export const nowMs = Date.UTC(2024, 5, 1, 8);
export const alpha = venueId('alpha');
export const beta = venueId('beta');
export const BARS = 512;

export const prices: Readonly<Record<string, number>> = {
  'BTC/USDT:USDT': 50_000,
  'BTC/USDT': 50_000,
  'ETH/USDT:USDT': 2_500,
  'ETH/USDT': 2_500,
  'SOL/USDT:USDT': 100,
  'USDC/USDT': 1,
  'USDE/USDT': 1,
  'earn:USDC': 1,
};

const steps: Readonly<Record<string, readonly [string, string]>> = {
  'BTC/USDT:USDT': ['0.001', '0.1'],
  'BTC/USDT': ['0.000001', '0.01'],
  'ETH/USDT:USDT': ['0.01', '0.01'],
  'ETH/USDT': ['0.0001', '0.01'],
  'SOL/USDT:USDT': ['0.1', '0.001'],
  'USDC/USDT': ['0.01', '0.0001'],
  'USDE/USDT': ['0.01', '0.0001'],
  'earn:USDC': ['0.01', '1'],
};

export function perpetualLeg(
  id: string,
  symbol: string,
  direction: 'long' | 'short' = 'long',
): Leg {
  return {
    id: legId(id),
    kind: 'perpetual',
    venue: alpha,
    symbol,
    direction,
    group: null,
    budget: null,
  };
}
export const carryLeg: CarryLeg = {
  id: legId('eth-carry'),
  kind: 'carry',
  venue: alpha,
  spot: 'ETH/USDT',
  perpetual: 'ETH/USDT:USDT',
  group: null,
  budget: null,
};
export const lendingLeg: LendingLeg = {
  id: legId('usdc-earn'),
  kind: 'lending',
  venue: alpha,
  coin: 'USDC',
  group: null,
  budget: null,
};
export const stableLeg: StableLeg = {
  id: legId('usde'),
  kind: 'stable',
  venue: alpha,
  symbol: 'USDE/USDT',
  yieldAnnual: 0.08,
  group: null,
  budget: null,
};

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

export function instrumentOf(venue: typeof alpha, symbol: string): Instrument {
  const kind: InstrumentKind = symbol.startsWith('earn:')
    ? 'earn'
    : symbol.includes(':')
      ? 'perpetual'
      : 'spot';
  const [step = '0.01', tick = '0.01'] = steps[symbol] ?? [];
  const [base = '', quote = ''] =
    kind === 'earn' ? [symbol.slice(5), symbol.slice(5)] : (symbol.split(':')[0] ?? '').split('/');
  return {
    id: instrumentId(venue, symbol),
    venue,
    kind,
    symbol,
    baseCoin: base,
    quoteCoin: quote,
    quantityStepBase: decimal(step),
    quantityMinBase: decimal(step),
    quantityMaxBase: null,
    priceTick: decimal(tick),
    notionalMinQuote: kind === 'earn' ? 0 : 5,
    takerFeeRate: 0,
    makerFeeRate: 0,
    tiers:
      kind === 'perpetual'
        ? [
            {
              floorUsd: 0,
              capUsd: null,
              maintenanceMarginRate: 0.005,
              deductionUsd: 0,
              leverageMax: 100,
            },
          ]
        : [],
    fundingIntervalMs: kind === 'perpetual' ? 28_800_000 : 0,
    redemptionMs: 0,
  };
}

export function quoteOf(symbol: string, change: Partial<Quote> = {}): Quote {
  const mark = prices[symbol] ?? 1;
  return { bid: mark, ask: mark, mark, index: mark, depthQuote: 1e9, ...change };
}

/**
 * Returns whose sample second moment is known exactly: leg k moves ±volatility per bar by the k-th Walsh function, so
 * that legs are uncorrelated over any power of two of bars.
 */
export function walshReturns(leg: number, volatilityAnnual: number, bars = BARS): number[] {
  const perBar = volatilityAnnual / Math.sqrt(365 * 24);
  return Array.from({ length: bars }, (_, bar) => {
    let bits = bar & (leg + 1);
    let sign = 1;
    for (; bits > 0; bits >>= 1) if (bits & 1) sign = -sign;
    return sign * perBar;
  });
}

export type Scene = {
  readonly equityUsd?: number;
  readonly volatilities?: readonly number[];
  /** By symbol at alpha, base units; a spot market's are the wallet's coins. */
  readonly positions?: Readonly<Record<string, string>>;
  readonly held?: readonly number[];
  readonly fundingRate?: number;
  readonly freeUsdt?: number;
  readonly observation?: (seen: InstrumentObservation) => InstrumentObservation;
  readonly venue?: (seen: VenueObservation) => VenueObservation;
  readonly snapshot?: Partial<Snapshot>;
};

export function snapshotOf(policy: Policy, scene: Scene = {}): Snapshot {
  const equityUsd = scene.equityUsd ?? 100_000;
  const positions = scene.positions ?? {};
  const symbols = requiredSymbols(policy);
  const venues = Object.keys(symbols).map((id) => venueId(id));
  const instruments = venues.flatMap((venue) =>
    (symbols[venue] ?? []).map((symbol): InstrumentObservation => {
      const instrument = instrumentOf(venue, symbol);
      const seen: InstrumentObservation = {
        instrument,
        quote: observed(quoteOf(symbol), nowMs),
        funding:
          instrument.kind === 'perpetual'
            ? observed(
                { rate: scene.fundingRate ?? 0.0001, intervalMs: 28_800_000, nextMs: nowMs + 1 },
                nowMs,
              )
            : null,
        yield:
          instrument.kind === 'earn'
            ? observed({ yieldAnnual: 0.04, quotaBase: null, available: true }, nowMs)
            : null,
        positionBase: observed(
          decimal((venue === alpha ? positions[symbol] : undefined) ?? '0'),
          nowMs,
        ),
      };
      return scene.observation?.(seen) ?? seen;
    }),
  );
  const lentUsd = Number(positions['earn:USDC'] ?? 0);
  const coins = instruments
    .filter((each) => each.instrument.kind === 'spot')
    .map(({ instrument, positionBase }) => {
      const wallet = positionBase.kind === 'observed' ? positionBase.value : ('0' as DecimalText);
      return { coin: instrument.baseCoin, wallet, free: wallet };
    });
  return {
    schema: 1,
    portfolio: policy.portfolio,
    installation: 'test',
    rebalanceId: rebalanceId('test-1'),
    trigger: 'manual',
    observedAtMs: nowMs,
    unit: { kind: 'known', index: 'usdt', usdByCoin: { USDT: 1, USDC: 1 } },
    legs: policy.legs.map((leg) => leg.id),
    returnsByLeg: policy.legs.map((_, index) =>
      walshReturns(index, scene.volatilities?.[index] ?? 0.5),
    ),
    lastBarCloseMs: nowMs,
    worstDayByLeg: policy.legs.map(() => null),
    holdings: [],
    heldUsdByLeg: policy.legs.map((_, index) => scene.held?.[index] ?? 0),
    instruments,
    venues: venues.map((id): VenueObservation => {
      const free = decimal(scene.freeUsdt ?? equityUsd);
      const seen: VenueObservation = {
        id,
        exchange: 'bybit',
        environment: 'simulated',
        account: observed(
          {
            equityUsd: equityUsd / venues.length - (id === alpha ? lentUsd : 0),
            initialMarginUsd: 0,
            maintenanceMarginUsd: 0,
            coins: [{ coin: 'USDT', wallet: free, free }, ...coins],
            positionMode: 'oneWay',
            marginMode: 'cross',
          },
          nowMs,
        ),
        health: {
          state: 'healthy',
          defaultProbabilityAnnual: 0,
          evidence: [],
          assessedAtMs: nowMs,
        },
        clockOffsetMs: observed(0, nowMs),
        ordersLastMinute: 0,
      };
      return scene.venue?.(seen) ?? seen;
    }),
    openOrders: [],
    halt: { halted: false, reason: null },
    discrepancies: 0,
    previous: null,
    peakEquityUsd: null,
    dayStartEquityUsd: null,
    repeatsByInstrument: {},
    ...scene.snapshot,
  };
}
