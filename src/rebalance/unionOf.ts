/** The instruments that a reconciliation looks at: the universe's, and whatever else the venue holds or an order of ours is in. */
import { isZero } from '../domain/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Policy } from '../domain/policy.ts';
import { requiredSymbols } from '../domain/universe.ts';
import { loadEach } from './loadEach.ts';
import { loadInstruments } from './observeMarket.ts';
import type { Venue } from './ports/venue.ts';
import type { Ports } from './ports.ts';

/** @throws OperatingError when the venue does not answer; a symbol that it lists and cannot load is left out. */
export async function unionOf(
  ports: Ports,
  policy: Policy,
  venue: Venue,
): Promise<readonly Instrument[]> {
  const { reader } = venue;
  const [own, positions, unended] = await Promise.all([
    loadInstruments(ports, venue, requiredSymbols(policy)[reader.id] ?? []),
    reader.positions(),
    ports.orders.unended(policy.portfolio),
  ]);
  const known = new Set(own.map((one) => one.symbol));
  const held = Object.entries(positions).flatMap(([symbol, base]) => (isZero(base) ? [] : symbol));
  const ordered = unended
    .filter((one) => one.venue === reader.id && one.action !== 'transfer')
    .map((one) => one.symbol);
  const others = [...new Set([...held, ...ordered])].filter((symbol) => !known.has(symbol));
  if (others.length === 0) return own;
  return [...own, ...(await loadEach(reader, others)).instruments];
}
