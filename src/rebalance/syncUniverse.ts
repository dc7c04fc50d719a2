/** Brings the history of every instrument of the universe up to the present. */
import type { Policy } from '../domain/policy.ts';
import { requiredSymbols } from '../domain/universe.ts';
import { loadInstruments } from './observeMarket.ts';
import type { Ports } from './ports.ts';
import { type HistoryGap, syncHistory } from './syncHistory.ts';

/** @returns the gaps that the venues left. @throws OperatingError when a venue does not answer. */
export async function syncUniverse(ports: Ports, policy: Policy): Promise<readonly HistoryGap[]> {
  const symbols = requiredSymbols(policy);
  const gaps = await Promise.all(
    [...ports.venues].map(async ([id, venue]) => {
      const instruments = await loadInstruments(ports, venue, symbols[id] ?? []);
      return await syncHistory(ports, policy, venue.reader, instruments);
    }),
  );
  return gaps.flat();
}
