/** `run`: the daemon, until it is told to stop. */
import { type Command, Option } from 'commander';
import { type Role, runDaemon } from '../daemon.ts';
import { type CommonOptions, configCommand, guarded, program, readConfig } from './withConfig.ts';

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
      await guarded({}, () => runDaemon(config, { role: options.role, program: program() }));
      // All is closed; a run that did not heed the signal must not keep the process.
      process.exit();
    });
