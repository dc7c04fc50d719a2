/** One page of a market's past: whole bars and funding settlements, oldest first, without gaps made by paging. */
import type { Instrument } from '../../../domain/instrument.ts';
import { OperatingError } from '../../../domain/operatingError.ts';
import type { Bar, FundingStamp } from '../../../rebalance/ports/venue.ts';
import { MalformedAnswer, number, rows, timeMs } from '../answer.ts';
import type { Session } from '../session.ts';
import { marketOf } from './market.ts';

/** Empty windows that are passed over to find the first bar or settlement. */
const WINDOWS_MAX = 50;
const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

export type BarsRequest = {
  readonly kind: 'last' | 'mark';
  readonly sinceMs: number;
  readonly barMs: number;
};

/** Whole bars with sinceMs ≤ open, at most one page of the venue; what lies before the first one is passed over. */
export async function readBars(
  session: Session,
  instrument: Instrument,
  request: BarsRequest,
): Promise<readonly Bar[]> {
  const { profile } = session;
  const { kind, barMs } = request;
  await session.connect();
  const market = marketOf(session, instrument.symbol);
  const sinceMs = Math.max(request.sinceMs, market.listedAtMs ?? 0);
  const timeframe = timeframeOf(session, barMs);
  const pageMs = profile.barsMax * barMs;
  const price = kind === 'mark' && market.kind === 'perpetual' ? { price: 'mark' } : {};
  let firstMs = Math.ceil(sinceMs / barMs) * barMs;
  for (let window = 0; window < WINDOWS_MAX && firstMs < session.venueNowMs(); window += 1) {
    const bars = await readWindow(session, instrument, {
      firstMs,
      pageMs,
      barMs,
      timeframe,
      price,
    });
    if (bars.length > 0) return bars;
    firstMs += pageMs;
  }
  return [];
}

async function readWindow(
  session: Session,
  { symbol }: Instrument,
  window: {
    readonly firstMs: number;
    readonly pageMs: number;
    readonly barMs: number;
    readonly timeframe: string;
    readonly price: { readonly price?: string };
  },
): Promise<readonly Bar[]> {
  const { client, profile } = session;
  const { firstMs, pageMs, barMs, timeframe, price } = window;
  const what = `bars of ${symbol}`;
  const params = { until: firstMs + pageMs - 1, ...price };
  const ask = () => client.fetchOHLCV(symbol, timeframe, firstMs, profile.barsMax, params);
  const answer = await session.read(what, ask, 1, 'market');
  if (!Array.isArray(answer)) throw new MalformedAnswer(`${what} must be a list`);
  const nowMs = session.venueNowMs();
  const bars = answer
    .map((candle: unknown) => bar(candle, what))
    .filter(({ openMs }) => openMs >= firstMs && openMs + barMs <= nowMs);
  const byOpen = new Map(bars.map((each) => [each.openMs, each]));
  return [...byOpen.values()].sort((a, b) => a.openMs - b.openMs);
}

/** Settlements at or after sinceMs, at most one page. */
export async function readFundingHistory(
  session: Session,
  instrument: Instrument,
  sinceMs: number,
): Promise<readonly FundingStamp[]> {
  await session.connect();
  const market = marketOf(session, instrument.symbol);
  const what = `funding history of ${instrument.symbol}`;
  const { page, until } = session.profile.fundingHistory;
  const spanMs = until?.spanMs ?? page * instrument.fundingIntervalMs;
  let fromMs = Math.max(sinceMs, market.listedAtMs ?? 0);
  for (let window = 0; window < WINDOWS_MAX && fromMs <= session.venueNowMs(); window += 1) {
    const startMs = fromMs;
    const params = until === null ? {} : { [until.name]: startMs + spanMs };
    const ask = () =>
      session.client.fetchFundingRateHistory(instrument.symbol, startMs, page, params);
    const answer = await session.read(what, ask, 1, 'market');
    const stamps = rows(answer, what)
      .map((each) => ({
        atMs: timeMs(each, 'timestamp', what),
        rate: number(each, 'fundingRate', what),
      }))
      .filter(({ atMs }) => atMs >= sinceMs)
      .sort((a, b) => a.atMs - b.atMs);
    if (stamps.length > 0) return stamps;
    fromMs += spanMs;
  }
  return [];
}

function bar(candle: unknown, what: string): Bar {
  const [openMs, , , , close] = Array.isArray(candle) ? candle : [];
  const parsed = { openMs: Number(openMs), close: Number(close) };
  if (!Number.isSafeInteger(parsed.openMs) || !(parsed.close > 0)) {
    throw new MalformedAnswer(`${what} must hold times and prices, was ${String(candle)}`);
  }
  return parsed;
}

function timeframeOf(session: Session, barMs: number): string {
  for (const name of Object.keys(session.client.timeframes ?? {})) {
    const [, count, unit] = /^(\d+)([smhd])$/.exec(name) ?? [];
    if (Number(count) * (UNIT_MS[unit ?? ''] ?? 0) === barMs) return name;
  }
  throw new OperatingError(`${session.id} has no bars of ${barMs} ms`, {
    retryable: false,
    remedy: 'choose a bar that the venue offers, such as 1h',
  });
}
