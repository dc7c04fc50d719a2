/** `rebalance`: one rebalance now, through the same line as the daemon; the same id again resumes or does nothing. */
import type { Command } from 'commander';
import { guardSettings, pegLimits } from '../guardSettings.ts';
import { venueLeverage } from '../parity/sizing/capital.ts';
import { lookFirst } from '../rebalance/lookFirst.ts';
import { rebalance } from '../rebalance/rebalance.ts';
import { recover } from '../rebalance/recover.ts';
import { namedSlot, slotOf } from '../rebalance/slot.ts';
import { syncForDecision } from '../rebalance/syncUniverse.ts';
import { pegsFirst } from '../rebalance/watchPegs.ts';
import { untilFree } from '../untilFree.ts';
import { version } from '../version.ts';
import { describeDecision } from './describeDecision.ts';
import { type CommonOptions, configCommand, refuse, say, withPorts } from './withConfig.ts';

type Options = CommonOptions & { readonly id?: string };

const idPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

export const rebalanceCommand = (): Command =>
  configCommand('rebalance', 'one rebalance now, through the same line as the daemon')
    .option('--id <text>', 'name of the rebalance: the same id resumes it, or does nothing')
    .action(async (options: Options) => {
      if (options.id !== undefined && !idPattern.test(options.id)) {
        const allowed = '1 to 100 letters, digits, dots, dashes or underscores';
        process.exitCode = refuse(options, [{ path: '--id', found: options.id, allowed }]);
        return;
      }
      await withPorts(options, (open) => rebalanceOnce(open, options));
    });

async function rebalanceOnce(
  { config, ports, policy }: Parameters<Parameters<typeof withPorts>[1]>[0],
  options: Options,
): Promise<number> {
  const leaseWaitMs = 2 * policy.execution.settlingMs;
  await recover(ports, policy, { leverage: venueLeverage(policy.sizing), leaseWaitMs });
  await syncForDecision(ports, policy);
  // No watch may be running beside this command: its own look lasts as long as it may send.
  const permitMs = policy.execution.deadlineMs;
  await lookFirst(ports, policy, { ...guardSettings(config), permitMs });
  await pegsFirst(ports, policy, pegLimits(config));
  const nowMs = ports.clock.nowMs();
  const slot =
    options.id === undefined
      ? slotOf(policy.portfolio, 'manual', nowMs)
      : namedSlot(options.id, nowMs);
  const result = await untilFree(ports, policy, async () => {
    const ended = await rebalance(ports, policy, slot, version);
    return ended.kind === 'busy' ? null : ended;
  });
  if (result === null) {
    say(options, { kind: 'busy' }, 'another process is rebalancing this portfolio');
    return 3;
  }
  const { decision } = result.record;
  const outcome = result.kind === 'ended' ? result.outcome : 'repeated';
  say(options, { kind: outcome, decision }, `${describeDecision(decision)}\noutcome: ${outcome}`);
  return outcome === 'complete' || outcome === 'repeated' || isQuiet(decision) ? 0 : 3;
}

const isQuiet = (decision: { readonly kind: string; readonly code?: string }): boolean =>
  decision.kind === 'stand' && decision.code === 'WITHIN_BANDS';
