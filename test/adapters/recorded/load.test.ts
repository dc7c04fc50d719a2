/**
 * Goal: the recorded fortnight of November 2022, with 90 days before it, comes out whole and true.
 * Method: the real recordings where they are (EQUIPOISE_DATA), skipped with a printed reason where they are not.
 */
import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { RecordedDataError } from '../../../src/adapters/recorded/error.ts';
import { loadRecordedSeries } from '../../../src/adapters/recorded/load.ts';
import type { Market } from '../../../src/simulator/market/market.ts';
import { createRecordedMarket } from '../../../src/simulator/market/recorded.ts';

const folder = process.env['EQUIPOISE_DATA'] ?? '../shared/data';
const isThere = existsSync(folder);
if (!isThere) console.log(`skipped: no recorded data at ${folder}; set EQUIPOISE_DATA`);

const HOUR_MS = 3_600_000;
const symbols = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'];
const startMs = Date.UTC(2022, 10, 1);
const fromMs = startMs - 2160 * HOUR_MS;
const toMs = Date.UTC(2022, 10, 15);
const hours = (toMs - fromMs) / HOUR_MS;

describe.skipIf(!isThere)('the recorded fortnight from 2022-11-01', () => {
  let market: Market;
  beforeAll(async () => {
    const series = await loadRecordedSeries(folder, { symbols, fromMs, toMs });
    market = createRecordedMarket({ series, assumedEarnApr: { USDC: 0.03 } });
  });

  it('has no hole in any instrument or kind of price', () => {
    expect(market.instruments).toHaveLength(7);
    for (const { category, symbol } of market.instruments) {
      for (const kind of ['last', 'mark', 'index'] as const) {
        const candles = market.candles(category, symbol, kind, fromMs, toMs);
        expect(candles).toHaveLength(hours);
        expect(candles.every((candle, i) => candle.openMs === fromMs + i * HOUR_MS)).toBe(true);
      }
    }
    for (let atMs = fromMs; atMs < toMs; atMs += 7 * HOUR_MS) {
      for (const coin of market.coins) expect(market.usdIndex(coin, atMs)).toBeGreaterThan(0);
    }
  });

  it("shows SOL's perpetual 24 % under spot on 2022-11-09 at 21:00", () => {
    const atMs = Date.UTC(2022, 10, 9, 20);
    const [last] = market.candles('linear', 'SOLUSDT', 'last', atMs, atMs + HOUR_MS);
    const [index] = market.candles('linear', 'SOLUSDT', 'index', atMs, atMs + HOUR_MS);
    expect((last?.close ?? 0) / (index?.close ?? 1) - 1).toBeCloseTo(-0.2391, 4);
  });

  it('has a rate at every settlement but the first of SOL, which is derived within its cap and noted', () => {
    for (let stampMs = fromMs + 8 * HOUR_MS; stampMs <= toMs; stampMs += 8 * HOUR_MS) {
      for (const symbol of symbols) {
        expect(Math.abs(market.fundingRate(symbol, stampMs) ?? Number.NaN)).toBeLessThanOrEqual(
          0.02,
        );
      }
    }
    expect(market.fundingRate('SOLUSDT', Date.UTC(2022, 10, 10))).toBe(-0.02);
    expect(market.notes.some((note) => /^BTCUSDT: 313 funding.*, 0 derived/.test(note))).toBe(true);
    expect(market.notes.some((note) => /^SOLUSDT: 0 funding.* derived/.test(note))).toBe(true);
  });

  it('keeps the mark of BTC and ETH near their index even then', () => {
    for (let atMs = startMs; atMs < toMs; atMs += HOUR_MS) {
      for (const symbol of ['BTCUSDT', 'ETHUSDT']) {
        const quote = market.quote('linear', symbol, atMs);
        expect(Math.abs((quote?.mark ?? 0) / (quote?.index ?? 1) - 1)).toBeLessThan(0.02);
      }
    }
  });

  it('builds USDC / USDT from the pegs, because the pair was not listed, and says so', () => {
    const quote = market.quote('spot', 'USDCUSDT', startMs);
    const ratio = (market.usdIndex('USDC', startMs) ?? 0) / (market.usdIndex('USDT', startMs) ?? 1);
    expect(Math.abs((quote?.index ?? 0) - ratio)).toBeLessThan(1e-6);
    expect(market.notes.some((note) => note.startsWith('USDCUSDT:'))).toBe(true);
  });
});

describe.skipIf(!isThere)('loading refuses', () => {
  const faultOf = async (options: Parameters<typeof loadRecordedSeries>[1], where = folder) => {
    const fault = await loadRecordedSeries(where, options).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(RecordedDataError);
    return (fault as RecordedDataError).message;
  };

  it('a symbol that was not recorded, naming those that were', async () => {
    const message = await faultOf({ symbols: ['FOOUSDT'], fromMs, toMs });
    expect(message).toMatch(/FOOUSDT.*choose of .*BTCUSDT/);
  });

  it('a span that was not recorded, naming the one that was', async () => {
    const late = { symbols: ['BTCUSDT'], fromMs, toMs: Date.UTC(2025, 7, 1) };
    expect(await faultOf(late)).toContain('to 2025-07-01T00');
    const early = {
      symbols: ['BTCUSDT'],
      fromMs: Date.UTC(2020, 0, 1),
      toMs: Date.UTC(2020, 1, 1),
    };
    expect(await faultOf(early)).toContain('no price of USDT');
  });

  it('a folder that is not there', async () => {
    expect(await faultOf({ symbols, fromMs, toMs }, './nowhere')).toContain('EQUIPOISE_DATA');
  });
});
