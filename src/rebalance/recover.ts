/**
 * Start-up is recovery: opening balances, permissions and modes, orders settled, the ledger reconciled; then jobs are taken.
 *
 * There is no second path for a clean shutdown.
 */
import { OperatingError } from '../domain/operatingError.ts';
import type { Policy } from '../domain/policy.ts';
import { requiredSymbols } from '../domain/universe.ts';
import { assessHealth } from './assessHealth.ts';
import { loadInstruments } from './observeMarket.ts';
import { openLedger } from './openLedger.ts';
import type { Venue } from './ports/venue.ts';
import type { Ports } from './ports.ts';
import { type ReconcileReport, reconcileVenues } from './reconcileVenues.ts';
import { rivalError } from './refuseRival.ts';

export type RecoverySettings = {
  /** Leverage set per perpetual. */
  readonly leverage: number;
  /** How long another holder of the lease is waited for: a killed process leaves it until it runs out. */
  readonly leaseWaitMs: number;
};

/** @throws OperatingError naming the thing and the remedy; the daemon must not trade then. */
export async function recover(
  ports: Ports,
  policy: Policy,
  { leverage, leaseWaitMs }: RecoverySettings,
): Promise<ReconcileReport> {
  for (const venue of ports.venues.values()) await prepareVenue(ports, policy, venue, leverage);
  await openLedger(ports, policy);
  const giveUpMs = ports.clock.nowMs() + leaseWaitMs;
  for (;;) {
    const report = await reconcileVenues(ports, policy, { adjust: true });
    if (report !== null) {
      refuseRivals(report);
      return report;
    }
    if (ports.clock.nowMs() >= giveUpMs) {
      throw new OperatingError(
        `another process holds portfolio ${policy.portfolio}, was held for ${leaseWaitMs} ms`,
        { retryable: false, remedy: 'stop the other daemon, or give this one another portfolio' },
      );
    }
    await ports.clock.sleep(policy.execution.pollMs);
  }
}

async function prepareVenue(
  ports: Ports,
  policy: Policy,
  venue: Venue,
  leverage: number,
): Promise<void> {
  const { reader, gateway } = venue;
  const permissions = await reader.permissions();
  if (permissions.withdraw === true) {
    throw new OperatingError(`the key of ${reader.id} may withdraw, which no key here may`, {
      retryable: false,
      fault: 'input',
      remedy: 'make a key without the withdrawal permission and put it in its place',
    });
  }
  if (permissions.withdraw === 'unknown') {
    const remedy = 'see on its page that the key may not withdraw';
    ports.reporter.warn({ event: 'withdrawalPermissionUnknown', venue: reader.id, remedy });
  }
  if (!permissions.trade) {
    throw new OperatingError(`the key of ${reader.id} may not trade`, {
      retryable: false,
      fault: 'input',
      remedy: 'give the key the permission to trade contracts and spot',
    });
  }
  const offsetMs = await reader.clockOffsetMs();
  if (Math.abs(offsetMs) > policy.limits.clockOffsetMsMax) {
    throw new OperatingError(
      `the clock differs from ${reader.id}'s by more than ${policy.limits.clockOffsetMsMax} ms, was ${Math.round(offsetMs)} ms`,
      { retryable: true, remedy: 'synchronise this machine’s clock (NTP)' },
    );
  }
  const symbols = requiredSymbols(policy)[reader.id] ?? [];
  const instruments = await loadInstruments(ports, venue, symbols);
  const account = await reader.account();
  if (account.positionMode === 'hedge') {
    throw new OperatingError(`the account at ${reader.id} is in hedge mode`, {
      retryable: false,
      fault: 'refusal',
      remedy: 'close hedged positions and switch the account to one-way mode',
    });
  }
  await gateway.prepare(instruments, leverage);
  await assessHealth(ports, reader);
}

/** @throws OperatingError */
function refuseRivals({ outstanding }: ReconcileReport): void {
  const rival = outstanding.find((one) => one.kind === 'owner');
  if (rival === undefined) return;
  throw rivalError(rival.venue, rival.venueSays);
}
