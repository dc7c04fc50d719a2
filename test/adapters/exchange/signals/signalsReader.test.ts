/**
 * Goal: what a market says beside prices is read from Bybit's own endpoints as it stands there.
 * Method: the unmodified bybit class of ccxt against the simulated exchange, whose figures follow from its own tickers and board.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenedVenue, openVenue } from '../../../../src/adapters/exchange/openVenue.ts';
import type { Instrument } from '../../../../src/domain/instrument.ts';
import type { SignalsReader } from '../../../../src/rebalance/ports/signals.ts';
import { bybitDialect } from '../../../../src/simulator/bybit/dialect.ts';
import { startSimulator } from '../../../../src/simulator/http/server.ts';
import { withFutures } from '../../../../src/simulator/market/futures.ts';
import { createGeneratedMarket } from '../../../../src/simulator/market/generated.ts';
import { optionsOf, startMs } from '../bybitSimulator.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Four-hourly, since the generated market begins on the first of January. */
const stamps = 188;
let simulator: Awaited<ReturnType<typeof startSimulator>>;
let venue: OpenedVenue;
let signals: SignalsReader;
let perpetual: Instrument;
let spot: Instrument;

beforeAll(async () => {
  simulator = await startSimulator({
    market: withFutures(createGeneratedMarket({ seed: 1 }), ['BTC']),
    clock: { kind: 'virtual', nowMs: startMs },
    balances: { USDT: '100000' },
    dialect: bybitDialect,
  });
  venue = await openVenue(optionsOf(simulator, {}));
  const { reader } = venue;
  [perpetual, spot] = (await reader.instruments(['BTC/USDT:USDT', 'BTC/USDT'])) as [
    Instrument,
    Instrument,
  ];
  signals = reader.signals as SignalsReader;
});
afterAll(async () => {
  await simulator.close();
  await venue.destroy();
});

describe('a market', () => {
  it('shows its book best first, in coins, and holds what the quote counts within 10 bps', async () => {
    const book = await signals.book(perpetual);
    const quote = await venue.reader.quote(perpetual);
    expect([book?.bids[0]?.[0], book?.asks[0]?.[0]]).toEqual([quote.bid, quote.ask]);
    const middle = (quote.bid + quote.ask) / 2;
    const near = (side: readonly (readonly [number, number])[] = []) =>
      side
        .filter(([price]) => Math.abs(price / middle - 1) <= 0.001)
        .reduce((sum, [price, base]) => sum + price * base, 0);
    expect(Math.min(near(book?.bids), near(book?.asks))).toBeCloseTo(quote.depthQuote, 6);
  });

  it.each(['perpetual', 'spot'] as const)(
    'has a week of whole hours with volume: %s',
    async (kind) => {
      const bars = await signals.tradedBars(kind === 'spot' ? spot : perpetual);
      expect(bars).toHaveLength(168);
      expect(bars?.at(-1)?.openMs).toBe(startMs - hourMs);
      expect(bars?.every((bar, i) => bar.openMs === startMs - (168 - i) * hourMs)).toBe(true);
      expect(bars?.every((bar) => bar.volumeBase > 0 && bar.open > 0 && bar.close > 0)).toBe(true);
    },
  );

  it('has a month of open interest in coins, four tenths of the last day’s volume in the end', async () => {
    const open = await signals.openInterest(perpetual);
    const bars = (await signals.tradedBars(perpetual)) ?? [];
    const newest = open?.at(-1);
    expect(open).toHaveLength(stamps);
    expect(newest?.atMs).toBe(Math.floor(startMs / (4 * hourMs)) * 4 * hourMs);
    const until = bars.filter((bar) => bar.openMs < (newest?.atMs ?? 0)).slice(-24);
    const volume = until.reduce((sum, bar) => sum + bar.volumeBase, 0);
    expect(newest?.value).toBeCloseTo(0.4 * volume, 1);
  });

  it('has the share of accounts that are long, within what the venue gives', async () => {
    const shares = (await signals.longShare(perpetual)) ?? [];
    expect(shares).toHaveLength(stamps);
    expect(shares.every(({ value }) => value >= 0.19 && value <= 0.81)).toBe(true);
    expect(new Set(shares.map(({ value }) => value)).size).toBeGreaterThan(1);
    const steps = shares.slice(1).map(({ atMs }, i) => atMs - (shares[i]?.atMs ?? 0));
    expect(new Set(steps)).toEqual(new Set([4 * hourMs]));
  });

  it('has two dated futures, a week away at least, beside their index', async () => {
    const futures = (await signals.futures(perpetual)) ?? [];
    expect(futures).toHaveLength(2);
    expect(futures[0]?.symbol).toBe('BTC/USDT:USDT-250328');
    for (const { deliveryMs, price, indexPrice } of futures) {
      expect(deliveryMs).toBeGreaterThanOrEqual(startMs + 7 * dayMs);
      const years = (deliveryMs - startMs) / (365 * dayMs);
      expect(Math.abs((price / indexPrice - 1) / years)).toBeLessThan(0.41);
    }
  });

  it('that is spot has nothing open, nobody long and no futures', async () => {
    const answers = [signals.openInterest(spot), signals.longShare(spot), signals.futures(spot)];
    expect(await Promise.all(answers)).toEqual([null, null, null]);
  });
});

describe('options', () => {
  it('come as one board: puts and calls, deliveries ahead, volatilities as fractions', async () => {
    const board = (await signals.options('BTC')) ?? [];
    expect(new Set(board.map(({ option }) => option))).toEqual(new Set(['call', 'put']));
    expect(new Set(board.map(({ deliveryMs }) => deliveryMs)).size).toBe(5);
    expect(board.every(({ deliveryMs }) => deliveryMs > startMs)).toBe(true);
    expect(board.every(({ volatilityAnnual: v }) => v > 0.05 && v < 5)).toBe(true);
    expect(board.every(({ deliveryMs }) => new Date(deliveryMs).getUTCHours() === 8)).toBe(true);
  });

  it('on a coin that has none are an empty board; the venue has no volatility index', async () => {
    expect(await signals.options('SOL')).toEqual([]);
    expect(await signals.volatilityIndex('BTC')).toBeNull();
  });
});
