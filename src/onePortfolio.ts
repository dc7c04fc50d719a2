/** One portfolio as the whole of a process: opened at once, recovered before the queue is asked for jobs. */
import type { Config } from './config/schema.ts';
import type { Fleet, FleetParts } from './fleet.ts';
import { openPortfolio } from './openPortfolio.ts';

/** @throws OperatingError when a venue or a simulator cannot be opened. */
export async function openOne(config: Config, parts: FleetParts): Promise<Fleet> {
  const { site, clock, secrets, close } = await openPortfolio(config, parts, false);
  return {
    app: site.page,
    jobs: site.jobs,
    clock,
    secrets: () => secrets,
    metricsOf: () => [site.metrics],
    queueSeen: (isUp) => site.live.queueSeen(isUp),
    recovered: () => site.recovered(),
    close,
  };
}
