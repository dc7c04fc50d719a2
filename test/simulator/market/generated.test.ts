/**
 * Goal: the seeded market is one pure function of (seed, time) and its prices agree with one another.
 * Method: the same question in other orders, from other instances; bounds and identities over weeks of hours.
 */
import { describe, expect, it } from 'vitest';
import { createGeneratedMarket } from '../../../src/simulator/market/generated.ts';
import { HOUR_MS } from '../../../src/simulator/market/hour.ts';

const DAY_MS = 24 * HOUR_MS;
const market = createGeneratedMarket({ seed: 42 });
const fromMs = Date.UTC(2026, 2, 1);
const toMs = fromMs + 30 * DAY_MS;
const noonMs = Date.UTC(2026, 5, 1, 12, 34, 56);

describe('the generated market', () => {
  it('gives the same prices whoever asks, in whatever order and set of assets, and others for another seed', () => {
    const later = createGeneratedMarket({ seed: 42, assets: ['SOL', 'LTC', 'BTC'] });
    later.quote('linear', 'LTCUSDT', Date.UTC(2028, 0, 1));
    for (const category of ['linear', 'spot'] as const) {
      expect(later.quote(category, 'BTCUSDT', noonMs)).toEqual(
        market.quote(category, 'BTCUSDT', noonMs),
      );
      expect(later.candles(category, 'SOLUSDT', 'last', fromMs, toMs)).toEqual(
        market.candles(category, 'SOLUSDT', 'last', fromMs, toMs),
      );
    }
    expect(later.fundingRate('BTCUSDT', fromMs)).toBe(market.fundingRate('BTCUSDT', fromMs));
    const other = createGeneratedMarket({ seed: 43 });
    expect(other.quote('linear', 'BTCUSDT', noonMs)).not.toEqual(
      market.quote('linear', 'BTCUSDT', noonMs),
    );
  });

  it('has whole candles on ticks, in order, each opening where the last closed', () => {
    for (const { category, symbol, tickSize } of market.instruments) {
      const candles = market.candles(category, symbol, 'last', fromMs, toMs);
      expect(candles.length).toBe(30 * 24);
      for (const [i, candle] of candles.entries()) {
        expect(candle.openMs).toBe(fromMs + i * HOUR_MS);
        expect(candle.low).toBeLessThanOrEqual(Math.min(candle.open, candle.close));
        expect(candle.high).toBeGreaterThanOrEqual(Math.max(candle.open, candle.close));
        expect(candle.low).toBeGreaterThan(0);
        expect(candle.volumeBase).toBeGreaterThan(0);
        const ticks = candle.close / Number(tickSize);
        expect(Math.abs(ticks - Math.round(ticks))).toBeLessThan(1e-5);
        if (i > 0) expect(candle.open).toBe(candles[i - 1]?.close);
      }
    }
  });

  it('never shows the hour that has not ended', () => {
    const [open, middle] = [fromMs + HOUR_MS, fromMs + 1.5 * HOUR_MS];
    expect(market.candles('spot', 'ETHUSDT', 'last', fromMs, middle)).toHaveLength(1);
    expect(market.candles('spot', 'ETHUSDT', 'last', fromMs + 1, open)).toHaveLength(0);
    expect(market.candles('spot', 'ETHUSDT', 'last', toMs, fromMs)).toHaveLength(0);
    expect(market.candles('spot', 'NONEUSDT', 'last', fromMs, toMs)).toHaveLength(0);
  });

  it('quotes move within the hour, stay within its candle and meet its open and close', () => {
    const [candle] = market.candles('linear', 'ETHUSDT', 'last', fromMs, fromMs + HOUR_MS);
    const prices = Array.from(
      { length: 3600 },
      (_, second) => market.quote('linear', 'ETHUSDT', fromMs + second * 1000)?.last ?? Number.NaN,
    );
    expect(prices[0]).toBe(candle?.open);
    expect(prices[3599]).toBe(candle?.close);
    expect(Math.max(...prices)).toBe(candle?.high);
    expect(Math.min(...prices)).toBe(candle?.low);
    expect(new Set(prices).size).toBeGreaterThan(300);
  });

  it('keeps mark and last near the index, by the premium', () => {
    for (let atMs = fromMs; atMs < toMs; atMs += 37 * 60_000) {
      const quote = market.quote('linear', 'SOLUSDT', atMs);
      expect(Math.abs((quote?.last ?? 0) / (quote?.index ?? 1) - 1)).toBeLessThan(0.006);
      expect(Math.abs((quote?.mark ?? 0) / (quote?.index ?? 1) - 1)).toBeLessThan(0.005);
      expect(quote?.index).toBe(market.quote('spot', 'SOLUSDT', atMs)?.index);
    }
  });

  it('settles funding every eight hours, within the cap, mostly at the interest rate, sometimes below zero', () => {
    for (const { symbol, fundingRateCap } of market.instruments.filter(
      (it) => it.category === 'linear',
    )) {
      const rates: number[] = [];
      for (let stamp = market.startMs + DAY_MS; stamp < toMs; stamp += 8 * HOUR_MS) {
        rates.push(market.fundingRate(symbol, stamp) ?? Number.NaN);
      }
      expect(Math.max(...rates.map(Math.abs))).toBeLessThanOrEqual(fundingRateCap);
      expect(rates.filter((rate) => rate === 0.0001).length / rates.length).toBeGreaterThan(0.5);
      expect(Math.min(...rates)).toBeLessThan(0);
      expect(Math.max(...rates)).toBeGreaterThan(0.0002);
    }
    expect(market.fundingRate('BTCUSDT', fromMs + HOUR_MS)).toBeUndefined();
    expect(market.fundingRate('BTCUSDT', market.startMs)).toBeUndefined();
    expect(market.fundingRate('USDCUSDT', fromMs)).toBeUndefined();
  });

  it('values every coin in USD: price in USDT times the price of USDT', () => {
    const usdt = market.usdIndex('USDT', noonMs) ?? Number.NaN;
    expect(Math.abs(usdt - 1)).toBeLessThan(0.05);
    expect(usdt).not.toBe(1);
    for (const coin of market.coins.filter((candidate) => candidate !== 'USDT')) {
      const index = market.quote('spot', `${coin}USDT`, noonMs)?.index ?? Number.NaN;
      const ratio = (market.usdIndex(coin, noonMs) ?? 0) / (index * usdt);
      expect(Math.abs(ratio - 1)).toBeLessThan(1e-5);
    }
  });

  it('pays yields near their median on both saving products', () => {
    for (const { productId } of market.earnProducts) {
      const apr = market.earnAprAt(productId, noonMs) ?? Number.NaN;
      expect(apr).toBeGreaterThan(0.01);
      expect(apr).toBeLessThan(0.15);
      expect(market.earnAprAt(productId, noonMs + 40 * DAY_MS)).not.toBe(apr);
    }
    expect(market.earnAprAt('unknown', noonMs)).toBeUndefined();
  });

  it('knows nothing before its epoch and names the assets that it has', () => {
    const beforeMs = market.startMs - 1;
    expect(market.quote('linear', 'BTCUSDT', beforeMs)).toBeUndefined();
    expect(market.usdIndex('BTC', beforeMs)).toBeUndefined();
    expect(market.candles('linear', 'BTCUSDT', 'last', 0, market.startMs)).toHaveLength(0);
    expect(() => createGeneratedMarket({ seed: 1, assets: ['LUNA'] })).toThrow(/BTC.*was LUNA/);
  });
});
