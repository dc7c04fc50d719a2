/** Brings the history of every instrument of the universe up to the present. */

import type { Instrument } from '../domain/instrument.ts';
import { OperatingError } from '../domain/operatingError.ts';
import type { Policy } from '../domain/policy.ts';
import { requiredSymbols } from '../domain/universe.ts';
import { attempt } from './attempt.ts';
import { loadInstruments } from './observeMarket.ts';
import type { VenueReader } from './ports/venue.ts';
import type { Ports } from './ports.ts';
import { type HistoryGap, syncHistory, syncNewest } from './syncHistory.ts';

/** @returns the gaps that the venues left. @throws OperatingError when a venue does not answer, the others being read by then. */
export async function syncUniverse(ports: Ports, policy: Policy): Promise<readonly HistoryGap[]> {
  return (await atEachVenue(ports, policy, syncHistory)).flat();
}

/** For a decision that must not wait for a venue: bars that are missing are old in its snapshot, and that is told. */
export async function syncForDecision(ports: Ports, policy: Policy): Promise<void> {
  const synced = await attempt(ports, () => atEachVenue(ports, policy, syncNewest));
  if (synced.kind === 'observed') return;
  ports.reporter.warn({ event: 'historyUnread', reason: synced.reason });
}

async function atEachVenue<T>(
  ports: Ports,
  policy: Policy,
  run: (
    ports: Ports,
    policy: Policy,
    reader: VenueReader,
    instruments: readonly Instrument[],
  ) => Promise<T>,
): Promise<readonly T[]> {
  const symbols = requiredSymbols(policy);
  const read = await Promise.allSettled(
    [...ports.venues].map(async ([id, venue]) => {
      const instruments = await loadInstruments(ports, venue, symbols[id] ?? []);
      return await run(ports, policy, venue.reader, instruments);
    }),
  );
  const failures = read.flatMap((one) =>
    one.status === 'rejected' ? [one.reason as unknown] : [],
  );
  const ours = failures.find((failure) => !(failure instanceof OperatingError));
  if (failures.length > 0) throw ours ?? failures[0];
  return read.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}
