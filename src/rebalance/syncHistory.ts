/**
 * Brings the stored history up to the present: bars and funding, page by page, whole bars only, gaps counted.
 *
 * Reading stops at a page that brings nothing new, so a venue that repeats itself cannot hold it for ever.
 */
import type { Instrument } from '../domain/instrument.ts';
import type { Policy } from '../domain/policy.ts';
import type { Bar, FundingStamp, VenueReader } from './ports/venue.ts';
import type { Ports } from './ports.ts';

const pagesMax = 200;

export type HistoryGap = {
  readonly instrument: string;
  readonly missingBars: number;
  readonly ofBars: number;
};

/** @returns the gaps that the venues left within the look-back. @throws OperatingError when a venue does not answer. */
export async function syncHistory(
  ports: Ports,
  policy: Policy,
  reader: VenueReader,
  instruments: readonly Instrument[],
): Promise<readonly HistoryGap[]> {
  const range = rangeOf(ports, policy);
  await readRange(ports, reader, instruments, range);
  const { fromMs, lastCloseMs, barMs } = range;
  const ofBars = policy.risk.lookbackBars + 1;
  const gaps = await Promise.all(
    instruments.map(async (instrument) => {
      if (instrument.kind === 'earn') return [];
      const series = { instrument: instrument.id, kind: kindOf(instrument), barMs };
      const stored = await ports.history.bars(series, fromMs, lastCloseMs);
      const missingBars = ofBars - stored.length;
      return missingBars > 0 ? [{ instrument: instrument.id, missingBars, ofBars }] : [];
    }),
  );
  return gaps.flat();
}

/** The same for whom gaps are none of his business: they are counted by reading all of it. */
export const syncNewest = (
  ports: Ports,
  policy: Policy,
  reader: VenueReader,
  instruments: readonly Instrument[],
): Promise<void> => readRange(ports, reader, instruments, rangeOf(ports, policy));

type Range = { readonly fromMs: number; readonly lastCloseMs: number; readonly barMs: number };
type BarRange = Range & { readonly kind: 'last' | 'mark' };

function rangeOf({ clock }: Ports, { risk }: Policy): Range {
  const { barMs, lookbackBars } = risk;
  const lastCloseMs = Math.floor(clock.nowMs() / barMs) * barMs;
  return { fromMs: lastCloseMs - (lookbackBars + 1) * barMs, lastCloseMs, barMs };
}

const kindOf = ({ kind }: Instrument): 'last' | 'mark' => (kind === 'perpetual' ? 'mark' : 'last');

async function readRange(
  ports: Ports,
  reader: VenueReader,
  instruments: readonly Instrument[],
  range: Range,
): Promise<void> {
  await Promise.all(
    instruments.map(async (instrument) => {
      if (instrument.kind === 'earn') return;
      await syncBars(ports, reader, instrument, { ...range, kind: kindOf(instrument) });
      if (instrument.kind === 'perpetual') {
        await syncFunding(ports, reader, instrument, range.fromMs);
      }
    }),
  );
}

async function syncBars(
  ports: Ports,
  reader: VenueReader,
  instrument: Instrument,
  { kind, fromMs, lastCloseMs, barMs }: BarRange,
): Promise<void> {
  const cursor = `bars|${instrument.id}|${kind}|${barMs}`;
  let sinceMs = await resumeAt(ports, cursor, fromMs);
  for (let page = 0; page < pagesMax && sinceMs < lastCloseMs; page += 1) {
    const read = await reader.bars(instrument, kind, sinceMs, barMs);
    const fresh = read.filter(
      (bar: Bar) => bar.openMs >= sinceMs && bar.openMs + barMs <= lastCloseMs,
    );
    const newest = fresh.at(-1);
    if (newest === undefined) return;
    await ports.history.saveBars({ instrument: instrument.id, kind, barMs }, fresh);
    sinceMs = newest.openMs + barMs;
    await ports.state.setCursor(cursor, sinceMs);
  }
}

/** Where reading goes on; from the beginning again when the look-back has grown past what was read. */
async function resumeAt(ports: Ports, cursor: string, fromMs: number): Promise<number> {
  const [readFromMs, readToMs] = await Promise.all([
    ports.state.cursor(`${cursor}|from`),
    ports.state.cursor(cursor),
  ]);
  if (readFromMs !== null && readToMs !== null && readFromMs <= fromMs) {
    return Math.max(fromMs, readToMs);
  }
  // First where reading goes on: a venue that fails now must not leave a hole that passes for read.
  await ports.state.setCursor(cursor, fromMs);
  await ports.state.setCursor(`${cursor}|from`, fromMs);
  return fromMs;
}

async function syncFunding(
  ports: Ports,
  reader: VenueReader,
  instrument: Instrument,
  fromMs: number,
): Promise<void> {
  const cursor = `funding|${instrument.id}`;
  let sinceMs = await resumeAt(ports, cursor, fromMs);
  for (let page = 0; page < pagesMax; page += 1) {
    const read = await reader.fundingHistory(instrument, sinceMs);
    const fresh = read.filter((stamp: FundingStamp) => stamp.atMs >= sinceMs);
    const newest = fresh.at(-1);
    if (newest === undefined) return;
    await ports.history.saveFunding(instrument.id, fresh);
    sinceMs = newest.atMs + 1;
    await ports.state.setCursor(cursor, sinceMs);
  }
}
