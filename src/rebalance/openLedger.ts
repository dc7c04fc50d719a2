/**
 * The opening balances: what every venue held before the first rebalance, booked once.
 *
 * Under the lease: of two workers that start at once, the slower would take for the opening what the faster has traded since.
 */
import { isZero } from '../domain/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import { OperatingError } from '../domain/operatingError.ts';
import type { Policy } from '../domain/policy.ts';
import { requiredSymbols } from '../domain/universe.ts';
import { openingTransactions } from '../ledger/openingTransactions.ts';
import { loadInstruments } from './observeMarket.ts';
import type { HeldLease } from './ports/lease.ts';
import type { Venue } from './ports/venue.ts';
import type { Ports } from './ports.ts';
import { refuseRivals } from './refuseRival.ts';
import { underLease } from './underLease.ts';

/** By then a killed worker's lease has run out. */
const waitSettlings = 2;

/**
 * @param waitMs how long another holder of the lease is waited for.
 * @throws OperatingError when a venue does not answer, holds a perpetual that is not in the universe, or is another daemon's.
 */
export async function openLedger(
  ports: Ports,
  policy: Policy,
  waitMs: number = waitSettlings * policy.execution.settlingMs,
): Promise<void> {
  for (const venue of ports.venues.values()) {
    if (await isOpened(ports, venue)) continue;
    await refuseRivals(ports, policy, venue);
    const symbols = requiredSymbols(policy)[venue.reader.id] ?? [];
    const instruments = await loadInstruments(ports, venue, symbols);
    await underLease(ports, policy, waitMs, (lease) =>
      openVenue(ports, policy, { venue, instruments, lease }),
    );
  }
}

const isOpened = async ({ state }: Ports, { reader }: Venue): Promise<boolean> =>
  (await state.cursor(`opened|${reader.id}`)) !== null;

type Opening = {
  readonly venue: Venue;
  readonly instruments: readonly Instrument[];
  readonly lease: HeldLease;
};

/** @returns null when the lease was lost while the account was read: another may have traded since. */
async function openVenue(
  ports: Ports,
  policy: Policy,
  { venue, instruments, lease }: Opening,
): Promise<'opened' | null> {
  if (await isOpened(ports, venue)) return 'opened';
  const { reader } = venue;
  const atMs = ports.clock.nowMs();
  const [account, positions] = await Promise.all([reader.account(), reader.positions()]);
  const marks: Record<string, number> = {};
  for (const instrument of instruments) {
    const held = positions[instrument.symbol];
    if (held !== undefined && !isZero(held)) {
      marks[instrument.symbol] = (await reader.quote(instrument)).mark;
    }
  }
  const opening = openingTransactions({
    venue: reader.id,
    atMs,
    coins: account.coins,
    positions,
    marks,
  });
  if (opening.kind === 'markUnknown') {
    throw new OperatingError(
      `${reader.id} holds a position that no leg of the portfolio names, was ${opening.symbol}`,
      {
        retryable: false,
        fault: 'refusal',
        remedy: 'close it, move it to another account, or add a leg for it',
      },
    );
  }
  if (!(await lease.isHeld())) return null;
  await ports.ledger.post(policy.portfolio, opening.transactions);
  await ports.state.setCursor(`opened|${reader.id}`, atMs);
  await ports.state.setCursor(`fills|${reader.id}`, atMs);
  return 'opened';
}
