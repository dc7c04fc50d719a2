/** `replay`: decides again on the stored snapshot of a past rebalance and compares. */
import { Command } from 'commander';
import { createDecisionStore } from '../adapters/database/decisionStore.ts';
import { composeDatabase } from '../compose.ts';
import { rebalanceId } from '../domain/ids.ts';
import { replay } from '../rebalance/replay.ts';
import { type CommonOptions, guarded, readConfig, refuse, say } from './withConfig.ts';

export const replayCommand = (): Command =>
  new Command('replay')
    .description('decide again on a stored snapshot and compare: 0 the same, 3 different')
    .argument('<id>', 'id of a past rebalance, as `status` shows it')
    .requiredOption('--config <file>', 'the config file')
    .option('--json', 'print one JSON document and nothing else')
    .action(async (id: string, options: CommonOptions) => {
      const config = readConfig(options);
      if (config === null) return;
      await guarded(options, async () => {
        const database = await composeDatabase(config);
        try {
          const record = await createDecisionStore(database.queries).find(rebalanceId(id));
          if (record === null) {
            const allowed = 'the id of a past rebalance, as `status` shows it';
            return refuse(options, [{ path: 'ID', found: id, allowed }]);
          }
          if (record.trigger === 'flatten' || record.trigger === 'guard') {
            const who = record.trigger === 'guard' ? 'the margin guard' : 'a person';
            say(options, { kind: record.trigger }, `${id} closed positions by order of ${who}`);
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
