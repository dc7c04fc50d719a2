/** `run`: the daemon of one portfolio or of many, until it is told to stop. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { loadFleet } from '../config/loadFleet.ts';
import { type Role, runDaemon } from '../daemon.ts';
import { guarded, program, refuse } from './withConfig.ts';

type Options = {
  readonly config: readonly string[];
  readonly role: Role;
  readonly fleet?: string;
  readonly lines: number;
  readonly httpPort?: number;
};

const linesMax = 64;
const fleetPattern = /^[a-z0-9][a-z0-9-]{0,31}$/;

const within =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`must be an integer from ${least} to ${most}, was ${text}`);
  };

export const runCommand = (): Command =>
  new Command('run')
    .description('the daemon of one portfolio, or of many that share a database and a queue')
    .requiredOption('--config <place...>', 'config files, or folders of them')
    .addOption(
      new Option('--role <role>', 'what this process does')
        .choices(['all', 'scheduler', 'worker', 'web'])
        .default('all'),
    )
    .option('--fleet <name>', 'of many: the name of their queues, the same for every process')
    .addOption(
      new Option('--lines <n>', 'of many: how many are rebalanced at once in this process')
        .default(8)
        .argParser(within(1, linesMax)),
    )
    .addOption(
      new Option('--http-port <n>', 'in place of http.port; 0: any free one').argParser(
        within(0, 65_535),
      ),
    )
    .action(async (options: Options) => {
      const loaded = loadFleet(options.config);
      if (loaded.kind === 'invalid') {
        process.stderr.write(`${options.config.join(', ')} is not a valid config:\n`);
        process.exitCode = refuse({}, loaded.faults);
        return;
      }
      const { configs } = loaded;
      const isFleet = configs.length > 1 || options.fleet !== undefined;
      const fleet = isFleet ? (options.fleet ?? 'default') : null;
      if (fleet !== null && !fleetPattern.test(fleet)) {
        const allowed = 'lower-case letters, digits and dashes, 1 to 32';
        process.exitCode = refuse({}, [{ path: '--fleet', found: fleet, allowed }]);
        return;
      }
      await guarded({}, () =>
        runDaemon(configs, {
          role: options.role,
          program: program(),
          fleet,
          linesMax: isFleet ? options.lines : 1,
          httpPort: options.httpPort ?? null,
        }),
      );
      // All is closed; a run that did not heed the signal must not keep the process.
      process.exit();
    });
