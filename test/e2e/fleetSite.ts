/**
 * A place where many processes serve many portfolios: one external PostgreSQL, one Redis, an exchange account for each
 * portfolio, and the program in any role, its log kept apart.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { openDatabase } from '../../src/adapters/database/openDatabase.ts';
import type { Role } from '../../src/daemon.ts';
import { bybitDialect } from '../../src/simulator/bybit/dialect.ts';
import { type Simulator, startSimulator } from '../../src/simulator/http/server.ts';
import { createGeneratedMarket } from '../../src/simulator/market/generated.ts';
import { startTestDatabase } from '../adapters/database/server.ts';
import { startTestRedis } from '../scheduler/redisServer.ts';
import { cli } from './daemonProcess.ts';
import { ended } from './daemonSite.ts';

export const patienceMs = 150_000;
const pollMs = 50;

export type Process = {
  readonly child: ChildProcess;
  log(): string;
  /** Of its page, once it says where it listens. */
  origin(): Promise<string>;
};

export type FleetSite = {
  readonly names: readonly string[];
  exchange(portfolio: string): Simulator;
  rows<T extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<T[]>;
  /** All portfolios as one fleet, or one by itself; that one's requests may be led elsewhere on their way. */
  start(role: Role, only?: { readonly portfolio: string; readonly endpoint?: string }): Process;
  close(): Promise<void>;
};

/** Every venue is called alpha and takes keys from the environment of those who need them: the workers. */
export async function openFleetSite(
  names: readonly string[],
  over: Readonly<Record<string, unknown>> = {},
): Promise<FleetSite> {
  const folder = mkdtempSync(join(tmpdir(), 'equipoise-fleet-'));
  const database = await startTestDatabase();
  await (await openDatabase({ url: database.url, dataDir: folder })).stop();
  const redis = await startTestRedis();
  const market = createGeneratedMarket({ seed: 7 });
  const exchanges = new Map<string, Simulator>();
  mkdirSync(join(folder, 'portfolios'));
  mkdirSync(join(folder, 'led'));
  for (const name of names) {
    const exchange = await startSimulator({
      dialect: bybitDialect,
      market,
      clock: { kind: 'real' },
      apiKey: `key-of-${name}`,
      apiSecret: `${name}-secret`,
    });
    exchanges.set(name, exchange);
    const prefix = name.toUpperCase();
    const config = {
      portfolio: name,
      database: database.url,
      queue: redis.url,
      dataDir: join(folder, 'var'),
      http: { port: 0 },
      venues: {
        alpha: {
          exchange: 'bybit',
          environment: 'simulated',
          endpoint: exchange.origin,
          credentialsEnv: prefix,
        },
      },
      legs: ['BTC', 'ETH', 'SOL'].map((coin) => ({
        id: coin.toLowerCase(),
        kind: 'perpetual',
        venue: 'alpha',
        symbol: `${coin}/USDT:USDT`,
      })),
      objective: { kind: 'risk-parity' },
      risk: { lookbackBars: 100, historyBarsMin: 24 },
      sizing: { targetVolatilityAnnual: 0.15, grossLeverageMax: 3 },
      rebalance: { every: 3_000, onStart: true, driftBandShare: 0.001, deadlineMs: 20_000 },
      execution: { style: 'ioc', settlingMs: 3_000, pollMs: 100 },
      limits: { ordersPerMinuteMax: 10_000, repeatsMax: 1_000 },
      ...over,
    };
    writeFileSync(join(folder, 'portfolios', `${name}.yaml`), JSON.stringify(config));
  }
  const client = new pg.Client({ connectionString: database.url });
  client.on('error', () => undefined);
  await client.connect();
  const processes: ChildProcess[] = [];
  const site: FleetSite = {
    names,
    exchange: (portfolio) => {
      const found = exchanges.get(portfolio);
      if (found === undefined) throw new Error(`no portfolio ${portfolio} here`);
      return found;
    },
    rows: async <T extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) =>
      (await client.query<T>(text, [...values])).rows,
    start: (role, only) => {
      const logFile = join(folder, `${role}-${processes.length}.log`);
      const log = openSync(logFile, 'a');
      const file = only === undefined ? '' : `${only.portfolio}.yaml`;
      let place = join(folder, 'portfolios', file);
      if (only?.endpoint !== undefined) {
        const text = readFileSync(place, 'utf8');
        place = join(folder, 'led', file);
        writeFileSync(place, text.replaceAll(site.exchange(only.portfolio).origin, only.endpoint));
      }
      const child = spawn(
        process.execPath,
        [cli, 'run', '--config', place, '--role', role, '--http-port', '0'],
        {
          cwd: folder,
          // Who does not trade has no key.
          env: { ...process.env, ...(role === 'worker' || role === 'all' ? keysOf(names) : {}) },
          stdio: ['ignore', log, log],
        },
      );
      closeSync(log);
      processes.push(child);
      const read = () => readFileSync(logFile, 'utf8');
      return {
        child,
        log: read,
        origin: () =>
          until(
            `${role} listens`,
            read,
            async () => /"origin":"([^"]+)"/.exec(read())?.[1] ?? null,
          ),
      };
    },
    close: async () => {
      for (const child of processes) {
        child.kill('SIGCONT');
        await ended(child, 'SIGKILL');
      }
      for (const exchange of exchanges.values()) await exchange.close();
      await client.end();
      await database.stop();
      await redis.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return site;
}

const keysOf = (names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    names.flatMap((name) => [
      [`${name.toUpperCase()}_API_KEY`, `key-of-${name}`],
      [`${name.toUpperCase()}_API_SECRET`, `${name}-secret`],
    ]),
  );

/** Waits for what must come; fails with what the processes said when it does not. */
export async function until<T>(
  what: string,
  said: () => string,
  look: () => Promise<T | null>,
): Promise<T> {
  const giveUpMs = Date.now() + patienceMs;
  while (Date.now() < giveUpMs) {
    const found = await look();
    if (found !== null) return found;
    await sleep(pollMs);
  }
  throw new Error(`it did not come to it: ${what}\n${said().slice(-6_000)}`);
}
