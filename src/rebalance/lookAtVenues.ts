/**
 * The solvency watch: reads every venue's figures and feeds at one time, holds the venues against each other, remembers, assesses.
 *
 * Figures are extra: one that cannot be read is unknown in its own signal and keeps nobody waiting but this watch.
 */
import type { VenueId } from '../domain/ids.ts';
import { type Observed, observed } from '../domain/observed.ts';
import type { Environment, VenueHealth } from '../domain/venue.ts';
import type { FeedFigures, MarketFigure, VenueFigures } from '../signals/solvency/figures.ts';
import { type Look, nextMemory, type Past, samplesOf } from '../signals/solvency/memory.ts';
import { assessHealth } from './assessHealth.ts';
import { attempt } from './attempt.ts';
import type { SolvencyWatch } from './ports/solvency.ts';
import type { VenueReader, VenueSigns } from './ports/venue.ts';
import type { Ports } from './ports.ts';

/** The usual is what was read every four hours over thirty days. */
const sampleMs = 4 * 3_600_000;
const pastMs = 30 * 86_400_000;
/** A person is told again, while a venue is to be left and something lies there. */
const tellEveryMs = 3_600_000;

const notOffered = { kind: 'notOffered' } as const;
const noFigures: VenueFigures = {
  markets: notOffered,
  insuranceUsd: notOffered,
  ownToken: notOffered,
};

type VenueReading = {
  readonly reader: VenueReader;
  readonly signs: Observed<VenueSigns>;
  readonly figures: VenueFigures;
  readonly feeds: FeedFigures;
};

/** What was found of each venue. */
type Looks = ReadonlyMap<VenueId, VenueHealth>;

/** Without a memory to keep it in, the switches alone. @throws OperatingError when the database does not answer. */
export async function lookAtVenues(ports: Ports): Promise<Looks> {
  const watch = ports.solvency;
  const readers = [...ports.venues.values()].map(({ reader }) => reader);
  if (watch === undefined) {
    const found = new Map<VenueId, VenueHealth>();
    for (const reader of readers) found.set(reader.id, await assessHealth(ports, reader));
    return found;
  }
  const readings = await Promise.all(readers.map((reader) => readVenue(ports, watch, reader)));
  const nowMs = ports.clock.nowMs();
  const found = await Promise.all(
    readings.map(async (reading) => {
      const others = othersOf(reading, readings, nowMs);
      await remember(ports, watch, reading, lookOf(reading, others, nowMs));
      return [reading.reader.id, await judge(ports, reading)] as const;
    }),
  );
  return new Map(found);
}

/** Looks where nobody did lately: a command by hand while no daemon runs. @returns nothing where it was not due. */
export async function lookIfDue(ports: Ports): Promise<Looks> {
  const watch = ports.solvency;
  if (watch === undefined) return new Map();
  const kept = await Promise.all([...ports.venues.keys()].map((id) => watch.store.memory(id)));
  const nowMs = ports.clock.nowMs();
  const isDue = kept.some((one) => one === null || nowMs - one.atMs > watch.lookAgeMsMax);
  return isDue ? await lookAtVenues(ports) : new Map();
}

async function readVenue(
  ports: Ports,
  watch: SolvencyWatch,
  reader: VenueReader,
): Promise<VenueReading> {
  const [signs, figures, feeds] = await Promise.all([
    attempt(ports, () => reader.signs(watch.rules.mainCoins)),
    attempt(ports, async () => (await reader.figures?.(watch.coins)) ?? noFigures),
    watch.feeds.read(reader.id),
  ]);
  if (figures.kind === 'observed') return { reader, signs, figures: figures.value, feeds };
  const failed = { markets: figures, insuranceUsd: figures, ownToken: figures };
  return { reader, signs, figures: failed, feeds };
}

const lookOf = (
  { signs, figures, feeds }: VenueReading,
  others: Look['others'],
  nowMs: number,
): Look => ({
  nowMs,
  figures,
  chains: signs.kind === 'observed' ? (signs.value.chains ?? []) : null,
  others,
  feeds,
});

/**
 * Markets of other exchanges that should have the same prices; a second account at the same one would agree with whatever it says.
 *
 * Testnets have prices of their own and are compared with nothing; simulators with each other.
 */
function othersOf(of: VenueReading, all: readonly VenueReading[], nowMs: number): Look['others'] {
  const kind = marketKind(of.reader.environment);
  const peers = all.filter(
    ({ reader }) =>
      reader !== of.reader &&
      kind !== null &&
      marketKind(reader.environment) === kind &&
      (kind === 'simulated' || reader.exchange !== of.reader.exchange),
  );
  if (peers.length === 0) return notOffered;
  const read = peers.flatMap(({ figures }): readonly (readonly MarketFigure[])[] =>
    figures.markets.kind === 'observed' ? [figures.markets.value] : [],
  );
  const isOffered = peers.some(({ figures }) => figures.markets.kind !== 'notOffered');
  if (read.length > 0) return observed(read, nowMs);
  return isOffered ? { kind: 'unknown', reason: 'no other venue could be read' } : notOffered;
}

function marketKind(environment: Environment): 'real' | 'simulated' | null {
  switch (environment) {
    case 'live':
    case 'demo':
      return 'real';
    case 'simulated':
      return 'simulated';
    case 'testnet':
      return null;
  }
}

async function remember(
  { history }: Ports,
  { portfolio, store, rules }: SolvencyWatch,
  { reader }: VenueReading,
  look: Look,
): Promise<void> {
  const { nowMs } = look;
  const slotMs = Math.floor(nowMs / sampleMs) * sampleMs;
  const before = await store.memory(reader.id);
  const samples = samplesOf(look);
  const nameOf = (series: string): string => `solvency|${portfolio}|${reader.id}|${series}`;
  const past: Past = Object.fromEntries(
    await Promise.all(
      Object.keys(samples).map(async (series) => {
        const read = await history.readings(nameOf(series), slotMs - pastMs, slotMs);
        return [series, read.map(({ value }) => value)] as const;
      }),
    ),
  );
  await store.recordMemory(reader.id, nextMemory(before?.memory ?? null, look, past, rules), nowMs);
  if (before !== null && before.atMs >= slotMs) return;
  await Promise.all(
    Object.entries(samples).map(([series, value]) =>
      history.saveReadings(nameOf(series), [{ atMs: slotMs, value }]),
    ),
  );
}

async function judge(ports: Ports, { reader, signs }: VenueReading): Promise<VenueHealth> {
  const health = await assessHealth(ports, reader, signs);
  if (health.state === 'exit') await tell(ports, reader.id, health);
  return health;
}

async function tell(ports: Ports, venue: VenueId, { evidence }: VenueHealth): Promise<void> {
  const nowMs = ports.clock.nowMs();
  const cursor = `withdrawalTold|${venue}`;
  const toldAtMs = await ports.state.cursor(cursor);
  if (toldAtMs !== null && nowMs - toldAtMs < tellEveryMs) return;
  await ports.state.setCursor(cursor, nowMs);
  // The instruction is the last of what an exit is evidenced by.
  ports.reporter.warn({ event: 'withdraw', venue, instruction: evidence.at(-1) ?? '' });
}
