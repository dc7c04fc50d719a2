/** `plan`: observes and decides once, sends nothing: targets, risk shares, what binds, orders, denials. */
import type { Command } from 'commander';
import type { Decision } from '../domain/decision.ts';
import { guardSettings, pegLimits } from '../guardSettings.ts';
import { isAtLeast } from '../margin/guard.ts';
import { decide } from '../rebalance/decide.ts';
import { watchMargin } from '../rebalance/marginWatch.ts';
import { observe } from '../rebalance/observe.ts';
import { openLedger } from '../rebalance/openLedger.ts';
import { namedSlot } from '../rebalance/slot.ts';
import { syncForDecision } from '../rebalance/syncUniverse.ts';
import { pegsFirst } from '../rebalance/watchPegs.ts';
import { describeDecision } from './describeDecision.ts';
import { type CommonOptions, configCommand, say, withPorts } from './withConfig.ts';

export const planCommand = (): Command =>
  configCommand('plan', 'decide once and send nothing').action(async (options: CommonOptions) => {
    await withPorts(options, async ({ config, ports, policy }) => {
      await openLedger(ports, policy);
      await syncForDecision(ports, policy);
      await pegsFirst(ports, policy, pegLimits(config));
      const slot = namedSlot('plan', ports.clock.nowMs());
      const decision: Decision = decide(await observe(ports, policy, slot), policy);
      const readings = await watchMargin(ports, policy, guardSettings(config));
      const marginGuard = readings.map(({ venue, level }) => ({ venue, level }));
      const fenced = marginGuard.filter(({ level }) => isAtLeast(level, 'noIncrease'));
      const notes = fenced.map(
        ({ venue, level }) =>
          `the margin guard is at ${level} for ${venue}: no increase would be sent`,
      );
      say(options, { ...decision, marginGuard }, [describeDecision(decision), ...notes].join('\n'));
      const isNo = decision.kind === 'stand' && decision.code !== 'WITHIN_BANDS';
      return isNo ? 3 : 0;
    });
  });
