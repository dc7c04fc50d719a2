/** The reading port of one venue account. */
import { zero } from '../../domain/decimal.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { OperatingError } from '../../domain/operatingError.ts';
import type { Quote } from '../../domain/snapshot.ts';
import type { VenueReader } from '../../rebalance/ports/venue.ts';
import type { Dialect, EarnDialect } from './dialect.ts';
import type { Session } from './session.ts';
import { createSignalsReader } from './signals/signalsReader.ts';
import { readFigures } from './signs/readFigures.ts';
import { readSigns } from './signs/readSigns.ts';
import { readBars, readFundingHistory } from './unified/history.ts';
import { readInstrument } from './unified/instrument.ts';
import { readFunding, readQuote } from './unified/quote.ts';

/** Lots, tiers and fees hold that long before they are read again. */
const INSTRUMENT_AGE_MS_MAX = 3_600_000;
const EARN_SYMBOL = /^earn:(.+)$/;

export function createReader(session: Session, dialect: Dialect): VenueReader {
  const known = new Map<string, { readonly instrument: Instrument; readonly readAtMs: number }>();

  const load = async (symbol: string): Promise<Instrument> => {
    const nowMs = session.clock.nowMs();
    const cached = known.get(symbol);
    if (cached !== undefined && nowMs - cached.readAtMs <= INSTRUMENT_AGE_MS_MAX) {
      return cached.instrument;
    }
    const coin = EARN_SYMBOL.exec(symbol)?.[1];
    const instrument =
      coin === undefined
        ? await readInstrument(session, symbol, dialect)
        : await earnOf(session, dialect).instrument(coin);
    known.set(symbol, { instrument, readAtMs: nowMs });
    return instrument;
  };

  const perpetuals = (): readonly string[] =>
    [...known.values()]
      .filter(({ instrument }) => instrument.kind === 'perpetual')
      .map(({ instrument }) => instrument.symbol);

  return {
    id: session.id,
    exchange: session.exchange,
    environment: session.environment,
    instruments: async (symbols) => {
      await session.refreshMarkets();
      return Promise.all(symbols.map(load));
    },
    quote: async (instrument) =>
      instrument.kind === 'earn'
        ? oneForOne(instrument)
        : readQuote(session, instrument, dialect.marks),
    funding: (instrument) => readFunding(session, instrument),
    yield: async (instrument) => earnOf(session, dialect).yield(instrument),
    account: () => dialect.account(perpetuals()),
    positions: () => dialect.positions(),
    openOrders: (instruments) => dialect.openOrders(instruments),
    fills: async (instruments, sinceMs) => {
      const lent = instruments.filter(({ kind }) => kind === 'earn');
      const traded = instruments.filter(({ kind }) => kind !== 'earn');
      const lists = await Promise.all([
        ...lent.map((instrument) => earnOf(session, dialect).fills(instrument, sinceMs)),
        ...(dialect.fillsOfAll === undefined
          ? traded.map((instrument) => dialect.fills(instrument, sinceMs))
          : [dialect.fillsOfAll(traded, sinceMs)]),
      ]);
      return lists.flat().sort((a, b) => a.filledAtMs - b.filledAtMs);
    },
    cashEvents: (instruments, sinceMs) => dialect.cashEvents(instruments, sinceMs),
    signs: (coins) => readSigns(session, coins),
    figures: (coins) =>
      readFigures(session, coins, {
        load,
        quote: (instrument) => readQuote(session, instrument, dialect.marks),
        funding: (instrument) => readFunding(session, instrument),
      }),
    permissions: () => dialect.permissions(),
    clockOffsetMs: async () => {
      await session.connect();
      return session.measureOffsetMs();
    },
    bars: (instrument, kind, sinceMs, barMs) =>
      readBars(session, instrument, { kind, sinceMs, barMs }),
    fundingHistory: (instrument, sinceMs) => readFundingHistory(session, instrument, sinceMs),
    signals: createSignalsReader(session),
  };
}

/** @throws OperatingError, not retryable, where this adapter knows no earn products of the venue. */
export function earnOf(session: Session, dialect: Dialect): EarnDialect {
  if (dialect.earn !== null) return dialect.earn;
  throw new OperatingError(
    `${session.id}: ${session.exchange} has no earn products in ${session.environment}`,
    {
      retryable: false,
      fault: 'input',
      remedy: 'take the lending leg to a venue that has them, such as bybit live or simulated',
    },
  );
}

/** An earn product has no book: its depth is what may be subscribed at all. */
function oneForOne(instrument: Instrument): Quote {
  const depthQuote = Number(instrument.quantityMaxBase ?? zero);
  return { bid: 1, ask: 1, mark: 1, index: null, depthQuote };
}
