/**
 * Reads every venue once: instruments with quotes, funding, yields and positions; accounts; health.
 *
 * One that does not answer keeps nobody from the others: it stands there with what is remembered of it, and with what is not known.
 */
import { type DecimalText, decimal, zero } from '../domain/decimal.ts';
import type { VenueId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import { type Observed, observed } from '../domain/observed.ts';
import type {
  InstrumentObservation,
  Quote,
  SettledFunding,
  VenueObservation,
} from '../domain/snapshot.ts';
import type { AccountReading, VenueHealth } from '../domain/venue.ts';
import { assessHealth } from './assessHealth.ts';
import { attempt } from './attempt.ts';
import { lookIfDue } from './lookAtVenues.ts';
import type { Venue } from './ports/venue.ts';
import type { Ports } from './ports.ts';
import { rememberedVenue, unaskedVenue } from './rememberedVenue.ts';

export type MarketReading = {
  readonly instruments: readonly InstrumentObservation[];
  readonly venues: readonly VenueObservation[];
};

const minuteMs = 60_000;
const unitSymbol = 'USDC/USDT';
/** Settled funding of the last week: what a carry leg may expect is judged on it. */
const settledSpanMs = 7 * 86_400_000;
/** An earn product's quote: one coin for one. */
export const oneForOne: Quote = {
  bid: 1,
  ask: 1,
  mark: 1,
  index: 1,
  depthQuote: Number.MAX_SAFE_INTEGER,
};

export type MarketAsking = {
  /** Of the others only what is remembered; not there: all are asked. */
  readonly asked?: ReadonlySet<VenueId> | undefined;
  /** Whether the venues are looked at where that is due. */
  readonly looks: boolean;
};

export async function observeMarket(
  ports: Ports,
  portfolio: string,
  symbolsByVenue: Readonly<Record<string, readonly string[]>>,
  { asked, looks }: MarketAsking,
): Promise<MarketReading> {
  const looked = looks ? await lookIfDue(ports) : null;
  const readings = await Promise.all(
    [...ports.venues].map(async ([id, venue]) => {
      const symbols = symbolsByVenue[id] ?? [];
      const remember = () => rememberedVenue(ports, portfolio, id, [...symbols, unitSymbol]);
      if (asked?.has(id) === false) {
        const before = await remember();
        return before === null ? null : unaskedVenue(before);
      }
      const loaded = await attempt(ports, () => loadInstruments(ports, venue, symbols));
      if (loaded.kind === 'observed')
        return observeVenue(ports, portfolio, venue, {
          instruments: loaded.value,
          looked: looked?.get(id),
        });
      ports.reporter.warn({ event: 'instrumentsUnread', venue: id, reason: loaded.reason });
      const before = await remember();
      const reading = await observeVenue(ports, portfolio, venue, {
        instruments: before?.instruments ?? [],
        looked: looked?.get(id),
      });
      return { ...reading, venue: dimmed(reading.venue, before?.instrumentsAtMs, loaded.reason) };
    }),
  );
  const known = readings.filter((reading) => reading !== null);
  return {
    instruments: known.flatMap((reading) => reading.instruments),
    venues: known.map((reading) => reading.venue),
  };
}

/** On lots, tiers and fees of another time nothing new is begun. */
function dimmed(
  venue: VenueObservation,
  instrumentsAtMs: number | undefined,
  reason: string,
): VenueObservation {
  const { health } = venue;
  const isOpen = health.state === 'healthy' || health.state === 'watch';
  const evidence = [...health.evidence, `its instruments could not be read: ${reason}`];
  const dim: VenueHealth = { ...health, state: 'unknown', evidence };
  return {
    ...venue,
    health: isOpen ? dim : health,
    ...(instrumentsAtMs === undefined ? {} : { instrumentsAtMs }),
  };
}

/** The universe's instruments, and USDC/USDT where the venue has it: the book's unit is made of that. */
export async function loadInstruments(
  ports: Ports,
  { reader }: Venue,
  symbols: readonly string[],
): Promise<readonly Instrument[]> {
  const required = await reader.instruments(symbols);
  if (symbols.includes(unitSymbol)) return required;
  const optional = await attempt(ports, () => reader.instruments([unitSymbol]));
  return optional.kind === 'observed' ? [...required, ...optional.value] : required;
}

async function observeVenue(
  ports: Ports,
  portfolio: string,
  venue: Venue,
  {
    instruments,
    looked,
  }: {
    readonly instruments: readonly Instrument[];
    /** What a look of a moment ago found: it asked the venue the same. */
    readonly looked: VenueHealth | undefined;
  },
): Promise<{ instruments: readonly InstrumentObservation[]; venue: VenueObservation }> {
  const { reader } = venue;
  const [account, positions, clockOffsetMs, health, ordersLastMinute] = await Promise.all([
    attempt(ports, () => reader.account()),
    attempt(ports, () => reader.positions()),
    attempt(ports, () => reader.clockOffsetMs()),
    looked ?? assessHealth(ports, reader),
    ports.orders.sentSince(portfolio, reader.id, ports.clock.nowMs() - minuteMs),
  ]);
  const { id, exchange, environment } = reader;
  return {
    instruments: await Promise.all(
      instruments.map((instrument) =>
        observeInstrument(ports, venue, instrument, account, positions),
      ),
    ),
    venue: { id, exchange, environment, account, health, clockOffsetMs, ordersLastMinute },
  };
}

async function observeInstrument(
  ports: Ports,
  { reader }: Venue,
  instrument: Instrument,
  account: Observed<AccountReading>,
  positions: Observed<Readonly<Record<string, DecimalText>>>,
): Promise<InstrumentObservation> {
  const isEarn = instrument.kind === 'earn';
  const [quote, funding, yieldReading, settledFunding] = await Promise.all([
    isEarn
      ? observed(oneForOne, ports.clock.nowMs())
      : attempt(ports, () => reader.quote(instrument)),
    instrument.kind === 'perpetual' ? attempt(ports, () => reader.funding(instrument)) : null,
    isEarn ? attempt(ports, () => reader.yield(instrument)) : null,
    instrument.kind === 'perpetual' ? settledLately(ports, instrument) : [],
  ]);
  if (yieldReading?.kind === 'observed') {
    await ports.history.saveYield(
      instrument.id,
      yieldReading.observedAtMs,
      yieldReading.value.yieldAnnual,
    );
  }
  return {
    instrument,
    quote,
    funding,
    ...(settledFunding.length === 0 ? {} : { settledFunding }),
    yield: yieldReading,
    positionBase: positionOf(instrument, account, positions),
  };
}

/** From the stored history: the venue's own records, as far as they were read. */
async function settledLately(
  ports: Ports,
  instrument: Instrument,
): Promise<readonly SettledFunding[]> {
  const nowMs = ports.clock.nowMs();
  const stamps = await ports.history.funding(instrument.id, nowMs - settledSpanMs, nowMs + 1);
  return stamps.map(({ atMs, rate }) => ({ atMs, rate }));
}

/** A spot market's position is the wallet's coins. */
function positionOf(
  instrument: Instrument,
  account: Observed<AccountReading>,
  positions: Observed<Readonly<Record<string, DecimalText>>>,
): Observed<DecimalText> {
  if (instrument.kind !== 'spot') {
    if (positions.kind === 'unknown') return positions;
    return observed(positions.value[instrument.symbol] ?? zero, positions.observedAtMs);
  }
  if (account.kind === 'unknown') return account;
  const balance = account.value.coins.find((coin) => coin.coin === instrument.baseCoin);
  return observed(decimal(balance?.wallet ?? 0), account.observedAtMs);
}
