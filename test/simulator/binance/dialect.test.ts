/**
 * Goal: the unmodified binance and binanceusdm classes of ccxt find the venue's markets, keys, hosts and counts on the simulator.
 * Method: both classes on a virtual clock and a market computed by hand; refusals by the error that the class makes of them.
 */
import { describe, expect, it } from 'vitest';
import { connect } from '../client.ts';
import { hourMs, startMs } from '../core/pathMarket.ts';
import { btc, clientsForEach, pair } from './clientsGiven.ts';

const given = clientsForEach();
const { limit } = given;

describe('markets', () => {
  it('have lots, ticks, minima and brackets under the terms of the venue', async () => {
    expect(given.futures.market(btc)).toMatchObject({
      id: 'BTCUSDT',
      contractSize: 1,
      precision: { amount: 0.001, price: 0.1 },
      limits: { amount: { min: 0.001 }, cost: { min: 100 } },
    });
    expect(given.spot.market(pair)).toMatchObject({ precision: { amount: 0.00001, price: 0.01 } });
    const tiers = (await given.futures.fetchLeverageTiers([btc]))[btc];
    expect(tiers?.[2]).toMatchObject({ maxNotional: 3e6, maintenanceMarginRate: 0.0065 });
    // 50,000 * 0.001 + 600,000 * 0.0015.
    expect(tiers?.[2]?.info).toMatchObject({ cum: 950 });
  });

  it('show books, tickers, marks and funding, spot and contracts apart', async () => {
    expect((await given.futures.fetchOrderBook(btc, 5)).bids[0]?.[0]).toBe(9999);
    expect((await given.spot.fetchOrderBook(pair, 5)).asks[0]?.[0]).toBe(10_001);
    expect(await given.futures.fetchTicker(btc)).toMatchObject({ last: 10_000 });
    expect(await given.spot.fetchTicker(pair)).toMatchObject({ bid: 9999, ask: 10_001 });
    expect(await given.futures.fetchFundingRate(btc)).toMatchObject({
      markPrice: 10_000,
      fundingRate: 0.0001,
      fundingTimestamp: startMs + 8 * hourMs,
    });
    const rates = await given.futures.fetchFundingRateHistory(btc, undefined, 2);
    expect(rates.map((rate) => rate.timestamp)).toEqual([startMs - 8 * hourMs, startMs]);
    expect((await given.futures.fetchFundingIntervals([btc]))[btc]?.interval).toBe('8h');
    expect(await given.futures.fetchTime()).toBe(startMs);
  });
});

describe('the desk', () => {
  const cases = [
    ['a wrong key', { apiKey: 'other' }, '-2015'],
    ['a wrong secret', { secret: 'other' }, '-1022'],
    ['an old timestamp', { options: { timeDifference: 60_000 } }, '-1021'],
    ['a timestamp of the future', { options: { timeDifference: -60_000 } }, '-1021'],
  ] as const;
  for (const [name, overrides, code] of cases)
    it(`refuses ${name}`, async () => {
      const other = await connect('binanceusdm', given.simulator, {
        ...overrides,
        has: { fetchCurrencies: false },
      });
      await expect(other.fetchBalance()).rejects.toThrow(code);
    });

  it('counts weight and orders in its headers', async () => {
    await limit('a', 9900);
    const headers = given.futures.last_response_headers as Record<string, string>;
    expect(Number(headers['X-Mbx-Used-Weight-1m'])).toBeGreaterThan(0);
    expect(headers['X-Mbx-Order-Count-1m']).toBe('1');
  });

  it('serves a host its own paths only, and notes the hosts', async () => {
    const ask = (path: string, host: string) =>
      fetch(`${given.simulator.origin}${path}`, { headers: { 'x-original-host': host } });
    expect((await ask('/fapi/v1/ping', 'fapi.binance.com')).status).toBe(200);
    expect((await ask('/fapi/v1/ping', 'api.binance.com')).status).toBe(404);
    expect((await ask('/api/v3/ping', 'fapi.binance.com')).status).toBe(404);
    const state = await fetch(`${given.simulator.origin}/simulator/state`);
    expect(await state.json()).toMatchObject({
      dialect: 'binance',
      hosts: expect.arrayContaining(['fapi.binance.com', 'api.binance.com']),
    });
  });

  it('says what a key may do', async () => {
    given.simulator.inject({ kind: 'permissions', permissions: ['read', 'withdraw'] });
    expect(await given.spot.request('account/apiRestrictions', 'sapi', 'GET', {})).toMatchObject({
      enableReading: true,
      enableFutures: false,
      enableWithdrawals: true,
    });
    await expect(limit('a', 9900)).rejects.toThrow('-2015');
  });
});
