/** Snapshots for tests of the decision: one venue or more, round numbers, returns with a known covariance. */
import { type DecimalText, decimal } from '../../src/domain/decimal.ts';
import { rebalanceId, venueId } from '../../src/domain/ids.ts';
import type { Instrument } from '../../src/domain/instrument.ts';
import { observed } from '../../src/domain/observed.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type {
  InstrumentObservation,
  Quote,
  Snapshot,
  VenueObservation,
} from '../../src/domain/snapshot.ts';
import { requiredSymbols } from '../../src/domain/universe.ts';
import { statedInstrument } from '../statedInstrument.ts';
import { alpha } from './legsGiven.ts';

export const nowMs = Date.UTC(2024, 5, 1, 8);
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

export function instrumentOf(venue: typeof alpha, symbol: string): Instrument {
  const [step = '0.01', tick = '0.01'] = steps[symbol] ?? [];
  return statedInstrument({ venue, symbol, step, tick, takerFeeRate: 0, makerFeeRate: 0 });
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
