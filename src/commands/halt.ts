/**
 * `halt` and `resume`: the kill switch, which works while the daemon runs and while it is down.
 *
 * The venues first, the database second: a database that is down must not keep orders resting. A venue that cannot be opened
 * keeps no other from being reached. 0: all is cancelled, and closed where that was asked for; 1: a venue or the database
 * failed; 3: all answered, and something is still held.
 */
import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { composeDatabase, composePorts, logReporter } from '../compose.ts';
import { OperatingError } from '../domain/operatingError.ts';
import type { Policy } from '../domain/policy.ts';
import { flatten } from '../rebalance/flatten.ts';
import { cancelEverywhere, type HaltReport, recordHalt, resume } from '../rebalance/halt.ts';
import type { Ports } from '../rebalance/ports.ts';
import { describeHalt, type HaltAnswer, haltExitCode } from './describeHalt.ts';
import {
  type CommonOptions,
  configCommand,
  refuse,
  say,
  type VenuesOpen,
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
        const { venues, unopened } = open.composed;
        const failed: HaltReport['venues'] = unopened.map(({ venue, error }) => ({
          venue,
          cancelled: null,
          failure: error.message,
        }));
        const cancelled = [...(await cancelEverywhere(venues, open.policy)), ...failed];
        const answer = await recordAndClose(open, options, cancelled);
        say(options, answer, describeHalt(answer));
        return haltExitCode(answer);
      });
    });

async function recordAndClose(
  { config, policy, clock, composed, logger }: VenuesOpen,
  options: Options,
  venues: HaltReport['venues'],
): Promise<HaltAnswer> {
  let database = 'recorded';
  let closed: HaltAnswer['closed'] = null;
  try {
    const opened = await composeDatabase(config);
    const reporter = logReporter(logger);
    const ports = composePorts({
      policy,
      clock,
      venues: composed.venues,
      database: opened,
      reporter,
    });
    try {
      await recordHalt(ports, policy.portfolio, options.reason, person());
      if (options.flatten === true) closed = await tryToFlatten(ports, policy);
    } finally {
      await opened.stop();
    }
  } catch (error) {
    if (!(error instanceof OperatingError)) throw error;
    database = `${error.message}; ${error.remedy}`;
  }
  return { venues, database, closed };
}

async function tryToFlatten(ports: Ports, policy: Policy): Promise<HaltAnswer['closed']> {
  try {
    return await flatten(ports, policy);
  } catch (error) {
    if (!(error instanceof OperatingError)) throw error;
    return { kind: 'failed', failure: `${error.message}; ${error.remedy}` };
  }
}

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
