/** The unmodified bybit class of ccxt on one simulator for all tests of a file, on a virtual clock and a generated market. */
import type { bybit as Bybit } from 'ccxt';
import { afterAll, beforeAll } from 'vitest';
import { bybitDialect } from '../../../src/simulator/bybit/dialect.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/http/server.ts';
import { createGeneratedMarket } from '../../../src/simulator/market/generated.ts';
import { connect } from '../client.ts';

export const hourMs = 3_600_000;
export const startMs = Date.UTC(2025, 2, 1);
export const btc = 'BTC/USDT:USDT';
export const eth = 'ETH/USDT:USDT';
export const market = createGeneratedMarket({ seed: 7 });

/** Call it once, outside of any test; what it gives is there while tests run. */
export function exchangeForFile() {
  let simulator: Simulator;
  let exchange: Bybit;
  beforeAll(async () => {
    simulator = await startSimulator({
      dialect: bybitDialect,
      market,
      clock: { kind: 'virtual', nowMs: startMs },
      balances: { USDT: '100000', USDC: '50000' },
    });
    exchange = await connect('bybit', simulator);
    await exchange.loadMarkets();
  });
  afterAll(async () => {
    await simulator.close();
  });
  return {
    get simulator() {
      return simulator;
    },
    get exchange() {
      return exchange;
    },
  };
}
