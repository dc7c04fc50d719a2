/** The opening balances: what every venue held before the first rebalance, booked once. */
import { isZero } from '../domain/decimal.ts';
import { OperatingError } from '../domain/operatingError.ts';
import type { Policy } from '../domain/policy.ts';
import { requiredSymbols } from '../domain/universe.ts';
import { openingTransactions } from '../ledger/openingTransactions.ts';
import { loadInstruments } from './observeMarket.ts';
import type { Venue } from './ports/venue.ts';
import type { Ports } from './ports.ts';
import { refuseRivalFills } from './refuseRival.ts';

/**
 * @throws OperatingError when a venue does not answer, holds a perpetual that is not in the universe, or is another daemon's.
 */
export async function openLedger(ports: Ports, policy: Policy): Promise<void> {
  for (const venue of ports.venues.values()) {
    const opened = await ports.state.cursor(`opened|${venue.reader.id}`);
    if (opened === null) await openVenue(ports, policy, venue);
  }
}

async function openVenue(ports: Ports, policy: Policy, venue: Venue): Promise<void> {
  const { reader } = venue;
  const atMs = ports.clock.nowMs();
  const instruments = await loadInstruments(ports, venue, requiredSymbols(policy)[reader.id] ?? []);
  await refuseRivalFills(ports, policy, venue, instruments);
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
  await ports.ledger.post(policy.portfolio, opening.transactions);
  await ports.state.setCursor(`opened|${reader.id}`, atMs);
  await ports.state.setCursor(`fills|${reader.id}`, atMs);
}
