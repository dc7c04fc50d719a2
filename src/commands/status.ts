/** `status`: what is held, what binds, whether it may trade; asks the daemon, and reads the database while it is down. */
import type { Command } from 'commander';
import { composeDatabase, composeStores } from '../compose.ts';
import { clockAtRest } from '../composeSimulators.ts';
import { policyOf } from '../config/policy.ts';
import type { Config } from '../config/schema.ts';
import { readStatus } from '../dashboard/readStatus.ts';
import type { Status } from '../dashboard/status.ts';
import { lookAgeMsMax } from '../solvencyWatch.ts';
import { version } from '../version.ts';
import { describeStatus } from './describeStatus.ts';
import { type CommonOptions, configCommand, guarded, readConfig, say } from './withConfig.ts';

const answerMs = 2_000;

export const statusCommand = (): Command =>
  configCommand('status', 'what is held, what binds, whether it may trade').action(
    async (options: CommonOptions) => {
      const config = readConfig(options);
      if (config === null) return;
      await guarded(options, async () => {
        const status = (await askDaemon(config)) ?? (await readDatabase(config));
        say(options, status, describeStatus(status));
        return status.ready ? 0 : 3;
      });
    },
  );

async function askDaemon(config: Config): Promise<Status | null> {
  const host = config.http.host === '0.0.0.0' ? '127.0.0.1' : config.http.host;
  try {
    const response = await fetch(`http://${host}:${config.http.port}/api/status`, {
      signal: AbortSignal.timeout(answerMs),
    });
    const status = (await response.json()) as Status;
    return response.ok && status.portfolio === config.portfolio ? status : null;
  } catch {
    return null;
  }
}

async function readDatabase(config: Config): Promise<Status> {
  const database = await composeDatabase(config);
  try {
    const policy = policyOf(config);
    const stores = composeStores(database, policy);
    const ports = { clock: clockAtRest(config), ...stores };
    return await readStatus(ports, {
      policy,
      version,
      live: null,
      lookAgeMsMax: lookAgeMsMax(config.solvency),
    });
  } finally {
    await database.stop();
  }
}
