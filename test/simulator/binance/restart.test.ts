/**
 * Goal: a second start on the same folder goes on with both wallets, orders, ids and the countdown, and only as the same venue.
 * Method: start, trade, start again without closing, as after a kill.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { binanceDialect } from '../../../src/simulator/binance/dialect.ts';
import { bybitDialect } from '../../../src/simulator/bybit/dialect.ts';
import type { Dialect } from '../../../src/simulator/http/dialect.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/http/server.ts';
import { connect } from '../client.ts';
import { pathMarket, startMs } from '../core/pathMarket.ts';

const btc = 'BTC/USDT:USDT';

let folder: string;
const started: Simulator[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'equipoise-simulator-'));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((simulator) => simulator.close()));
  rmSync(folder, { recursive: true });
});

async function start(dialect: Dialect = binanceDialect): Promise<Simulator> {
  const simulator = await startSimulator({
    dialect,
    market: pathMarket(),
    clock: { kind: 'virtual', nowMs: startMs },
    balances: { USDT: '10000', 'spot:USDT': '5000' },
    stateDir: folder,
  });
  started.push(simulator);
  return simulator;
}

it('goes on where it was', async () => {
  const first = await start();
  const client = await connect('binanceusdm', first);
  await client.createOrder(btc, 'limit', 'buy', 0.02, 9900, { clientOrderId: 'a' });
  await client.transfer('USDT', 500, 'future', 'spot');
  await client.request('countdownCancelAll', 'fapiPrivate', 'POST', {
    symbol: 'BTCUSDT',
    countdownTime: 60_000,
  });
  const again = await start();
  expect(again.journal()).toEqual(first.journal());
  const other = await connect('binanceusdm', again);
  const spot = await connect('binance', again);
  expect((await other.fetchBalance())['USDT']?.total).toBe(9500);
  expect((await spot.fetchBalance())['USDT']?.total).toBe(5500);
  const next = await other.createOrder(btc, 'limit', 'buy', 0.02, 9800, { clientOrderId: 'b' });
  const before = await other.fetchOrderWithClientOrderId('a', btc);
  expect(Number(next.id)).toBeGreaterThan(Number(before.id));
  again.advanceTo(startMs + 60_000);
  expect(await other.fetchOpenOrders(btc)).toEqual([]);
});

it('is not another venue’s account', async () => {
  await start();
  await expect(start(bybitDialect)).rejects.toThrow('binance');
});
