/**
 * What an order passes on its way, as the daemon composes it: the embedded PostgreSQL, ccxt behind its dispatcher, and the
 * simulated exchange as a process of its own on loopback; beside it the same ccxt class with nothing round it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type CcxtClient, createCcxtClient } from '../../src/adapters/exchange/ccxtClient.ts';
import { createSystemClock } from '../../src/adapters/system/clock.ts';
import { composeDatabase, composeStores, composeVenues } from '../../src/compose.ts';
import { parseConfig } from '../../src/config/load.ts';
import { policyOf } from '../../src/config/policy.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { increasesCursor } from '../../src/rebalance/fence.ts';
import type { Ports } from '../../src/rebalance/ports.ts';

const coins = ['BTC', 'ETH', 'SOL', 'XRP', 'DOGE'];
export const symbols = coins.map((coin) => `${coin}/USDT:USDT`);

export type TradingRig = {
  readonly policy: Policy;
  readonly ports: Ports;
  /** The class as ccxt ships it, its hosts on the simulator. */
  readonly raw: CcxtClient;
  close(): Promise<void>;
};

export async function openTradingRig(): Promise<TradingRig> {
  const folder = await mkdtemp(join(tmpdir(), 'equipoise-bench-'));
  const simulator = await startSimulator();
  const undo: (() => Promise<void>)[] = [
    () => rm(folder, { recursive: true, force: true }),
    () => simulator.stop(),
  ];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const loaded = parseConfig(configText(folder, simulator.origin), {});
    if (loaded.kind === 'invalid') throw new Error(JSON.stringify(loaded.faults));
    const { config } = loaded;
    const policy = policyOf(config);
    const clock = createSystemClock();
    const database = await composeDatabase(config);
    undo.push(() => database.stop());
    const { venues } = await composeVenues(config, {}, clock);
    for (const venue of venues.values()) undo.push(() => venue.destroy());
    const ports = { clock, venues, ...composeStores(database, policy), reporter: silent };
    // The margin watch, which lets increases through while all is calm, does not run here.
    await ports.state.setCursor(increasesCursor(policy.portfolio), Number.MAX_SAFE_INTEGER);
    return { policy, ports, raw: await openRaw(simulator.origin), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startSimulator(): Promise<{ readonly origin: string; stop(): Promise<void> }> {
  const cli = resolve(import.meta.dirname, '../../src/cli.ts');
  const options = ['--port', '0', '--balance', 'USDT=10000000'];
  const child = spawn(process.execPath, ['--import', 'tsx', cli, 'simulator', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const [line] = (await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    ended.then(() => Promise.reject(new Error('the simulator did not start'))),
  ])) as [string];
  const { origin } = JSON.parse(line) as { readonly origin: string };
  return {
    origin,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function openRaw(origin: string): Promise<CcxtClient> {
  const client = await createCcxtClient('bybit', {
    apiKey: 'simulated',
    secret: 'simulated-secret',
    enableRateLimit: false,
    has: { fetchCurrencies: false },
  });
  const hosts = client.urls['api'] as Record<string, string>;
  for (const kind of Object.keys(hosts)) hosts[kind] = origin;
  await client.loadMarkets(true);
  return client;
}

const configText = (folder: string, origin: string): string =>
  JSON.stringify({
    portfolio: 'bench',
    dataDir: folder,
    venues: { alpha: { exchange: 'bybit', environment: 'simulated', endpoint: origin } },
    legs: coins.map((coin) => ({
      id: coin.toLowerCase(),
      kind: 'perpetual',
      venue: 'alpha',
      symbol: `${coin}/USDT:USDT`,
    })),
    risk: { lookbackBars: 48, historyBarsMin: 24 },
    sizing: { targetVolatilityAnnual: 0.15, grossLeverageMax: 3 },
    rebalance: { every: 60_000 },
    execution: { style: 'ioc' },
    limits: { ordersPerMinuteMax: 10_000, repeatsMax: 1_000 },
  });

const nothing = (): void => undefined;
const silent: Ports['reporter'] = {
  event: nothing,
  warn: (event) => process.stderr.write(`${JSON.stringify(event)}\n`),
  orderAcked: nothing,
  orderEnded: nothing,
  orderDenied: nothing,
  slippage: nothing,
  rebalanceEnded: nothing,
};
