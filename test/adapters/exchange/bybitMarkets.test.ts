/**
 * Goal: the ports say of instruments and prices what the venue says, and refuse what it lacks.
 * Method: the unmodified ccxt class over HTTP against the simulated exchange.
 */
import { describe, expect, it } from 'vitest';
import { startMs } from './bybitSimulator.ts';
import { rigForFile } from './rigForFile.ts';

const hourMs = 3_600_000;
const given = rigForFile();

describe('instruments', () => {
  it('carry lots, fees, tiers and the funding interval of a perpetual', () => {
    expect(given.btc).toMatchObject({
      id: 'alpha|BTC/USDT:USDT',
      kind: 'perpetual',
      baseCoin: 'BTC',
      quoteCoin: 'USDT',
      quantityStepBase: '0.001',
      quantityMinBase: '0.001',
      priceTick: '0.1',
      notionalMinQuote: 5,
      takerFeeRate: 0.00055,
      makerFeeRate: 0.0002,
      fundingIntervalMs: 8 * hourMs,
      redemptionMs: 0,
    });
    expect(given.btc.tiers[0]).toEqual({
      floorUsd: 0,
      capUsd: 2_000_000,
      maintenanceMarginRate: 0.005,
      deductionUsd: 0,
      leverageMax: 100,
    });
  });

  it('have no tiers on spot, and one coin for one in earn', () => {
    expect(given.ethSpot).toMatchObject({
      kind: 'spot',
      quoteCoin: 'USDT',
      tiers: [],
      fundingIntervalMs: 0,
    });
    expect(given.usdcEarn).toMatchObject({
      kind: 'earn',
      baseCoin: 'USDC',
      quoteCoin: 'USDC',
      priceTick: '1',
    });
    expect(given.usdcEarn.redemptionMs).toBeGreaterThan(0);
  });

  it('that are unknown are refused by name, with near ones as a remedy', async () => {
    const { reader } = given.rig.venue;
    await expect(reader.instruments(['BTCC/USDT:USDT'])).rejects.toMatchObject({
      message: 'alpha (bybit) has no market BTCC/USDT:USDT',
      remedy: expect.stringContaining('BTC/USDT:USDT'),
      retryable: false,
    });
    await expect(reader.instruments(['earn:XYZ'])).rejects.toMatchObject({ retryable: false });
  });
});

describe('prices', () => {
  it('have a bid below an ask, a mark and the depth of the thinner side', async () => {
    const quote = await given.rig.venue.reader.quote(given.btc);
    expect(quote.bid).toBeLessThan(quote.ask);
    expect(Math.abs(quote.mark / quote.bid - 1)).toBeLessThan(0.01);
    expect(quote.index).toBeGreaterThan(0);
    expect(quote.depthQuote).toBeGreaterThan(100_000);
    const spot = await given.rig.venue.reader.quote(given.ethSpot);
    expect(spot.mark).toBeCloseTo((spot.bid + spot.ask) / 2, 10);
    expect(spot.index).toBeNull();
  });

  it('of the past are whole bars, and funding at its stamps', async () => {
    const { reader } = given.rig.venue;
    const bars = await reader.bars(given.btc, 'mark', startMs - 5 * hourMs + 1, hourMs);
    expect(bars.map(({ openMs }) => openMs)).toEqual(
      [4, 3, 2, 1].map((hours) => startMs - hours * hourMs),
    );
    const stamps = await reader.fundingHistory(given.btc, startMs - 24 * hourMs);
    expect(stamps.map(({ atMs }) => (atMs - startMs) / hourMs)).toEqual([-21, -13, -5]);
    const funding = await reader.funding(given.btc);
    expect(funding).toMatchObject({ intervalMs: 8 * hourMs, nextMs: startMs + 3 * hourMs });
  });

  it('of a bar that the venue lacks are refused', async () => {
    await expect(
      given.rig.venue.reader.bars(given.btc, 'last', startMs, 7_000),
    ).rejects.toMatchObject({
      retryable: false,
    });
  });
});
