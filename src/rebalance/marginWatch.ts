/**
 * The margin watch: reads every account, warns, and raises the no-increase fence while a venue's margin is tight or unknown.
 *
 * The fence falls by itself when the watch stops raising it; it lasts three periods, so that one failed read does not lower it.
 */
import type { VenueId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import { attempt } from './attempt.ts';
import { noIncreaseCursor } from './fence.ts';
import type { Ports } from './ports.ts';

export type MarginLimits = {
  readonly warnRatio: number;
  readonly fenceRatio: number;
  readonly periodMs: number;
};

export type MarginReading = {
  readonly venue: VenueId;
  readonly equityUsd: number | null;
  /** Maintenance ÷ equity; null: unknown. */
  readonly marginRatio: number | null;
  readonly level: 'calm' | 'warn' | 'fence';
};

export async function watchMargin(
  ports: Ports,
  policy: Policy,
  limits: MarginLimits,
): Promise<readonly MarginReading[]> {
  const readings = await Promise.all(
    [...ports.venues].map(async ([venue, { reader }]): Promise<MarginReading> => {
      const account = await attempt(ports, () => reader.account());
      if (account.kind === 'unknown') {
        return { venue, equityUsd: null, marginRatio: null, level: 'fence' };
      }
      const { equityUsd, maintenanceMarginUsd } = account.value;
      const marginRatio = maintenanceMarginUsd === 0 ? 0 : maintenanceMarginUsd / equityUsd;
      const isTight = equityUsd <= 0 || marginRatio >= limits.fenceRatio;
      const level = isTight ? 'fence' : marginRatio >= limits.warnRatio ? 'warn' : 'calm';
      return { venue, equityUsd, marginRatio, level };
    }),
  );
  for (const reading of readings) {
    if (reading.level !== 'calm') ports.reporter.warn({ event: 'margin', ...reading });
  }
  if (readings.some((reading) => reading.level === 'fence')) {
    const untilMs = ports.clock.nowMs() + 3 * limits.periodMs;
    await ports.state.setCursor(noIncreaseCursor(policy.portfolio), untilMs);
  }
  return readings;
}
