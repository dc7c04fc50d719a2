#!/usr/bin/env node
/** The entry: names the commands. Each is loaded only when it is asked for, so that a calculator needs no exchange library. */
import { Command } from 'commander';
import { version } from './version.ts';

type Load = () => Promise<Command>;

const commands: Readonly<Record<string, { readonly does: string; readonly load: Load }>> = {
  run: {
    does: 'the daemon',
    load: async () => (await import('./commands/run.ts')).runCommand(),
  },
  plan: {
    does: 'decide once and send nothing',
    load: async () => (await import('./commands/plan.ts')).planCommand(),
  },
  rebalance: {
    does: 'one rebalance now',
    load: async () => (await import('./commands/rebalance.ts')).rebalanceCommand(),
  },
  status: {
    does: 'what is held, what binds, whether it may trade',
    load: async () => (await import('./commands/status.ts')).statusCommand(),
  },
  halt: {
    does: 'the kill switch',
    load: async () => (await import('./commands/halt.ts')).haltCommand(),
  },
  resume: {
    does: 'allow trading again',
    load: async () => (await import('./commands/halt.ts')).resumeCommand(),
  },
  venue: {
    does: 'what is thought of a venue, and your word on it',
    load: async () => (await import('./commands/venue.ts')).venueCommand(),
  },
  reconcile: {
    does: 'the ledger against the venues',
    load: async () => (await import('./commands/reconcile.ts')).reconcileCommand(),
  },
  replay: {
    does: 'decide again on a stored snapshot',
    load: async () => (await import('./commands/replay.ts')).replayCommand(),
  },
  doctor: {
    does: 'check everything that must be right before trading',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand(),
  },
  config: {
    does: 'check, schema, init',
    load: async () => (await import('./commands/config.ts')).configCommands(),
  },
  weights: {
    does: 'portfolio weights under an objective',
    load: async () => (await import('./commands/weights.ts')).weightsCommand(),
  },
  estimate: {
    does: 'volatility and covariance from returns',
    load: async () => (await import('./commands/estimate.ts')).estimateCommand(),
  },
  margin: {
    does: 'margin, liquidation prices, shocks',
    load: async () => (await import('./commands/margin.ts')).marginCommand(),
  },
  simulator: {
    does: 'a simulated exchange on loopback',
    load: async () => (await import('./commands/simulator.ts')).simulatorCommand(),
  },
  data: {
    does: 'fill the history tables by hand',
    load: async () => (await import('./commands/data.ts')).dataCommands(),
  },
};

const root = new Command('equipoise')
  .description('keeps a leveraged crypto portfolio at risk parity')
  .version(version)
  .exitOverride((error) => {
    // Help and version end well; everything else that commander refuses is wrong input.
    process.exit(error.exitCode === 0 ? 0 : 2);
  });

const asked = process.argv.slice(2).find((word) => !word.startsWith('-')) ?? '';
const known = commands[asked];
if (known === undefined) {
  for (const [name, { does }] of Object.entries(commands)) {
    root.addCommand(new Command(name).description(does));
  }
} else {
  root.addCommand(withExitCode(await known.load()));
}
// A wait that holds no handle (an idle socket, a timer that is let go) must not end the process without a word.
const alive = setInterval(() => undefined, 60_000);
try {
  await root.parseAsync();
} finally {
  clearInterval(alive);
}

/** Wrong options end with 2 in every command, its own commands included. */
function withExitCode(command: Command): Command {
  command.exitOverride((error) => {
    process.exit(error.exitCode === 0 ? 0 : 2);
  });
  for (const inner of command.commands) withExitCode(inner);
  return command;
}
