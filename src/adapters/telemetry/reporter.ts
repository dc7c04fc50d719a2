/** The reporter port: one log line a step of the line, and the metrics that belong to it. */
import type { Logger } from 'pino';
import { denialCodes } from '../../domain/denial.ts';
import { shortfallParts } from '../../execution/shortfall.ts';
import { guardRungs } from '../../margin/guard.ts';
import type { LineEvent, Reporter } from '../../rebalance/ports/report.ts';
import { alertEvents, endedStates } from './labels.ts';
import type { Metrics } from './metrics.ts';

export function createReporter({
  logger,
  metrics,
}: {
  readonly logger: Logger;
  readonly metrics: Metrics;
}): Reporter {
  const venueLabel = (venue: string): string =>
    metrics.sets.venues.includes(venue) ? venue : 'other';
  const countStep = ({ venue, to }: LineEvent): void => {
    const rung = guardRungs.find((known) => known === to);
    if (rung !== undefined) metrics.guardSteps.inc({ venue: venueLabel(String(venue)), rung });
  };
  const observeShortfall = ({ bps }: LineEvent): void => {
    const known = (bps ?? {}) as Readonly<Record<string, unknown>>;
    for (const part of shortfallParts) {
      const value = known[part];
      if (typeof value === 'number') metrics.shortfallBps.observe({ part }, value);
    }
  };
  const split = ({ event, ...rest }: LineEvent) => [rest, event] as const;
  return {
    event: (event) => {
      logger.info(...split(event));
      if (event.event === 'shortfall') observeShortfall(event);
    },
    warn: (event) => {
      logger.warn(...split(event));
      const alert = alertEvents.find((known) => known === event.event);
      if (alert !== undefined) metrics.alerts.inc({ event: alert });
      if (event.event === 'guardStep') countStep(event);
    },
    orderAcked: (venue, ms) => metrics.ackSeconds.observe({ venue: venueLabel(venue) }, ms / 1000),
    orderEnded: (venue, found) => {
      const state = endedStates.find((known) => known === found) ?? 'other';
      metrics.orders.inc({ venue: venueLabel(venue), state });
    },
    orderDenied: (code) => metrics.denials.inc({ code: code in denialCodes ? code : 'other' }),
    slippage: (bps) => metrics.slippageBps.observe(bps),
    rebalanceEnded: (outcome, seconds) => {
      metrics.rebalances.inc({ outcome });
      metrics.rebalanceSeconds.observe(seconds);
    },
  };
}
