/**
 * `halt` and `resume`: the kill switch, which works while the daemon runs and while it is down.
 *
 * The venues first, the database second: a database that is down must not keep orders resting.
 */
import type { Command } from 'commander';
import { composeDatabase, composePorts, logReporter } from '../compose.ts';
import { OperatingError } from '../domain/operatingError.ts';
import { flatten } from '../rebalance/flatten.ts';
import { cancelEverywhere, type HaltReport, recordHalt, resume } from '../rebalance/halt.ts';
import { type CommonOptions, configCommand, say, withPorts, withVenues } from './withConfig.ts';

type Options = CommonOptions & { readonly reason: string; readonly flatten?: boolean };

export const haltCommand = (): Command =>
  configCommand('halt', 'cancel all orders at all venues and stop trading until `resume`')
    .option('--reason <text>', 'why, for the record', 'halted by a person')
    .option('--flatten', 'also close every position of the portfolio')
    .action(async (options: Options) => {
      await withVenues(options, async ({ config, policy, clock, composed, logger }) => {
        const { venues } = composed;
        const cancelled = await cancelEverywhere(venues, policy);
        const failures = cancelled.filter((one) => one.failure !== null);
        try {
          const database = await composeDatabase(config);
          const reporter = logReporter(logger);
          const ports = composePorts({ policy, clock, venues, database, reporter });
          try {
            await recordHalt(ports, policy.portfolio, options.reason);
            const closed = options.flatten === true ? await flatten(ports, policy) : null;
            const lines = closed?.lines ?? null;
            const report = { venues: cancelled, database: 'recorded', closed: lines };
            say(options, report, describe(cancelled, 'recorded in the database', lines));
            if (failures.length > 0) return 1;
            return closed?.isComplete === false ? 3 : 0;
          } finally {
            await database.stop();
          }
        } catch (error) {
          if (!(error instanceof OperatingError)) throw error;
          const state = `NOT recorded, so a daemon that runs goes on: ${error.message}; ${error.remedy}`;
          say(
            options,
            { venues: cancelled, database: error.message },
            describe(cancelled, state, null),
          );
          return 1;
        }
      });
    });

export const resumeCommand = (): Command =>
  configCommand('resume', 'allow trading again after a halt').action(
    async (options: CommonOptions) => {
      await withPorts(options, async ({ ports, policy }) => {
        await resume(ports, policy.portfolio);
        say(options, { kind: 'resumed' }, `${policy.portfolio} may trade again`);
        return 0;
      });
    },
  );

function describe(
  venues: HaltReport['venues'],
  database: string,
  closed: readonly string[] | null,
): string {
  return [
    ...venues.map(({ venue, cancelled, failure }) =>
      failure === null ? `${venue}: ${cancelled} orders cancelled` : `${venue}: FAILED, ${failure}`,
    ),
    `halt ${database}`,
    ...(closed ?? []),
  ].join('\n');
}
