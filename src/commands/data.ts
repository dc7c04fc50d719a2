/** `data import` and `data pull`: fill the history tables from files, or from the venues through ccxt. */
import { Command } from 'commander';
import { RecordedDataError } from '../adapters/recorded/error.ts';
import { readUniverse } from '../adapters/recorded/universe.ts';
import { requiredSymbols } from '../domain/universe.ts';
import { loadInstruments } from '../rebalance/observeMarket.ts';
import { syncUniverse } from '../rebalance/syncUniverse.ts';
import { table } from './tableText.ts';
import { type CommonOptions, configCommand, say, withPorts } from './withConfig.ts';

type ImportOptions = CommonOptions & { readonly from: string; readonly to?: string };

export const dataCommands = (): Command =>
  new Command('data')
    .description('fill the history tables by hand')
    .addCommand(pullCommand())
    .addCommand(importCommand());

const pullCommand = (): Command =>
  configCommand('pull', 'read bars and funding from the venues, and name the gaps').action(
    async (options: CommonOptions) => {
      await withPorts(options, async ({ ports, policy }) => {
        const gaps = await syncUniverse(ports, policy);
        const rows = gaps.map((gap) => [gap.instrument, `${gap.missingBars} of ${gap.ofBars}`]);
        const text =
          gaps.length === 0
            ? `the last ${policy.risk.lookbackBars} bars of every instrument are there`
            : table(['instrument', 'bars missing'], rows).join('\n');
        say(options, { gaps }, text);
        return 0;
      });
    },
  );

const importCommand = (): Command =>
  configCommand('import', 'read hourly bars and funding from a folder of recorded files')
    .requiredOption('--from <folder>', 'the folder')
    .action(async (options: ImportOptions) => {
      await withPorts(options, async ({ ports, policy }) => {
        const symbols = requiredSymbols(policy);
        const counts: string[][] = [];
        for (const [id, venue] of ports.venues) {
          for (const instrument of await loadInstruments(ports, venue, symbols[id] ?? [])) {
            try {
              const read = await readUniverse(options.from, instrument, policy.risk.barMs);
              if (read === null) continue;
              const series = {
                instrument: instrument.id,
                kind: read.kind,
                barMs: policy.risk.barMs,
              } as const;
              await ports.history.saveBars(series, read.bars);
              await ports.history.saveFunding(instrument.id, read.funding);
              counts.push([instrument.id, String(read.bars.length), String(read.funding.length)]);
            } catch (error) {
              if (!(error instanceof RecordedDataError)) throw error;
              process.stderr.write(`${error.message}; ${error.remedy}\n`);
              return 2;
            }
          }
        }
        const text = table(['instrument', 'bars', 'funding stamps'], counts).join('\n');
        say(options, { imported: counts }, text);
        return 0;
      });
    });
