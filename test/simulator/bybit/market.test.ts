/**
 * Goal: what befalls a market reaches clients of the unmodified ccxt class through the calls by which they would see it.
 * Method: two exchanges over one market on one virtual clock; a fault at one of them, the other as the measure.
 */
import type { bybit as Bybit } from 'ccxt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bybitDialect } from '../../../src/simulator/bybit/dialect.ts';
import type { Simulator } from '../../../src/simulator/http/server.ts';
import { type SimulatedVenues, startVenues } from '../../../src/simulator/http/venues.ts';
import { withFutures } from '../../../src/simulator/market/futures.ts';
import { createGeneratedMarket } from '../../../src/simulator/market/generated.ts';
import { connect } from '../client.ts';

const hourMs = 3_600_000;
const btc = 'BTC/USDT:USDT';
const market = withFutures(createGeneratedMarket({ seed: 11, assets: ['BTC', 'ETH'] }), ['BTC']);
const startMs = market.startMs + 20 * 24 * hourMs + hourMs;

let venues: SimulatedVenues;
let alpha: Simulator;
let beta: Simulator;
let exchange: Bybit;
let other: Bybit;

beforeEach(async () => {
  venues = await startVenues({
    market,
    clock: { kind: 'virtual', nowMs: startMs },
    venues: {
      alpha: { dialect: bybitDialect, balances: { USDT: '100000' } },
      beta: { dialect: bybitDialect, balances: { USDT: '5000' } },
    },
  });
  [alpha, beta] = ['alpha', 'beta'].map((name) => venues.byName.get(name)) as [
    Simulator,
    Simulator,
  ];
  const options = { options: { fetchMarkets: { types: ['spot', 'linear', 'option'] } } };
  [exchange, other] = await Promise.all([
    connect('bybit', alpha, options),
    connect('bybit', beta, options),
  ]);
  await exchange.loadMarkets();
});
afterEach(async () => {
  await venues.close();
});

type Rows = { result: { list: Record<string, string>[] } };
const call = async (path: string, parameters: object) =>
  ((await exchange.request(path, 'public', 'GET', parameters)) as Rows).result.list;

describe('two venues over one market', () => {
  it('have one price, accounts of their own, and one time', async () => {
    const [here, there] = await Promise.all([exchange.fetchTicker(btc), other.fetchTicker(btc)]);
    expect(here.last).toBe(there.last);
    await exchange.createOrder(btc, 'market', 'buy', 0.01);
    expect(await other.fetchPositions([btc])).toMatchObject([{ contracts: 0 }]);
    venues.advanceTo(startMs + hourMs);
    expect([alpha.nowMs(), beta.nowMs()]).toEqual([startMs + hourMs, startMs + hourMs]);
  });

  it('drift apart where one is dislocated, in trades and marks, not in the index', async () => {
    alpha.inject({ kind: 'dislocation', coins: ['BTC'], move: -0.05, durationMs: hourMs });
    const [here, there] = await Promise.all([exchange.fetchTicker(btc), other.fetchTicker(btc)]);
    expect((here.last ?? 0) / (there.last ?? 1)).toBeCloseTo(0.95, 4);
    expect((here.markPrice ?? 0) / (there.markPrice ?? 1)).toBeCloseTo(0.95, 4);
    expect(here.indexPrice).toBe(there.indexPrice);
    venues.advanceTo(startMs + hourMs);
    expect((await exchange.fetchTicker(btc)).last).toBe((await other.fetchTicker(btc)).last);
  });
});

describe('a fault with a time', () => {
  it('comes at its time, in the middle of a long step too', async () => {
    await exchange.createOrder(btc, 'market', 'buy', 0.1);
    const rate = 0.00375;
    alpha.inject([
      { kind: 'fundingSpike', symbol: 'BTCUSDT', rate: 'cap', count: 2, afterMs: hourMs },
      { kind: 'autoDeleveraging', side: 'long', share: 0.5, afterMs: 12 * hourMs },
    ]);
    venues.advanceTo(startMs + 40 * hourMs);
    const funding = alpha.journal().filter((entry) => entry.kind === 'funding');
    expect(funding.map((entry) => Number(entry.feeRate) === rate)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(funding.map((entry) => entry.quantity)).toEqual(['0.1', '0.05', '0.05', '0.05', '0.05']);
    const told = await exchange.fetchFundingRateHistory(btc, startMs, 10);
    expect(told.map((row) => row.fundingRate === rate)).toEqual([true, true, false, false, false]);
  });

  it('that cannot be is refused, and so are too many', () => {
    const spike = { kind: 'fundingSpike', symbol: 'BTCUSDT-28MAR25', rate: 'cap' } as const;
    expect(() => alpha.inject(spike)).toThrow(/perpetual/);
    const move = { kind: 'priceShock', coin: 'BTC', move: 0.01 } as const;
    expect(() => alpha.inject(Array.from({ length: 201 }, () => move))).toThrow(/at most 200/);
  });
});

describe('what clients read', () => {
  it('bars hold the crash that the tickers showed', async () => {
    alpha.inject({ kind: 'priceShock', coin: 'BTC', move: -0.3, overMs: hourMs });
    const first = startMs - (startMs % hourMs);
    venues.advanceTo(first + 3 * hourMs);
    const bars = await exchange.fetchOHLCV(btc, '1h', first, 3);
    const calm = await other.fetchOHLCV(btc, '1h', first, 3);
    expect((bars[0]?.[1] ?? 0) / (calm[0]?.[1] ?? 1)).toBeCloseTo(1, 6);
    expect((bars[2]?.[4] ?? 0) / (calm[2]?.[4] ?? 1)).toBeCloseTo(0.7, 4);
  });

  it('withdrawals close by chain and by coin, and fees rise', async () => {
    alpha.inject([
      { kind: 'withdrawalHalt', coins: ['USDT'], chains: ['ETH'], deposits: true },
      { kind: 'withdrawalHalt', coins: ['USDC'], durationMs: hourMs },
      { kind: 'withdrawalFee', coin: 'USDT', fee: 3 },
    ]);
    const found = await exchange.fetchCurrencies();
    const networks = found['USDT']?.networks ?? {};
    expect(networks['ERC20']).toMatchObject({ withdraw: false, deposit: false, fee: 3 });
    expect(networks['TRC20']).toMatchObject({ withdraw: true, deposit: true });
    expect(found['USDC']).toMatchObject({ withdraw: false, deposit: true });
    venues.advanceTo(startMs + hourMs);
    expect((await exchange.fetchCurrencies())['USDC']).toMatchObject({ withdraw: true });
    alpha.inject({ kind: 'calm' });
    expect((await exchange.fetchCurrencies())['USDT']).toMatchObject({ withdraw: true });
  });

  it('tiers changed overnight hold in the list, in the margin and at the gate', async () => {
    await exchange.createOrder(btc, 'market', 'buy', 1);
    const maintenance = async () => {
      const rows = await exchange.fetchPositions([btc]);
      return Number(rows[0]?.info?.['positionMM']);
    };
    const before = await maintenance();
    alpha.inject({ kind: 'tiersChanged', symbol: 'BTCUSDT', rateRatio: 4, capRatio: 0.5 });
    expect(await maintenance()).toBeCloseTo(4 * before, 4);
    const tiers = await exchange.fetchMarketLeverageTiers(btc);
    expect(tiers[0]).toMatchObject({
      maxNotional: 1_000_000,
      // in percent, as the venue writes it
      maintenanceMarginRate: 2,
      maxLeverage: 25,
    });
    const halves = { floorUsd: 0, capUsd: null, maintenanceMarginRate: 0.5, leverageMax: 1 };
    alpha.inject({ kind: 'tiersChanged', symbol: 'BTCUSDT', tiers: [halves] });
    await expect(exchange.createOrder(btc, 'market', 'buy', 0.01)).rejects.toThrow(/leverage/);
    alpha.inject({ kind: 'calm' });
    expect(await maintenance()).toBeCloseTo(before, 4);
  });

  it('the insurance pool is drawn over time, and the alert says when deleveraging begins', async () => {
    const pool = async () =>
      Number((await call('v5/market/insurance', { coin: 'USDT' }))[0]?.['balance']);
    const full = await pool();
    alpha.inject({ kind: 'insuranceDraw', share: 0.4, overMs: 4 * hourMs });
    venues.advanceTo(startMs + 2 * hourMs);
    expect(await pool()).toBeCloseTo(0.8 * full, 0);
    venues.advanceTo(startMs + 4 * hourMs);
    const [alert] = await call('v5/market/adlAlert', { symbol: 'BTCUSDT' });
    expect(Number(alert?.['insurancePnlRatio'])).toBeCloseTo(-0.4, 4);
  });

  it('dated futures, options, open interest and the share of longs parse', async () => {
    const future = 'BTC/USDT:USDT-250328';
    expect(exchange.market(future)).toMatchObject({ type: 'future', linear: true, active: true });
    const ticker = await exchange.fetchTicker(future);
    const info = ticker.info as { basisRateYear: string; deliveryTime: string };
    expect(Number(info.basisRateYear)).toBeGreaterThan(-0.2);
    expect(Number(info.deliveryTime)).toBe(Date.UTC(2025, 2, 28, 8));
    const chain = await exchange.fetchOptionChain('BTC');
    expect(Object.keys(chain).length).toBeGreaterThan(50);
    for (const option of Object.values(chain)) {
      expect(option.impliedVolatility).toBeGreaterThan(0.1);
      expect(exchange.market(option.symbol)).toMatchObject({ type: 'option' });
    }
    const ratios = await exchange.fetchLongShortRatioHistory(btc, '1h', undefined, 10);
    expect(ratios).toHaveLength(10);
    expect(ratios[0]?.longShortRatio).toBeGreaterThan(0);
    const interest = await exchange.fetchOpenInterestHistory(btc, '1h', undefined, 5);
    expect(interest).toHaveLength(5);
    expect(interest[0]?.openInterestAmount).toBeGreaterThan(0);
  });
});
