/** `reconcile`: the ledger against the venues; prints every discrepancy and changes nothing but what the venues' records say. */
import type { Command } from 'commander';
import { openLedger } from '../rebalance/openLedger.ts';
import { reconcileVenues } from '../rebalance/reconcileVenues.ts';
import { untilFree } from '../untilFree.ts';
import { table } from './tableText.ts';
import { type CommonOptions, configCommand, say, withPorts } from './withConfig.ts';

type Options = CommonOptions & { readonly adjust?: boolean };

export const reconcileCommand = (): Command =>
  configCommand('reconcile', 'compare the ledger with the venues')
    .option('--adjust', 'book what differs as an adjustment: the venue’s word wins')
    .action(async (options: Options) => {
      await withPorts(options, async ({ ports, policy }) => {
        await openLedger(ports, policy);
        const report = await untilFree(ports, policy, () =>
          reconcileVenues(ports, policy, { adjust: options.adjust === true }),
        );
        if (report === null) {
          say(options, { kind: 'busy' }, 'another process holds this portfolio; try again');
          return 3;
        }
        const found = [...report.adjusted, ...report.outstanding];
        const rows = found.map((one) => [
          one.venue,
          one.kind,
          one.subject,
          one.ledger,
          one.venueSays,
        ]);
        const text =
          found.length === 0
            ? 'ledger and venues agree'
            : table(['venue', 'kind', 'subject', 'ledger', 'venue says'], rows).join('\n');
        say(options, report, text);
        return found.length === 0 ? 0 : 3;
      });
    });
