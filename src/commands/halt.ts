/**
 * `halt` and `resume`: the kill switch, which works while the daemon runs and while it is down.
 *
 * Venues and database side by side: one that is down keeps no orders resting and no halt from being recorded. A venue that
 * cannot be opened keeps no other from being reached. 0: all is cancelled, and closed where that was asked for; 1: a venue or
 * the database failed; 3: all answered, and something is still held.
 */
import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { composeDatabase, composePorts, logReporter } from '../compose.ts';
import { resume } from '../rebalance/halt.ts';
import { describeHalt, haltExitCode } from './describeHalt.ts';
import { pullSwitch } from './pullSwitch.ts';
import {
  type CommonOptions,
  configCommand,
  refuse,
  say,
  withPorts,
  withReachableVenues,
} from './withConfig.ts';

type Options = CommonOptions & { readonly reason: string; readonly flatten?: boolean };

export const haltCommand = (): Command =>
  configCommand('halt', 'cancel all orders at all venues and stop trading until `resume`')
    .option('--reason <text>', 'why, for the record', 'halted by a person')
    .option('--flatten', 'also close every position of the portfolio')
    .action(async (options: Options) => {
      await withReachableVenues(options, async (open) => {
        const { config, policy, clock, composed, logger } = open;
        const { venues, unopened } = composed;
        const pulled = await pullSwitch({
          venues,
          policy,
          reason: options.reason,
          by: person(),
          isFlattening: options.flatten === true,
          openPorts: async () => {
            const database = await composeDatabase(config);
            const reporter = logReporter(logger);
            const ports = composePorts({ policy, clock, venues, database, reporter });
            return { ports, stop: () => database.stop() };
          },
        });
        const failed = unopened.map(({ venue, error }) => ({
          venue,
          cancelled: null,
          failure: error.message,
        }));
        const answer = { ...pulled, venues: [...pulled.venues, ...failed] };
        say(options, answer, describeHalt(answer));
        return haltExitCode(answer);
      });
    });

type ResumeOptions = CommonOptions & { readonly confirm?: string };

export const resumeCommand = (): Command =>
  configCommand('resume', 'allow trading again after a halt or a repeated-execution throttle')
    .option('--confirm <portfolio>', 'the portfolio’s name, in place of being asked at a terminal')
    .action(async (options: ResumeOptions) => {
      await withPorts(options, async ({ ports, policy }) => {
        const { portfolio } = policy;
        const typed = options.confirm ?? (await askedFor(portfolio));
        if (typed !== portfolio) {
          const allowed = `the portfolio’s name, ${portfolio}`;
          return refuse(options, [{ path: '--confirm', found: typed, allowed }]);
        }
        await resume(ports, portfolio, person());
        say(options, { kind: 'resumed' }, `${portfolio} may trade again`);
        return 0;
      });
    });

/** Who sits at a terminal types the name: resuming is meant, not slipped into. A script that calls this has meant it. */
async function askedFor(portfolio: string): Promise<string> {
  if (process.stdin.isTTY !== true) return portfolio;
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await asking.question(`type the portfolio’s name (${portfolio}) to resume: `)).trim();
  } finally {
    asking.close();
  }
}

/** For the record of who did it. */
function person(): string {
  try {
    return userInfo().username;
  } catch {
    // A user without an entry, as in a container.
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
