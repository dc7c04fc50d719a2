/** `doctor`: looks at everything that must be right before the daemon may trade, and says how to put right what is not. */
import { existsSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { composeDatabase, composeVenues, queuePlace } from '../compose.ts';
import { composeSimulators } from '../composeSimulators.ts';
import { environmentOfProcess } from '../config/load.ts';
import { policyOf } from '../config/policy.ts';
import type { Config } from '../config/schema.ts';
import { OperatingError } from '../domain/operatingError.ts';
import { requiredSymbols } from '../domain/universe.ts';
import type { VenueReader } from '../rebalance/ports/venue.ts';
import type { Clock } from '../rebalance/ports.ts';
import type { QueuePlace } from '../scheduler/connection.ts';
import { probeQueue } from '../scheduler/probeQueue.ts';
import { type CommonOptions, configCommand, program, readConfig, say } from './withConfig.ts';

type Check = {
  readonly subject: string;
  readonly verdict: 'good' | 'bad' | 'unknown';
  readonly found: string;
  readonly remedy: string | null;
};

const freeBytesMin = 1e9;

export const doctorCommand = (): Command =>
  configCommand('doctor', 'check clocks, keys, modes, hosts, database, queue and disk').action(
    async (options: CommonOptions) => {
      const config = readConfig(options);
      if (config === null) return;
      const checks = [...(await checkVenues(config)), ...(await checkStores(config))];
      const text = checks.map(
        ({ subject, verdict, found, remedy }) =>
          `${verdict.padEnd(7)}  ${subject}: ${found}${remedy === null ? '' : `; ${remedy}`}`,
      );
      say(options, { checks }, text.join('\n'));
      process.exitCode = checks.every((check) => check.verdict !== 'bad') ? 0 : 3;
    },
  );

const good = (subject: string, found: string): Check => ({
  subject,
  verdict: 'good',
  found,
  remedy: null,
});

const bad = (subject: string, found: string, remedy: string): Check => ({
  subject,
  verdict: 'bad',
  found,
  remedy,
});

/** A check that the world may refuse to answer. */
async function attempt(subject: string, look: () => Promise<Check>): Promise<Check> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof OperatingError)) throw error;
    return bad(subject, error.message, error.remedy);
  }
}

async function checkVenues(config: Config): Promise<readonly Check[]> {
  const policy = policyOf(config);
  try {
    const simulators = await composeSimulators(config, program());
    const { clock } = simulators;
    const composed = await composeVenues(config, environmentOfProcess, clock).catch(
      async (error: unknown) => {
        await simulators.stop('started');
        throw error;
      },
    );
    try {
      const symbols = requiredSymbols(policy);
      const perVenue = await Promise.all(
        [...composed.venues.values()].map(async ({ reader, origins }) => [
          good(`${reader.id} hosts`, origins.join(', ')),
          ...(await checkVenue(reader, symbols[reader.id] ?? [], {
            clock,
            clockOffsetMsMax: policy.limits.clockOffsetMsMax,
          })),
        ]),
      );
      return perVenue.flat();
    } finally {
      await composed.close();
      await simulators.stop('started');
    }
  } catch (error) {
    if (!(error instanceof OperatingError)) throw error;
    return [bad('venues', error.message, error.remedy)];
  }
}

async function checkVenue(
  reader: VenueReader,
  symbols: readonly string[],
  limits: { readonly clock: Clock; readonly clockOffsetMsMax: number },
): Promise<readonly Check[]> {
  const { id } = reader;
  return await Promise.all([
    attempt(`${id} instruments`, async () => {
      const found = await reader.instruments(symbols);
      return good(`${id} instruments`, `${found.length} found`);
    }),
    attempt(`${id} clock`, async () => {
      const offsetMs = Math.round(await reader.clockOffsetMs());
      const subject = `${id} clock`;
      return Math.abs(offsetMs) <= limits.clockOffsetMsMax
        ? good(subject, `${offsetMs} ms apart`)
        : bad(subject, `${offsetMs} ms apart`, 'synchronise this machine’s clock (NTP)');
    }),
    attempt(`${id} key`, async () => checkKey(id, await reader.permissions())),
    attempt(`${id} position mode`, async () => {
      const { positionMode, marginMode } = await reader.account();
      const subject = `${id} modes`;
      return positionMode === 'oneWay'
        ? good(subject, `one-way, ${marginMode} margin`)
        : bad(subject, 'hedge mode', 'close hedged positions and switch to one-way mode');
    }),
  ]);
}

function checkKey(
  id: string,
  { trade, withdraw }: { readonly trade: boolean; readonly withdraw: boolean | 'unknown' },
): Check {
  const subject = `${id} key`;
  if (withdraw === true) {
    return bad(subject, 'may withdraw', 'make a key without the withdrawal permission');
  }
  if (!trade) return bad(subject, 'may not trade', 'give it the permission to trade');
  if (withdraw === 'unknown') {
    const remedy = 'the venue does not say whether it may withdraw: look at its page';
    return { subject, verdict: 'unknown', found: 'may trade', remedy };
  }
  return good(subject, 'may trade, may not withdraw');
}

async function checkStores(config: Config): Promise<readonly Check[]> {
  const checks: Check[] = [];
  try {
    const database = await composeDatabase(config);
    try {
      checks.push(good('database', `${database.place}, ${database.origin}`));
      checks.push(await attempt('queue', () => checkQueue(queuePlace(config, database))));
    } finally {
      await database.stop();
    }
  } catch (error) {
    if (!(error instanceof OperatingError)) throw error;
    checks.push(bad('database', error.message, error.remedy));
  }
  checks.push(checkDisk(config.dataDir));
  return checks;
}

/** Of the disk that holds the data, or will: the nearest folder that is there. */
export function checkDisk(dataDir: string): Check {
  let folder = resolve(dataDir);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  const { bavail, bsize } = statfsSync(folder);
  const freeBytes = bavail * bsize;
  const found = `${(freeBytes / 1e9).toFixed(1)} GB free at ${folder}`;
  return freeBytes >= freeBytesMin ? good('disk', found) : bad('disk', found, 'free at least 1 GB');
}

async function checkQueue(place: QueuePlace): Promise<Check> {
  await probeQueue(place);
  return good('queue', place.kind === 'database' ? 'on the database' : 'on Redis');
}
