/** Both classes of ccxt for Binance on a fresh simulator for each test of a file, on a virtual clock. */
import type { binance as Binance, binanceusdm as BinanceUsdm, Order } from 'ccxt';
import { afterEach, beforeEach } from 'vitest';
import { binanceDialect } from '../../../src/simulator/binance/dialect.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/http/server.ts';
import { connect } from '../client.ts';
import { pathMarket, startMs } from '../core/pathMarket.ts';

export const btc = 'BTC/USDT:USDT';
export const pair = 'BTC/USDT';

/** An order whose id is there. */
const withId = (order: Order) => ({ ...order, id: String(order.id) });

/** Call it once, outside of any test; what it gives is there while a test runs. */
export function clientsForEach() {
  let simulator: Simulator;
  let futures: BinanceUsdm;
  let spot: Binance;

  beforeEach(async () => {
    simulator = await startSimulator({
      dialect: binanceDialect,
      market: pathMarket({ redemptionMs: 1000 }),
      clock: { kind: 'virtual', nowMs: startMs },
      balances: { USDT: '10000', 'spot:USDT': '5000', 'spot:BTC': '1', 'spot:USDC': '3000' },
    });
    futures = await connect('binanceusdm', simulator);
    spot = await connect('binance', simulator, { options: { fetchMarkets: { types: ['spot'] } } });
    await Promise.all([futures.loadMarkets(), spot.loadMarkets()]);
  });
  afterEach(async () => {
    await simulator.close();
  });

  return {
    get simulator() {
      return simulator;
    },
    get futures() {
      return futures;
    },
    get spot() {
      return spot;
    },
    limit: async (clientOrderId: string, price: number, more: object = {}) =>
      withId(
        await futures.createOrder(btc, 'limit', 'buy', 0.02, price, { clientOrderId, ...more }),
      ),
  };
}
