/**
 * The frame of every command that takes a config: loads it, opens what the command needs, and says failures in one line.
 *
 * Exit codes (contract 1): 0 done, 1 the outside world failed, 2 the config is wrong, 3 a reasoned no.
 */
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import type { Logger } from 'pino';
import { createSystemClock } from '../adapters/system/clock.ts';
import { createLogger } from '../adapters/telemetry/logger.ts';
import {
  type ComposedVenues,
  composeDatabase,
  composePorts,
  composeReachable,
  composeVenues,
  logReporter,
  type ReachableVenues,
} from '../compose.ts';
import { composeSimulators, type Program } from '../composeSimulators.ts';
import { environmentOfProcess, loadConfig } from '../config/load.ts';
import { policyOf } from '../config/policy.ts';
import type { Config } from '../config/schema.ts';
import { OperatingError } from '../domain/operatingError.ts';
import type { Policy } from '../domain/policy.ts';
import type { Clock, Ports } from '../rebalance/ports.ts';

export type CommonOptions = { readonly config: string; readonly json?: boolean };

export const configCommand = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .requiredOption('--config <file>', 'the config file')
    .option('--json', 'print one JSON document and nothing else');

/** One line on stdout: JSON where it is asked for, else what a person reads. */
export function say(options: CommonOptions, answer: unknown, text: string): void {
  process.stdout.write(`${options.json === true ? JSON.stringify(answer) : text}\n`);
}

/** How this process was started. */
export const program = (): Program => {
  const here = import.meta.url;
  const extension = here.endsWith('.ts') ? '.ts' : '.js';
  return {
    cli: fileURLToPath(new URL(`../cli${extension}`, here)),
    nodeOptions: process.execArgv,
  };
};

/** The config of `--config`, or null after its faults were printed and the exit code set. */
export function readConfig(options: CommonOptions): Config | null {
  const loaded = loadConfig(options.config);
  if (loaded.kind === 'valid') return loaded.config;
  process.stderr.write(`${options.config} is not a valid config:\n`);
  process.exitCode = refuse(options, loaded.faults);
  return null;
}

/** Wrong input: every fault on a line of stderr, and in the one document of `--json`. @returns the exit code. */
export function refuse(
  { json }: Pick<CommonOptions, 'json'>,
  faults: readonly { readonly path: string; readonly found: string; readonly allowed: string }[],
): number {
  if (json === true) process.stdout.write(`${JSON.stringify({ kind: 'invalid', faults })}\n`);
  for (const { path, found, allowed } of faults) {
    process.stderr.write(`${path}: found ${found}; allowed: ${allowed}\n`);
  }
  return 2;
}

export type VenuesOpen = {
  readonly config: Config;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly composed: ComposedVenues;
  readonly logger: Logger;
};

export type Reached = VenuesOpen & { readonly composed: ReachableVenues };

export type Open = VenuesOpen & { readonly ports: Ports };

/** Opens the venues alone. */
export const withVenues = (
  options: CommonOptions,
  act: (open: VenuesOpen) => Promise<number>,
): Promise<void> => withComposed(options, composeVenues, composeSimulators, act);

/** Opens what venues can be opened: the kill switch. A simulator that does not come up is a venue that does not answer. */
export const withReachableVenues = (
  options: CommonOptions,
  act: (open: Reached) => Promise<number>,
): Promise<void> =>
  withComposed(
    options,
    composeReachable,
    async (...parts) => {
      try {
        return await composeSimulators(...parts);
      } catch (error) {
        if (!(error instanceof OperatingError)) throw error;
        return { clock: createSystemClock(), stop: () => Promise.resolve() };
      }
    },
    act,
  );

async function withComposed<Composed extends ComposedVenues>(
  options: CommonOptions,
  compose: (...parts: Parameters<typeof composeVenues>) => Promise<Composed>,
  start: typeof composeSimulators,
  act: (open: VenuesOpen & { readonly composed: Composed }) => Promise<number>,
): Promise<void> {
  const config = readConfig(options);
  if (config === null) return;
  await guarded(options, async () => {
    const simulators = await start(config, program());
    const { clock } = simulators;
    let composed: Composed | null = null;
    try {
      composed = await compose(config, environmentOfProcess, clock);
      const { secrets } = composed;
      const logger = createLogger({ level: config.log.level, secrets });
      return await act({ config, policy: policyOf(config), clock, composed, logger });
    } finally {
      await composed?.close();
      await simulators.stop('started');
    }
  });
}

/** Opens venues and database, and closes them whatever happens. */
export async function withPorts(
  options: CommonOptions,
  act: (open: Open) => Promise<number>,
): Promise<void> {
  await withVenues(options, async (open) => {
    const database = await composeDatabase(open.config);
    const { config, policy, clock, composed, logger } = open;
    const reporter = logReporter(logger);
    const { venues, signalSources } = composed;
    const ports = composePorts({
      policy,
      clock,
      venues,
      signalSources,
      database,
      reporter,
      config,
    });
    try {
      return await act({ ...open, ports });
    } finally {
      await database.stop();
    }
  });
}

const exitCodes = { world: 1, input: 2, refusal: 3 } as const;

/** Says a failure in one line with its remedy; a broken invariant keeps its stack. */
export async function guarded(
  { json }: Pick<CommonOptions, 'json'>,
  act: () => Promise<number>,
): Promise<void> {
  try {
    process.exitCode = await act();
  } catch (error) {
    if (!(error instanceof OperatingError)) throw error;
    const { message, remedy, fault } = error;
    if (json === true) {
      process.stdout.write(`${JSON.stringify({ kind: 'failed', fault, message, remedy })}\n`);
    }
    process.stderr.write(`${oneLine(message)}; ${oneLine(remedy)}\n`);
    process.exitCode = exitCodes[fault];
  }
}

const oneLine = (text: string): string => text.replaceAll(/\s*\n\s*/g, ' / ').trim();
