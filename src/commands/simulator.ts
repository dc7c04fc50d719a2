/**
 * `simulator`: a simulated exchange on loopback that speaks Bybit v5, or Binance spot and USD-M (contract 4).
 *
 * Prints one JSON line when it is ready, then serves until SIGINT or SIGTERM. Exit codes: 1 the port or the state folder
 * cannot be used, 2 the input is wrong.
 */
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { RecordedDataError } from '../adapters/recorded/error.ts';
import { binanceDialect } from '../simulator/binance/dialect.ts';
import { bybitDialect } from '../simulator/bybit/dialect.ts';
import type { ClockChoice } from '../simulator/http/clock.ts';
import type { Timing } from '../simulator/http/exchange.ts';
import { type SimulatedVenues, startVenues } from '../simulator/http/venues.ts';
import { openStage, ScenarioError, type Stage } from './simulatorMarket.ts';

type Options = {
  readonly port: string;
  readonly dialect: string;
  readonly receiveWindowMs: string;
  readonly readLagMs: string;
  readonly data?: string;
  readonly scenario?: string;
  readonly seed: string;
  readonly clock: string;
  readonly from?: string;
  readonly state?: string;
  readonly balance?: readonly string[];
  readonly apiKey: string;
  readonly apiSecret: string;
};

type Settings = {
  readonly port: number;
  readonly dialect: DialectName;
  readonly timing: Timing;
  readonly seed: number;
  readonly clock: 'real' | 'virtual';
  readonly fromMs: number | null;
  readonly balances: Readonly<Record<string, string>> | undefined;
};

const dialects = { bybit: bybitDialect, binance: binanceDialect } as const;
type DialectName = keyof typeof dialects;

export function simulatorCommand(): Command {
  return new Command('simulator')
    .description('a simulated exchange on loopback: Bybit v5, or Binance spot and USD-M')
    .option('--dialect <venue>', 'bybit or binance', 'bybit')
    .option('--port <n>', 'port on 127.0.0.1; 0 takes a free one', '9701')
    .option('--data <dir>', 'recorded market data; absent: a market generated from the seed')
    .option(
      '--scenario <file>',
      'YAML: from, to, historyDays, symbols, stables, assumedEarnApr, balances, venues, events, notes',
    )
    .option('--seed <n>', 'seed of the generated market', '1')
    .option('--clock <kind>', 'real, or virtual (moved by POST /simulator/advance)', 'real')
    .option('--from <iso>', 'date at which the venue starts, such as 2022-11-01T00:00:00Z')
    .option('--state <dir>', 'folder that keeps the account over restarts')
    .option(
      '--balance <coin=amount...>',
      'opening balances (default: USDT=100000); with binance spot:USDT=… is the spot wallet’s',
    )
    .option('--receive-window-ms <n>', 'greatest age of a signed request', '60000')
    .option('--read-lag-ms <n>', 'age from which orders and trades are shown', '0')
    .addOption(new Option('--api-key <key>', 'key').env('SIMULATOR_API_KEY').default('simulated'))
    .addOption(
      new Option('--api-secret <secret>', 'its secret')
        .env('SIMULATOR_API_SECRET')
        .default('simulated-secret', 'simulated-secret'),
    )
    .action(runSimulator);
}

async function runSimulator(options: Options): Promise<void> {
  const settings = settingsOf(options);
  if (!('port' in settings)) return fail(2, settings.join('\n'));
  try {
    const stage = await openStage({
      data: options.data,
      scenario: options.scenario,
      seed: settings.seed,
      fromMs: settings.fromMs,
    });
    announce(await start(options, settings, stage), stage, settings);
  } catch (error) {
    if (error instanceof ScenarioError || error instanceof RecordedDataError)
      return fail(2, error.message);
    return fail(1, remedyFor(error, settings.port, options.state));
  }
}

/** The scenario's venues, each with a folder of its own, or one. */
async function start(options: Options, settings: Settings, stage: Stage): Promise<SimulatedVenues> {
  const { apiKey, apiSecret, state } = options;
  const one = { port: settings.port, balances: undefined, dialect: undefined };
  const named = stage.venues ?? { '': one };
  const venues = Object.entries(named).map(([name, own]) => {
    const balances = settings.balances ?? own.balances ?? stage.balances;
    const venue = {
      dialect: dialects[own.dialect ?? settings.dialect],
      timing: settings.timing,
      port: own.port,
      apiKey,
      apiSecret,
      ...(balances === undefined ? {} : { balances }),
      ...(state === undefined ? {} : { stateDir: join(state, name) }),
    };
    return [name, venue] as const;
  });
  const clock = clockOf(settings, stage);
  const started = await startVenues({
    market: stage.market,
    clock,
    venues: Object.fromEntries(venues),
  });
  for (const { venue, faults } of stage.events)
    for (const [name, simulator] of started.byName)
      if (simulator.isNew && (venue === null || venue === name))
        simulator.inject(faults.map(({ afterMs, fault }) => ({ ...fault, afterMs })));
  return started;
}

function clockOf(settings: Settings, stage: Stage): ClockChoice {
  if (settings.clock === 'virtual')
    return { kind: 'virtual', nowMs: stage.fromMs ?? Math.floor(Date.now() / 1000) * 1000 };
  return stage.fromMs === null ? { kind: 'real' } : { kind: 'real', fromMs: stage.fromMs };
}

function announce(started: SimulatedVenues, stage: Stage, settings: Settings): void {
  const origins = [...started.byName].map(([name, { origin }]) => [name, origin] as const);
  const ready = {
    kind: 'ready',
    dialect: settings.dialect,
    origin: origins[0]?.[1] ?? '',
    ...(stage.venues === undefined ? {} : { venues: Object.fromEntries(origins) }),
    clock: settings.clock,
    nowMs: started.nowMs(),
    symbols: stage.market.instruments.map((i) => `${i.category}:${i.symbol}`),
    notes: stage.market.notes,
  };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  const stop = () => {
    void started.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

/** The settings, or every fault of the options. */
function settingsOf(options: Options): Settings | readonly string[] {
  const faults: string[] = [];
  const port = Number(options.port);
  const seed = Number(options.seed);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    faults.push(`--port must be a whole number in 0..65535, was ${options.port}`);
  if (!Number.isSafeInteger(seed))
    faults.push(`--seed must be a whole number, was ${options.seed}`);
  const { clock, dialect } = options;
  if (!isDialect(dialect)) faults.push(`--dialect must be bybit or binance, was ${dialect}`);
  const timing = {
    receiveWindowMsMax: wholeMs('--receive-window-ms', options.receiveWindowMs, faults),
    readLagMs: wholeMs('--read-lag-ms', options.readLagMs, faults),
  };
  if (clock !== 'real' && clock !== 'virtual')
    faults.push(`--clock must be real or virtual, was ${clock}`);
  const fromMs = options.from === undefined ? null : Date.parse(options.from);
  if (Number.isNaN(fromMs))
    faults.push(`--from must be a date such as 2022-11-01T00:00:00Z, was ${options.from}`);
  const balances: Record<string, string> = {};
  for (const text of options.balance ?? []) {
    const found = /^((?:spot:)?[A-Z0-9]+)=(\d+(?:\.\d+)?)$/.exec(text);
    if (found?.[1] === undefined || found[2] === undefined)
      faults.push(`--balance must be COIN=AMOUNT such as USDT=100000, was ${text}`);
    else balances[found[1]] = found[2];
  }
  if (faults.length > 0 || (clock !== 'real' && clock !== 'virtual')) return faults;
  if (!isDialect(dialect)) return faults;
  return {
    port,
    dialect,
    timing,
    seed,
    clock,
    fromMs,
    balances: options.balance === undefined ? undefined : balances,
  };
}

function wholeMs(name: string, value: string, faults: string[]): number {
  const ms = Number(value);
  if (!Number.isInteger(ms) || ms < 0 || ms > 3_600_000)
    faults.push(`${name} must be a whole number in 0..3600000, was ${value}`);
  return ms;
}

function isDialect(name: string): name is DialectName {
  return name in dialects;
}

function remedyFor(error: unknown, port: number, state: string | undefined): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    return `port ${port} of 127.0.0.1 is taken: choose another with --port, or stop what listens there`;
  const problem = error instanceof Error ? error.message : String(error);
  return state === undefined
    ? `the simulator could not start: ${problem}`
    : `the simulator could not start: ${problem}; check the folder ${state} or choose another with --state`;
}

function fail(code: 1 | 2, message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = code;
}
