/**
 * The frame of every command that takes a config: loads it, opens what the command needs, and says failures in one line.
 *
 * Exit codes (contract 1): 0 done, 1 the outside world failed, 2 the config is wrong, 3 a reasoned no.
 */
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import type { Logger } from 'pino';
import { createLogger } from '../adapters/telemetry/logger.ts';
import {
  type ComposedVenues,
  composeClock,
  composeDatabase,
  composePorts,
  composeVenues,
  logReporter,
  type Program,
} from '../compose.ts';
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
  const lines = loaded.faults.map(
    ({ path, found, allowed }) => `${path}: found ${found}; allowed: ${allowed}`,
  );
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ kind: 'invalid', faults: loaded.faults })}\n`);
  } else {
    process.stderr.write(`${options.config} is not a valid config:\n${lines.join('\n')}\n`);
  }
  process.exitCode = 2;
  return null;
}

export type VenuesOpen = {
  readonly config: Config;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly composed: ComposedVenues;
  readonly logger: Logger;
};

export type Open = VenuesOpen & { readonly ports: Ports };

/** Opens the venues alone. */
export async function withVenues(
  options: CommonOptions,
  act: (open: VenuesOpen) => Promise<number>,
): Promise<void> {
  const config = readConfig(options);
  if (config === null) return;
  await guarded(async () => {
    const clock = await composeClock(config, program());
    const composed = await composeVenues(config, environmentOfProcess, clock);
    const { secrets } = composed;
    const logger = createLogger({ level: config.log.level, secrets });
    try {
      return await act({ config, policy: policyOf(config), clock, composed, logger });
    } finally {
      await composed.close();
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
    const { policy, clock, composed, logger } = open;
    const reporter = logReporter(logger);
    const ports = composePorts({ policy, clock, venues: composed.venues, database, reporter });
    try {
      return await act({ ...open, ports });
    } finally {
      await database.stop();
    }
  });
}

/** Says a failure of the world in one line with its remedy; a broken invariant keeps its stack. */
export async function guarded(act: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await act();
  } catch (error) {
    if (!(error instanceof OperatingError)) throw error;
    process.stderr.write(`${error.message}; ${error.remedy}\n`);
    process.exitCode = 1;
  }
}
