/**
 * Goal: the recorded market shows what was recorded, derives the rest as stated, and says so.
 * Method: a made-up day of flat hours with one gap of each kind, every answer by hand.
 */
import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../src/simulator/market/hour.ts';
import type { Candle } from '../../../src/simulator/market/market.ts';
import { createRecordedMarket } from '../../../src/simulator/market/recorded.ts';
import type {
  RecordedSeries,
  RecordedSymbol,
} from '../../../src/simulator/market/recordedSeries.ts';

const START_MS = Date.UTC(2022, 0, 1);
const HOURS = 24;
const OUTAGE = 10;

function bars(price: number, without: readonly number[] = []): Candle[] {
  return Array.from({ length: HOURS }, (_, hour) => ({
    openMs: START_MS + hour * HOUR_MS,
    open: price,
    high: price * 1.02,
    low: price * 0.99,
    close: price * 1.01,
    volumeBase: 1000,
  })).filter((_, hour) => !without.includes(hour));
}

const sol: RecordedSymbol = {
  symbol: 'SOLUSDT',
  baseCoin: 'SOL',
  linearLaunchMs: START_MS,
  // Premium -40 bp everywhere, -110 bp in hour 8.
  last: [...bars(99.6).slice(0, 8), ...bars(98.9).slice(8, 9), ...bars(99.6).slice(9)],
  mark: [],
  // Hour 3 closed lower on spot while the perpetual closed higher.
  spot: bars(100, [OUTAGE]).map((bar, hour) => (hour === 3 ? { ...bar, close: 99.5 } : bar)),
  spotLaunchMs: START_MS,
  funding: [{ timestampMs: START_MS + 8 * HOUR_MS, rate: 0.0007 }],
  fundingSource: 'Bybit 1, Binance 0',
};
const series: RecordedSeries = {
  fromMs: START_MS,
  toMs: START_MS + HOURS * HOUR_MS,
  symbols: [sol],
  stables: [
    {
      coin: 'USDT',
      pair: [],
      usd: [
        { timestampMs: START_MS - 60_000, priceUsd: 1 },
        { timestampMs: START_MS + 1.5 * HOUR_MS, priceUsd: 0.98 },
      ],
    },
    {
      coin: 'USDC',
      pair: bars(1, [1]),
      usd: [{ timestampMs: START_MS - 60_000, priceUsd: 0.99 }],
    },
  ],
};
const market = createRecordedMarket({ series, assumedEarnApr: { USDC: 0.03 }, notes: ['made up'] });

describe('the recorded market', () => {
  it('returns recorded candles as they are, whole hours only', () => {
    const candles = market.candles('linear', 'SOLUSDT', 'last', START_MS, START_MS + 2.5 * HOUR_MS);
    expect(candles).toEqual(sol.last.slice(0, 2));
    expect(market.candles('linear', 'SOLUSDT', 'last', 0, Number.MAX_SAFE_INTEGER)).toHaveLength(
      24,
    );
  });

  it('takes the index from spot and, for want of a mark, the last price, and notes it', () => {
    expect(market.quote('linear', 'SOLUSDT', START_MS)).toMatchObject({
      last: 99.6,
      mark: 99.6,
      index: 100,
    });
    expect(market.notes.join('\n')).toContain('SOLUSDT: mark = last price in 24 of 24 hours');
  });

  it('moves perpetual and spot through their extremes at the same time', () => {
    const at = market.quote('linear', 'SOLUSDT', START_MS + 1200_000);
    expect(at?.last).toBeCloseTo(99.6 * 0.99, 1);
    expect(at?.index).toBeCloseTo(99, 10);
    const against = market.quote('linear', 'SOLUSDT', START_MS + 3 * HOUR_MS + 1200_000);
    expect(against?.index).toBeCloseTo(99, 10);
  });

  it('stops spot in an outage, holds the index at the last close and skips the hour in premiums', () => {
    const atMs = START_MS + (OUTAGE + 0.5) * HOUR_MS;
    expect(market.quote('spot', 'SOLUSDT', atMs)).toBeUndefined();
    expect(market.quote('linear', 'SOLUSDT', atMs)?.index).toBe(101);
    expect(market.candles('spot', 'SOLUSDT', 'last', START_MS, series.toMs)).toHaveLength(23);
    // (-110 - 6 x 40) / 7 = -50 bp, and 5 bp back from the clamp.
    expect(market.fundingRate('SOLUSDT', START_MS + 16 * HOUR_MS)).toBe(-0.0045);
  });

  it('settles at recorded rates, derives the missing ones, and has none without history', () => {
    expect(market.fundingRate('SOLUSDT', START_MS)).toBeUndefined();
    expect(market.fundingRate('SOLUSDT', START_MS + 8 * HOUR_MS)).toBe(0.0007);
    expect(market.fundingRate('SOLUSDT', START_MS + 24 * HOUR_MS)).toBe(-0.0035);
    expect(market.fundingRate('SOLUSDT', START_MS + 4 * HOUR_MS)).toBeUndefined();
    expect(market.notes.join('\n')).toContain(
      '1 funding settlements recorded (Bybit 1, Binance 0), 2 derived',
    );
  });

  it('aligns USD prices to the hour, last at or before, and joins the hours by lines', () => {
    expect(market.usdIndex('USDT', START_MS + HOUR_MS)).toBe(1);
    expect(market.usdIndex('USDT', START_MS + 1.5 * HOUR_MS)).toBeCloseTo(0.99, 12);
    expect(market.usdIndex('USDT', START_MS + 2 * HOUR_MS)).toBe(0.98);
    expect(market.usdIndex('SOL', START_MS + 2 * HOUR_MS)).toBeCloseTo(98, 10);
  });

  it('builds a missing hour of a stablecoin pair from the USD prices', () => {
    const [built] = market.candles(
      'spot',
      'USDCUSDT',
      'last',
      START_MS + HOUR_MS,
      START_MS + 2 * HOUR_MS,
    );
    expect(built).toMatchObject({ open: 0.99, close: 1.010204, low: 0.99, high: 1.010204 });
    expect(market.usdIndex('USDC', START_MS + HOUR_MS)).toBeCloseTo(0.99, 12);
    expect(market.notes.join('\n')).toContain('USDCUSDT: 1 of 24 hours');
  });

  it('pays the assumed yield, offers no other product, and puts the caller notes first', () => {
    expect(market.earnProducts.map((product) => product.coin)).toEqual(['USDC']);
    expect(market.earnAprAt(market.earnProducts[0]?.productId ?? '', START_MS)).toBe(0.03);
    expect(market.notes[0]).toBe('made up');
    expect(market.notes.join('\n')).toContain('USDC: a yield of 0.03 a year is assumed');
  });

  it('is silent outside its span', () => {
    for (const atMs of [START_MS - 1, series.toMs]) {
      expect(market.quote('linear', 'SOLUSDT', atMs)).toBeUndefined();
      expect(market.usdIndex('USDT', atMs)).toBeUndefined();
    }
  });

  it('uses the perpetual as the index where no spot was recorded, and offers no spot', () => {
    const symbols = [{ ...sol, spot: [] }];
    const bare = createRecordedMarket({ series: { ...series, symbols }, assumedEarnApr: {} });
    expect(bare.quote('linear', 'SOLUSDT', START_MS)?.index).toBe(99.6);
    expect(bare.quote('spot', 'SOLUSDT', START_MS)).toBeUndefined();
    expect(bare.notes.join('\n')).toContain('SOLUSDT: no spot recorded');
  });

  it('refuses what it cannot value', () => {
    const stables = series.stables.slice(1);
    expect(() =>
      createRecordedMarket({ series: { ...series, stables }, assumedEarnApr: {} }),
    ).toThrow(/USDT/);
    expect(() => createRecordedMarket({ series, assumedEarnApr: { DAI: 0.1 } })).toThrow(/was DAI/);
    const symbols = [{ ...sol, symbol: 'FTTUSDT', baseCoin: 'FTT' }];
    expect(() =>
      createRecordedMarket({ series: { ...series, symbols }, assumedEarnApr: {} }),
    ).toThrow(/FTTUSDT/);
  });
});
