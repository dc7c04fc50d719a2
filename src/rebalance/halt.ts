/**
 * The kill switch: the venues first, the database second; one person can pull it, resuming is a separate act.
 *
 * Works beside a running daemon and without one: it needs the venues and the database, each on its own.
 */
import { OperatingError } from '../domain/operatingError.ts';
import type { Policy } from '../domain/policy.ts';
import { requiredSymbols } from '../domain/universe.ts';
import { loadInstruments } from './observeMarket.ts';
import type { Ports } from './ports.ts';

export type HaltReport = {
  readonly venues: readonly {
    readonly venue: string;
    readonly cancelled: number | null;
    readonly failure: string | null;
  }[];
  /** null: recorded; else why the database did not take it. */
  readonly databaseFailure: string | null;
};

export async function halt(ports: Ports, policy: Policy, reason: string): Promise<HaltReport> {
  const symbols = requiredSymbols(policy);
  const venues = await Promise.all(
    [...ports.venues].map(async ([id, venue]) => {
      try {
        const instruments = await loadInstruments(ports, venue, symbols[id] ?? []);
        const cancelled = await venue.gateway.cancelAll(instruments);
        return { venue: id, cancelled, failure: null };
      } catch (error) {
        if (!(error instanceof OperatingError)) throw error;
        return { venue: id, cancelled: null, failure: error.message };
      }
    }),
  );
  const databaseFailure = await recordHalt(ports, policy.portfolio, reason);
  ports.reporter.warn({ event: 'halted', reason, venues, databaseFailure });
  return { venues, databaseFailure };
}

async function recordHalt(ports: Ports, portfolio: string, reason: string): Promise<string | null> {
  try {
    const nowMs = ports.clock.nowMs();
    await ports.state.setHalt(portfolio, reason, nowMs);
    await ports.state.appendEvent(portfolio, 'halted', { reason }, nowMs);
    return null;
  } catch (error) {
    if (!(error instanceof OperatingError)) throw error;
    return error.message;
  }
}

export async function resume(ports: Ports, portfolio: string): Promise<void> {
  const nowMs = ports.clock.nowMs();
  await ports.state.setHalt(portfolio, null, nowMs);
  await ports.state.appendEvent(portfolio, 'resumed', {}, nowMs);
  ports.reporter.event({ event: 'resumed' });
}
