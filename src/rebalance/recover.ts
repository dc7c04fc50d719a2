/**
 * Start-up is recovery: permissions and modes, no other daemon, opening balances, orders settled, the ledger reconciled; then
 * jobs are taken.
 *
 * There is no second path for a clean shutdown.
 */
import type { Instrument } from '../domain/instrument.ts';
import { OperatingError } from '../domain/operatingError.ts';
import type { Policy } from '../domain/policy.ts';
import { requiredSymbols } from '../domain/universe.ts';
import { assessHealth } from './assessHealth.ts';
import { loadInstruments } from './observeMarket.ts';
import { openLedger } from './openLedger.ts';
import type { Venue } from './ports/venue.ts';
import type { Ports } from './ports.ts';
import { type ReconcileReport, reconcileVenues } from './reconcileVenues.ts';
import { refuseRivals, rivalError } from './refuseRival.ts';
import { underLease, untilHeld } from './underLease.ts';

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
  const venues = [...ports.venues.values()];
  const found: (readonly [Venue, readonly Instrument[]])[] = [];
  for (const venue of venues) found.push([venue, await checkVenue(ports, policy, venue)]);
  for (const venue of venues) await refuseRivals(ports, policy, venue);
  await openLedger(ports, policy, leaseWaitMs);
  for (const [{ reader, gateway }, instruments] of found) {
    await underLease(ports, policy, leaseWaitMs, async () => {
      await gateway.prepare(instruments, leverage);
      return 'prepared';
    });
    await assessHealth(ports, reader);
  }
  const report = await untilHeld(ports, policy, leaseWaitMs, () =>
    reconcileVenues(ports, policy, { adjust: true }),
  );
  refuseSeen(report);
  return report;
}

/** Reads only. @returns the universe's instruments there. @throws OperatingError */
async function checkVenue(
  ports: Ports,
  policy: Policy,
  venue: Venue,
): Promise<readonly Instrument[]> {
  const { reader } = venue;
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
  return instruments;
}

/** Those that came meanwhile, or are in a symbol outside the universe. @throws OperatingError */
function refuseSeen({ outstanding }: ReconcileReport): void {
  const rival = outstanding.find((one) => one.kind === 'owner');
  if (rival === undefined) return;
  throw rivalError(rival.venue, rival.venueSays);
}
