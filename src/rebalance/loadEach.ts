/** Instruments for the kill switch: one that cannot be loaded, such as a delisted one, must not keep the others from being reached. */
import type { Instrument } from '../domain/instrument.ts';
import { OperatingError } from '../domain/operatingError.ts';
import type { VenueReader } from './ports/venue.ts';

export type LoadedEach = {
  readonly instruments: readonly Instrument[];
  /** Why the others are missing; null: none is. */
  readonly failure: string | null;
};

/** All at once, and where that fails one by one. */
export async function loadEach(
  reader: VenueReader,
  symbols: readonly string[],
): Promise<LoadedEach> {
  const all = await tried(() => reader.instruments(symbols));
  if (typeof all !== 'string') return { instruments: all, failure: null };
  if (symbols.length <= 1) return { instruments: [], failure: all };
  const each = await Promise.all(
    symbols.map((symbol) => tried(() => reader.instruments([symbol]))),
  );
  const instruments = each.flatMap((one) => (typeof one === 'string' ? [] : one));
  const failures = each.filter((one) => typeof one === 'string');
  return { instruments, failure: failures.length === 0 ? null : [...new Set(failures)].join('; ') };
}

/** What came, or the message of why nothing did. */
async function tried<T>(ask: () => Promise<T>): Promise<T | string> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof OperatingError)) throw error;
    return error.message;
  }
}
