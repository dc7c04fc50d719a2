/** `run`: the daemon, until it is told to stop. */
import { type Command, Option } from 'commander';
import { type Role, runDaemon } from '../daemon.ts';
import { OperatingError } from '../domain/operatingError.ts';
import { type CommonOptions, configCommand, program, readConfig } from './withConfig.ts';

type Options = CommonOptions & { readonly role: Role };

export const runCommand = (): Command =>
  configCommand('run', 'the daemon')
    .addOption(
      new Option('--role <role>', 'what this process does')
        .choices(['all', 'scheduler', 'worker', 'web'])
        .default('all'),
    )
    .action(async (options: Options) => {
      const config = readConfig(options);
      if (config === null) return;
      try {
        process.exitCode = await runDaemon(config, { role: options.role, program: program() });
      } catch (error) {
        if (!(error instanceof OperatingError)) throw error;
        process.stderr.write(`${error.message}; ${error.remedy}\n`);
        process.exitCode = 1;
      }
    });
