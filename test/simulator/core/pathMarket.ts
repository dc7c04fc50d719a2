/**
 * A market small enough to compute by hand: one coin on a given path, two stablecoins, round fees, two risk tiers.
 */

import {
  createVenue,
  defaultSettings,
  type Settings,
  type Venue,
} from '../../../src/simulator/core/venue.ts';
import type { Market, SimulatedInstrument } from '../../../src/simulator/market/market.ts';

export const hourMs = 3_600_000;
/** A Monday at midnight UTC, a funding stamp. */
export const startMs = Date.UTC(2024, 0, 1);

const linear: SimulatedInstrument = {
  symbol: 'BTCUSDT',
  category: 'linear',
  baseCoin: 'BTC',
  quoteCoin: 'USDT',
  tickSize: '0.1',
  quantityStep: '0.001',
  quantityMin: '0.001',
  quantityMax: '100',
  notionalMin: '5',
  leverageMax: 100,
  takerFeeRate: '0.00055',
  makerFeeRate: '0.0002',
  fundingIntervalMs: 8 * hourMs,
  fundingRateCap: 0.00375,
  launchMs: 0,
  tiers: [
    {
      floorUsd: 0,
      capUsd: 100_000,
      maintenanceMarginRate: 0.005,
      deductionUsd: 0,
      leverageMax: 100,
    },
    {
      floorUsd: 100_000,
      capUsd: null,
      maintenanceMarginRate: 0.01,
      deductionUsd: 500,
      leverageMax: 50,
    },
  ],
};

const spot: SimulatedInstrument = {
  ...linear,
  category: 'spot',
  tickSize: '0.01',
  quantityStep: '0.00001',
  quantityMin: '0.00001',
  takerFeeRate: '0.001',
  makerFeeRate: '0.001',
  fundingIntervalMs: 0,
  fundingRateCap: 0,
  tiers: [],
};

export type Path = {
  /** Price of the coin; its mark and index too. */
  readonly price?: (atMs: number) => number;
  readonly fundingRate?: number;
  /** Full spread in basis points; 2 at 10,000 is bid 9,999 and ask 10,001. */
  readonly spreadBps?: number;
  readonly depthUsd?: number;
  readonly redemptionMs?: number;
};

/** The coin at 10,000 unless a path says otherwise; a saving product for USDC at 8.76 % (1e-5 an hour). */
export function pathMarket(path: Path = {}): Market {
  const price = path.price ?? (() => 10_000);
  return {
    instruments: [linear, spot],
    earnProducts: [
      {
        productId: '431',
        coin: 'USDC',
        stakeMin: '1',
        stakeMax: '1000000',
        precision: 4,
        redemptionMs: path.redemptionMs ?? 0,
      },
    ],
    coins: ['BTC', 'USDT', 'USDC'],
    startMs: 0,
    endMs: null,
    notes: [],
    candles: () => [],
    quote: (_category, _symbol, atMs) => ({
      last: price(atMs),
      mark: price(atMs),
      index: price(atMs),
      spreadBps: path.spreadBps ?? 2,
      depthUsd: path.depthUsd ?? 1e7,
    }),
    fundingRate: (_symbol, settlementMs) =>
      settlementMs % (8 * hourMs) === 0 ? (path.fundingRate ?? 0.0001) : undefined,
    usdIndex: (coin, atMs) => (coin === 'BTC' ? price(atMs) : 1),
    earnAprAt: () => 0.0876,
  };
}

export function pathVenue(
  path: Path = {},
  balances: Readonly<Record<string, string>> = { USDT: '10000' },
  settings: Partial<Settings> = {},
): Venue {
  return createVenue({
    market: pathMarket(path),
    settings: { ...defaultSettings, ...settings },
    balances,
    nowMs: startMs,
  });
}
