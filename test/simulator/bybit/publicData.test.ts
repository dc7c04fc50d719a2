/**
 * Goal: the unmodified bybit class of ccxt reads prices, candles, funding and limits on the simulator as it does on the venue.
 * Method: the real class over HTTP on a virtual clock and a generated market.
 */
import { describe, expect, it } from 'vitest';
import { connect } from '../client.ts';
import { btc, eth, exchangeForFile, hourMs, market, startMs } from './exchangeGiven.ts';

const given = exchangeForFile();

describe('public data', () => {
  it('lists instruments with their steps, limits and funding interval', () => {
    expect(given.exchange.market(btc)).toMatchObject({
      linear: true,
      contractSize: 1,
      precision: { amount: 0.001, price: 0.1 },
      limits: { cost: { min: 5 }, leverage: { max: 100 } },
      info: { fundingInterval: 480 },
    });
    expect(given.exchange.market('ETH/USDT')).toMatchObject({
      spot: true,
      precision: { price: 0.01 },
    });
    expect(given.exchange.market('USDC/USDT').spot).toBe(true);
  });

  it('tells its own time, status, and whether coins can be withdrawn', async () => {
    expect(await given.exchange.fetchTime()).toBe(startMs);
    expect(await given.exchange.fetchStatus()).toMatchObject({ status: 'ok' });
    const currencies = await given.exchange.fetchCurrencies();
    expect(currencies['USDC']).toMatchObject({ withdraw: true, deposit: true });
  });

  it('quotes marks, indices and funding on perpetuals, USD indices on spot', async () => {
    const ticker = await given.exchange.fetchTicker(btc);
    const quote = market.quote('linear', 'BTCUSDT', startMs);
    expect(ticker.last).toBe(quote?.last);
    expect(ticker.markPrice).toBeCloseTo(quote?.mark ?? 0, 0);
    expect(ticker.info).toMatchObject({ nextFundingTime: String(startMs + 8 * hourMs) });
    const spot = await given.exchange.fetchTicker('USDC/USDT');
    expect(Number((spot.info as { usdIndexPrice: string }).usdIndexPrice)).toBeCloseTo(1, 1);
    const rates = await given.exchange.fetchFundingRates([btc]);
    expect(rates[btc]).toMatchObject({ interval: '8h', fundingTimestamp: startMs + 8 * hourMs });
  });

  it('shows a book around its touch, falling bids and rising asks', async () => {
    const book = await given.exchange.fetchOrderBook(btc, 20);
    expect(book.bids).toHaveLength(20);
    const prices = [...book.bids.map(([p]) => p ?? 0).reverse(), ...book.asks.map(([p]) => p ?? 0)];
    expect(prices).toEqual([...prices].sort((a, b) => a - b));
    const ticker = await given.exchange.fetchTicker(btc);
    expect([book.bids[0]?.[0], book.asks[0]?.[0]]).toEqual([ticker.bid, ticker.ask]);
  });

  it('pages candles from a start, oldest first, the last one still running', async () => {
    const since = startMs - 30 * hourMs;
    const first = await given.exchange.fetchOHLCV(btc, '1h', since, 20);
    const rest = await given.exchange.fetchOHLCV(btc, '1h', since + 20 * hourMs, 20);
    const opens = [...first, ...rest].map(([at]) => at);
    expect(opens).toEqual(Array.from({ length: 31 }, (_, i) => since + i * hourMs));
    const recorded = market.candles('linear', 'BTCUSDT', 'last', since, startMs);
    expect(first[0]?.slice(1, 5)).toEqual([
      recorded[0]?.open,
      recorded[0]?.high,
      recorded[0]?.low,
      recorded[0]?.close,
    ]);
    expect(rest.at(-1)?.[5]).toBe(0);
    expect(await given.exchange.fetchMarkOHLCV(btc, '1h', since, 5)).toHaveLength(5);
    expect(await given.exchange.fetchIndexOHLCV(eth, '1h', since, 5)).toHaveLength(5);
    const days = await given.exchange.fetchOHLCV(btc, '1d', startMs - 48 * hourMs, 2);
    expect(days.map(([at]) => at)).toEqual([startMs - 48 * hourMs, startMs - 24 * hourMs]);
  });

  it('pages funding rates and never tells one of the future', async () => {
    const rates = await given.exchange.fetchFundingRateHistory(btc, startMs - 39 * hourMs, 200);
    expect(rates.map((rate) => rate.timestamp)).toEqual(
      [4, 3, 2, 1, 0].map((n) => startMs - n * 8 * hourMs),
    );
    expect(rates[0]?.fundingRate).toBe(market.fundingRate('BTCUSDT', startMs - 32 * hourMs));
  });

  it('writes risk limits in percent, as the venue does', async () => {
    const [first] = await given.exchange.fetchMarketLeverageTiers(btc);
    expect(first).toMatchObject({ maintenanceMarginRate: 0.5, maxLeverage: 100 });
  });
});

describe('the whole class', () => {
  it('loads with its default options and answers fees, tiers, insurance and orders', async () => {
    const whole = await connect('bybit', given.simulator, { options: { defaultType: 'swap' } });
    await whole.loadMarkets();
    expect(await whole.fetchTradingFee(btc)).toMatchObject({ taker: 0.00055 });
    expect(Object.keys(await whole.fetchTradingFees())).toContain(btc);
    expect(await whole.fetchLeverageTiers([btc])).toHaveProperty([btc]);
    const pools = (await whole.request('v5/market/insurance', 'public', 'GET', {})) as {
      result: { list: unknown[] };
    };
    expect(pools.result.list.length).toBeGreaterThan(0);
    expect(await whole.fetchPositionsADLRank([btc])).toHaveLength(1);
  });
});
