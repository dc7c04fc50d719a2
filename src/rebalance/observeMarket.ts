/** Reads every venue once: instruments with quotes, funding, yields and positions; accounts; health. */
import { type DecimalText, decimal, zero } from '../domain/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import { type Observed, observed } from '../domain/observed.ts';
import type { InstrumentObservation, Quote, VenueObservation } from '../domain/snapshot.ts';
import type { AccountReading } from '../domain/venue.ts';
import { assessHealth } from './assessHealth.ts';
import { attempt } from './attempt.ts';
import { lookIfDue } from './lookAtVenues.ts';
import type { Venue } from './ports/venue.ts';
import type { Ports } from './ports.ts';

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

export async function observeMarket(
  ports: Ports,
  portfolio: string,
  symbolsByVenue: Readonly<Record<string, readonly string[]>>,
): Promise<MarketReading> {
  await lookIfDue(ports);
  const readings = await Promise.all(
    [...ports.venues].map(async ([id, venue]) => {
      const instruments = await loadInstruments(ports, venue, symbolsByVenue[id] ?? []);
      return await observeVenue(ports, portfolio, venue, instruments);
    }),
  );
  return {
    instruments: readings.flatMap((reading) => reading.instruments),
    venues: readings.map((reading) => reading.venue),
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
  instruments: readonly Instrument[],
): Promise<{ instruments: readonly InstrumentObservation[]; venue: VenueObservation }> {
  const { reader } = venue;
  const [account, positions, clockOffsetMs, health, ordersLastMinute] = await Promise.all([
    attempt(ports, () => reader.account()),
    attempt(ports, () => reader.positions()),
    attempt(ports, () => reader.clockOffsetMs()),
    assessHealth(ports, reader),
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
  const [quote, funding, yieldReading] = await Promise.all([
    isEarn
      ? observed(oneForOne, ports.clock.nowMs())
      : attempt(ports, () => reader.quote(instrument)),
    instrument.kind === 'perpetual' ? attempt(ports, () => reader.funding(instrument)) : null,
    isEarn ? attempt(ports, () => reader.yield(instrument)) : null,
  ]);
  if (yieldReading?.kind === 'observed') {
    await ports.history.saveYield(
      instrument.id,
      yieldReading.observedAtMs,
      yieldReading.value.yieldAnnual,
    );
  }
  const settledFundingRates =
    instrument.kind === 'perpetual' ? await settledRates(ports, instrument) : [];
  return {
    instrument,
    quote,
    funding,
    ...(settledFundingRates.length === 0 ? {} : { settledFundingRates }),
    yield: yieldReading,
    positionBase: positionOf(instrument, account, positions),
  };
}

/** From the stored history: the venue's own records, as far as they were read. */
async function settledRates(ports: Ports, instrument: Instrument): Promise<readonly number[]> {
  const nowMs = ports.clock.nowMs();
  const stamps = await ports.history.funding(instrument.id, nowMs - settledSpanMs, nowMs + 1);
  return stamps.map((stamp) => stamp.rate);
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
