/** `replay`: decides again on the stored snapshot of a past rebalance and compares. */
import { Command } from 'commander';
import { createDecisionStore } from '../adapters/database/decisionStore.ts';
import { composeDatabase } from '../compose.ts';
import { rebalanceId } from '../domain/ids.ts';
import { replay } from '../rebalance/replay.ts';
import { type CommonOptions, guarded, readConfig, say } from './withConfig.ts';

export const replayCommand = (): Command =>
  new Command('replay')
    .description('decide again on a stored snapshot and compare: 0 the same, 3 different')
    .argument('<id>', 'id of a past rebalance, as `status` shows it')
    .requiredOption('--config <file>', 'the config file')
    .option('--json', 'print one JSON document and nothing else')
    .action(async (id: string, options: CommonOptions) => {
      const config = readConfig(options);
      if (config === null) return;
      await guarded(async () => {
        const database = await composeDatabase(config);
        try {
          const record = await createDecisionStore(database.queries).find(rebalanceId(id));
          if (record === null) {
            process.stderr.write(`no rebalance has the id ${id}; \`status\` shows the last ones\n`);
            return 2;
          }
          if (record.trigger === 'flatten') {
            say(options, { kind: 'flatten' }, `${id} closed everything by a person’s order`);
            return 0;
          }
          const differences = replay(record);
          const kind = differences.length === 0 ? 'same' : 'different';
          const lines = differences
            .slice(0, 50)
            .map(
              ({ path, stored, replayed }) =>
                `${path}: ${JSON.stringify(stored)} then, ${JSON.stringify(replayed)} now`,
            );
          const { codeVersion } = record;
          say(options, { kind, codeVersion, differences }, [`${id}: ${kind}`, ...lines].join('\n'));
          return differences.length === 0 ? 0 : 3;
        } finally {
          await database.stop();
        }
      });
    });
