/**
 * What is open and who holds it: open interest and the share of accounts that are long, with their last month.
 *
 * Four-hourly stamps, 200 of them: a page of Bybit's is a month. A venue without a history answers the present one alone.
 */
import type { Instrument } from '../../../domain/instrument.ts';
import type { Reading } from '../../../rebalance/ports/stores.ts';
import { MalformedAnswer, number, optionalNumber, type Row, row, rows, timeMs } from '../answer.ts';
import type { Session } from '../session.ts';
import { marketOf } from '../unified/market.ts';
import { readCommonly } from './readCommonly.ts';
import { callUnified, has } from './unifiedCall.ts';

const TIMEFRAME = '4h';
const STAMPS = 200;

/** Base coins; null where the venue has none, or states contracts whose worth in coins is not sure. */
export async function readOpenInterest(
  session: Session,
  { symbol }: Instrument,
): Promise<readonly Reading[] | null> {
  const what = `open interest of ${symbol}`;
  await session.connect();
  // Amounts are contracts at some venues and coins at others; here they are the same.
  if (Number(marketOf(session, symbol).contractSize) !== 1) return null;
  if (has(session, 'fetchOpenInterestHistory')) {
    const parts = [symbol, TIMEFRAME, undefined, STAMPS];
    return await readCommonly(session, what, async () => {
      const answer = await callUnified(session, 'fetchOpenInterestHistory', parts);
      return oldestFirst(rows(answer, what).map((each) => openAt(each, what)));
    });
  }
  if (!has(session, 'fetchOpenInterest')) return null;
  const answer = await session.read(what, () =>
    callUnified(session, 'fetchOpenInterest', [symbol]),
  );
  const found = row(answer, what);
  const atMs = optionalNumber(found, 'timestamp', what) ?? Math.round(session.venueNowMs());
  return [{ atMs, value: notBelowZero(found, 'openInterestAmount', what) }];
}

/** Share of the accounts with a position that are long, from long ÷ short. */
export async function readLongShare(
  session: Session,
  { symbol }: Instrument,
): Promise<readonly Reading[] | null> {
  if (!has(session, 'fetchLongShortRatioHistory')) return null;
  const what = `long-short ratio of ${symbol}`;
  const parts = [symbol, TIMEFRAME, undefined, STAMPS];
  return await readCommonly(session, what, async () => {
    const answer = await callUnified(session, 'fetchLongShortRatioHistory', parts);
    const readings = rows(answer, what).map((each) => {
      const ratio = notBelowZero(each, 'longShortRatio', what);
      return { atMs: timeMs(each, 'timestamp', what), value: ratio / (1 + ratio) };
    });
    return oldestFirst(readings);
  });
}

const openAt = (each: Row, what: string): Reading => ({
  atMs: timeMs(each, 'timestamp', what),
  value: notBelowZero(each, 'openInterestAmount', what),
});

function notBelowZero(from: Row, field: string, what: string): number {
  const value = number(from, field, what);
  if (value >= 0) return value;
  throw new MalformedAnswer(`${what}: ${field} must not be below 0, was ${value}`);
}

const oldestFirst = (readings: readonly Reading[]): readonly Reading[] =>
  readings.toSorted((a, b) => a.atMs - b.atMs);
