/**
 * The whole house on recorded markets and a virtual clock: the shipped config, the unmodified ccxt class over HTTP, a real
 * PostgreSQL, and the simulated exchange whose time moves only when somebody sleeps.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Database, openDatabase } from '../../src/adapters/database/openDatabase.ts';
import { loadRecordedSeries } from '../../src/adapters/recorded/load.ts';
import { composeStores } from '../../src/compose.ts';
import { loadConfig } from '../../src/config/load.ts';
import { policyOf } from '../../src/config/policy.ts';
import type { Config } from '../../src/config/schema.ts';
import type { Policy, SizingPolicy } from '../../src/domain/policy.ts';
import type { LineEvent } from '../../src/rebalance/ports/report.ts';
import type { Clock, Ports } from '../../src/rebalance/ports.ts';
import { bybitDialect } from '../../src/simulator/bybit/dialect.ts';
import { type Simulator, startSimulator } from '../../src/simulator/http/server.ts';
import type { Market } from '../../src/simulator/market/market.ts';
import { createRecordedMarket } from '../../src/simulator/market/recorded.ts';
import { startTestDatabase } from '../adapters/database/server.ts';
import { keepingReporter } from '../keptEvents.ts';
import { openSimulated } from '../simulatedVenues.ts';
import { sleepingClock } from '../sleepingClock.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const configFile = resolve(import.meta.dirname, '../../config/paper.recorded.yaml');

export type Rig = {
  readonly config: Config;
  readonly policy: Policy;
  readonly fromMs: number;
  readonly toMs: number;
  readonly market: Market;
  readonly simulator: Simulator;
  readonly database: Database;
  readonly ports: Ports;
  /** What the line reported, oldest first. */
  readonly events: readonly (LineEvent & { readonly level: 'event' | 'warn' })[];
  close(): Promise<void>;
};

/** The recorded data, or null with the reason printed. */
export function recordedFolder(): string | null {
  const folder = resolve(process.env['EQUIPOISE_DATA'] ?? '../shared/data');
  if (existsSync(folder)) return folder;
  console.log(`skipped: no recorded data in ${folder}; point EQUIPOISE_DATA at it`);
  return null;
}

/** @param sizing in place of the config's own. */
export async function openRig(folder: string, sizing: Partial<SizingPolicy> = {}): Promise<Rig> {
  const loaded = loadConfig(configFile, { EQUIPOISE_DATA: folder });
  if (loaded.kind === 'invalid') throw new Error(JSON.stringify(loaded.faults));
  const { config } = loaded;
  const stated = policyOf(config);
  const policy = { ...stated, sizing: { ...stated.sizing, ...sizing } };
  const fromMs = Date.parse(config.simulator?.from ?? '');
  const toMs = Date.parse(config.simulator?.to ?? '');
  const market = await recordedMarket(folder, config, fromMs, toMs);
  const simulator = await startSimulator({
    dialect: bybitDialect,
    market,
    clock: { kind: 'virtual', nowMs: fromMs },
    balances: mapValues(config.simulator?.balances ?? {}, String),
  });
  const clock = sleepingClock(simulator);
  const given = await startTestDatabase();
  const database = await openDatabase({ url: given.url, dataDir: '' });
  const venues = await openSimulated(
    Object.entries(config.venues).map(([name, { exchange, environment }]) => [
      name,
      { exchange, environment, endpoint: simulator.origin },
    ]),
    clock,
  );
  const events: (LineEvent & { readonly level: 'event' | 'warn' })[] = [];
  return {
    config,
    policy,
    fromMs,
    toMs,
    market,
    simulator,
    database,
    ports: { ...portsOf(policy, database, clock, events), venues },
    events,
    close: async () => {
      for (const venue of venues.values()) await venue.destroy();
      await simulator.close();
      await database.stop();
      await given.stop();
    },
  };
}

/** Look-back and a week before the start; an hour after the end, so that the end itself has a price. */
async function recordedMarket(folder: string, config: Config, fromMs: number, toMs: number) {
  const historyMs = (config.risk.lookbackBars + 1) * hourMs + 7 * dayMs;
  const series = await loadRecordedSeries(folder, {
    fromMs: fromMs - historyMs,
    toMs: toMs + dayMs,
    symbols: ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'],
  });
  return createRecordedMarket({ series, assumedEarnApr: config.simulator?.earnAnnual ?? {} });
}

function portsOf(
  policy: Policy,
  database: Database,
  clock: Clock,
  events: (LineEvent & { readonly level: 'event' | 'warn' })[],
): Omit<Ports, 'venues'> {
  return {
    clock,
    ...composeStores(database, policy),
    reporter: keepingReporter({
      event: (event) => void events.push({ ...event, level: 'event' }),
      warn: (event) => void events.push({ ...event, level: 'warn' }),
    }),
  };
}

const mapValues = <A, B>(of: Readonly<Record<string, A>>, change: (a: A) => B) =>
  Object.fromEntries(Object.entries(of).map(([key, value]) => [key, change(value)]));
