/** The simulators beside the daemon: which of them a config wants, started or found, and the time that they keep. */
import { join } from 'node:path';
import { createShiftedClock, createSystemClock } from './adapters/system/clock.ts';
import {
  ensureSimulator,
  type RunningSimulator,
  type SimulatorLaunch,
  storedOffsetMs,
} from './adapters/system/simulatorProcess.ts';
import type { Config } from './config/schema.ts';
import type { Clock } from './rebalance/ports.ts';

/** How this program was started, to start its simulator the same way. */
export type Program = { readonly cli: string; readonly nodeOptions: readonly string[] };

const simulatorFolder = (config: Config): string => join(config.dataDir, 'simulator');

/** The venues' time while nothing is asked of them, as the simulator kept it. */
export function clockAtRest(config: Config): Clock {
  const isRecorded = config.simulator?.data !== undefined;
  return createShiftedClock(
    createSystemClock(),
    isRecorded ? storedOffsetMs(simulatorFolder(config)) : 0,
  );
}

export type Simulators = {
  /** Follows a recorded market into its own year; elsewhere the machine's. */
  readonly clock: Clock;
  /** Ends those that were started here, or all that belong to this config. */
  stop(which: 'started' | 'all'): Promise<void>;
};

/** Starts the simulators that the config wants, or finds them. @throws OperatingError when one does not come up. */
export async function composeSimulators(config: Config, program: Program): Promise<Simulators> {
  const clock = createSystemClock();
  const running: RunningSimulator[] = [];
  const stop: Simulators['stop'] = async (which) => {
    for (const one of running) if (which === 'all' || one.origin === 'started') await one.stop();
  };
  try {
    for (const launch of launchesOf(config, program)) {
      running.push(await ensureSimulator(launch, clock));
    }
  } catch (error) {
    await stop('started');
    throw error;
  }
  const offsetMs = config.simulator?.data === undefined ? 0 : (running.at(-1)?.offsetMs ?? 0);
  return { clock: offsetMs === 0 ? clock : createShiftedClock(clock, offsetMs), stop };
}

/** One per endpoint: every exchange trades the same market, so that their prices agree, and keeps its own account. */
export function launchesOf(
  config: Config,
  { cli, nodeOptions }: Program,
): readonly SimulatorLaunch[] {
  const { simulator } = config;
  if (simulator === undefined) return [];
  const endpoints = Object.values(config.venues).flatMap(({ endpoint, exchange }) =>
    endpoint === undefined ? [] : [{ endpoint, exchange }],
  );
  const coins = config.legs.flatMap((leg) =>
    leg.kind === 'perpetual' ? [leg.symbol] : leg.kind === 'carry' ? [leg.spot] : [],
  );
  const symbols = [...new Set(coins.map((symbol) => `${symbol.split('/')[0]}USDT`))];
  return endpoints.map(({ endpoint, exchange }, index) => ({
    endpoint,
    dialect: exchange.startsWith('binance') ? 'binance' : 'bybit',
    seed: simulator.seed,
    recorded:
      simulator.data === undefined
        ? null
        : {
            folder: simulator.data,
            from: simulator.from ?? '2022-11-01T00:00:00Z',
            to: simulator.to ?? null,
            symbols,
            earnAnnual: simulator.earnAnnual,
          },
    balances: simulator.balances,
    folder: index === 0 ? simulatorFolder(config) : `${simulatorFolder(config)}-${index + 1}`,
    cli,
    nodeOptions,
  }));
}
