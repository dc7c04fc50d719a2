/**
 * Goal: the ports say of instruments and prices what the venue says, and refuse what it lacks.
 * Method: the unmodified ccxt class over HTTP against the simulated exchange.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Instrument } from '../../../src/domain/instrument.ts';
import { type Rig, startMs, startRig } from './bybitSimulator.ts';

const hourMs = 3_600_000;
let rig: Rig;
let btc: Instrument;
let ethSpot: Instrument;
let usdcEarn: Instrument;

beforeAll(async () => {
  rig = await startRig();
  [btc, ethSpot, usdcEarn] = (await rig.venue.reader.instruments([
    'BTC/USDT:USDT',
    'ETH/USDT',
    'earn:USDC',
  ])) as [Instrument, Instrument, Instrument];
});
afterAll(() => rig.close());

describe('instruments', () => {
  it('carry lots, fees, tiers and the funding interval of a perpetual', () => {
    expect(btc).toMatchObject({
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
    expect(btc.tiers[0]).toEqual({
      floorUsd: 0,
      capUsd: 2_000_000,
      maintenanceMarginRate: 0.005,
      deductionUsd: 0,
      leverageMax: 100,
    });
  });

  it('have no tiers on spot, and one coin for one in earn', () => {
    expect(ethSpot).toMatchObject({
      kind: 'spot',
      quoteCoin: 'USDT',
      tiers: [],
      fundingIntervalMs: 0,
    });
    expect(usdcEarn).toMatchObject({
      kind: 'earn',
      baseCoin: 'USDC',
      quoteCoin: 'USDC',
      priceTick: '1',
    });
    expect(usdcEarn.redemptionMs).toBeGreaterThan(0);
  });

  it('that are unknown are refused by name, with near ones as a remedy', async () => {
    const { reader } = rig.venue;
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
    const quote = await rig.venue.reader.quote(btc);
    expect(quote.bid).toBeLessThan(quote.ask);
    expect(Math.abs(quote.mark / quote.bid - 1)).toBeLessThan(0.01);
    expect(quote.index).toBeGreaterThan(0);
    expect(quote.depthQuote).toBeGreaterThan(100_000);
    const spot = await rig.venue.reader.quote(ethSpot);
    expect(spot.mark).toBeCloseTo((spot.bid + spot.ask) / 2, 10);
    expect(spot.index).toBeNull();
  });

  it('of the past are whole bars, and funding at its stamps', async () => {
    const { reader } = rig.venue;
    const bars = await reader.bars(btc, 'mark', startMs - 5 * hourMs + 1, hourMs);
    expect(bars.map(({ openMs }) => openMs)).toEqual(
      [4, 3, 2, 1].map((hours) => startMs - hours * hourMs),
    );
    const stamps = await reader.fundingHistory(btc, startMs - 24 * hourMs);
    expect(stamps.map(({ atMs }) => (atMs - startMs) / hourMs)).toEqual([-21, -13, -5]);
    const funding = await reader.funding(btc);
    expect(funding).toMatchObject({ intervalMs: 8 * hourMs, nextMs: startMs + 3 * hourMs });
  });

  it('of a bar that the venue lacks are refused', async () => {
    await expect(rig.venue.reader.bars(btc, 'last', startMs, 7_000)).rejects.toMatchObject({
      retryable: false,
    });
  });
});
