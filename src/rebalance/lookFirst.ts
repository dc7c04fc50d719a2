/** The margin watch's look for whoever sends without one beside it, or before its first run; not where somebody looked a moment ago. */
import type { Policy } from '../domain/policy.ts';
import { increasesCursor } from './fence.ts';
import { type GuardSettings, watchMargin } from './marginWatch.ts';
import type { Ports } from './ports.ts';

export async function lookFirst(
  ports: Ports,
  policy: Policy,
  settings: GuardSettings,
): Promise<void> {
  const untilMs = await ports.state.cursor(increasesCursor(policy.portfolio));
  if (untilMs !== null && untilMs > ports.clock.nowMs() + (settings.permitMs ?? 0)) return;
  await watchMargin(ports, policy, settings);
}
