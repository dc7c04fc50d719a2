/**
 * Goal: a shock is the path it says, in every price and candle that clients see, and nothing else moves.
 * Method: closed forms at the knots; candles against the quotes of their minutes; the same account with and without.
 */
import { describe, expect, it } from 'vitest';
import { summarize } from '../../../src/simulator/core/account.ts';
import { advance } from '../../../src/simulator/core/advance.ts';
import { candlesNow } from '../../../src/simulator/core/candles.ts';
import { findInstrument, quoteNow, usdIndexNow } from '../../../src/simulator/core/quotes.ts';
import { isSteady, type Shock, shockFactor } from '../../../src/simulator/core/shocks.ts';
import { createVenue, defaultSettings, type Venue } from '../../../src/simulator/core/venue.ts';
import { createGeneratedMarket } from '../../../src/simulator/market/generated.ts';
import { hourMs, pathVenue, startMs } from './pathMarket.ts';
import { place } from './placing.ts';

const crash: Shock = {
  coin: 'BTC',
  scope: 'world',
  factor: 0.7,
  fromMs: startMs,
  overMs: hourMs,
  untilMs: startMs + 3 * hourMs,
  backMs: 2 * hourMs,
};
const at = (shock: Shock, hours: number) =>
  shockFactor([shock], shock.scope, shock.coin, startMs + hours * hourMs);

function lastOf(venue: Venue): number {
  const instrument = findInstrument(venue, 'linear', 'BTCUSDT');
  return (instrument && quoteNow(venue, instrument)?.last) ?? Number.NaN;
}

describe('the path of a shock', () => {
  it('goes straight in the logarithm, holds, and comes back', () => {
    expect(at(crash, -0.001)).toBe(1);
    expect(at(crash, 0.5)).toBeCloseTo(Math.sqrt(0.7), 12);
    expect(at(crash, 1)).toBe(0.7);
    expect(at(crash, 2.999)).toBe(0.7);
    expect(at(crash, 4)).toBeCloseTo(Math.sqrt(0.7), 12);
    expect(at(crash, 5)).toBe(1);
  });

  it('that is lifted on its way falls back from where it was', () => {
    const lifted = { ...crash, untilMs: startMs + hourMs / 2 };
    expect(at(lifted, 0.5)).toBeCloseTo(Math.sqrt(0.7), 12);
    expect(at(lifted, 1.5)).toBeCloseTo(0.7 ** 0.25, 12);
  });

  it('multiplies with others of its coin and scope alone', () => {
    const other = { ...crash, factor: 0.5 };
    const own = { ...crash, scope: 'venue' as const };
    const found = shockFactor([crash, other, own], 'world', 'BTC', startMs + 2 * hourMs);
    expect(found).toBeCloseTo(0.35, 12);
    expect(shockFactor([crash], 'world', 'ETH', startMs + 2 * hourMs)).toBe(1);
  });

  it('is steady exactly where its factor does not move', () => {
    const spans = [
      [-2, -1, true],
      [-0.5, 0.5, false],
      [1, 2.9, true],
      [2, 3, false],
      [3.5, 4.5, false],
      [5, 9, true],
    ] as const;
    for (const [from, to, steady] of spans) {
      const found = isSteady([crash], ['BTC'], startMs + from * hourMs, startMs + to * hourMs);
      expect([from, to, found]).toEqual([from, to, steady]);
    }
    expect(isSteady([crash], ['ETH'], startMs, startMs + hourMs)).toBe(true);
  });
});

describe('what a shock moves', () => {
  it('of the world: every price of the coin and its value', () => {
    const venue = pathVenue();
    venue.live.shocks.push(crash);
    advance(venue, startMs + 2 * hourMs);
    expect(lastOf(venue)).toBe(7000);
    expect(usdIndexNow(venue, 'BTC')).toBe(7000);
  });

  it('of the quote coin: what is priced in it grows dearer by as much', () => {
    const venue = pathVenue();
    venue.live.shocks.push({ ...crash, coin: 'USDT', factor: 0.8 });
    advance(venue, startMs + 2 * hourMs);
    expect(lastOf(venue)).toBe(12_500);
    expect(usdIndexNow(venue, 'BTC')).toBe(10_000);
    expect(summarize(venue).equityUsd).toBeCloseTo(8000, 8);
  });

  it('of the venue: its trades and marks, not the index', () => {
    const venue = pathVenue();
    place(venue, { quantity: '0.1' });
    venue.live.shocks.push({ ...crash, scope: 'venue', factor: 0.95 });
    advance(venue, startMs + 2 * hourMs);
    const instrument = findInstrument(venue, 'linear', 'BTCUSDT');
    const quote = instrument && quoteNow(venue, instrument);
    expect(quote).toMatchObject({ last: 9500, mark: 9500, index: 10_000 });
    expect(usdIndexNow(venue, 'BTC')).toBe(10_000);
    // 0.1 bought at 10001, marked at 9500
    expect(summarize(venue).unrealisedUsd).toBeCloseTo(-50.1, 8);
  });

  it('on its way liquidates at the minute at which margin ends, not at the end of the path', () => {
    const venue = pathVenue({ fundingRate: 0 }, { USDT: '1000' });
    place(venue, { quantity: '0.5' });
    const price = summarize(venue).contracts[0]?.liquidationPrice ?? 0;
    venue.live.shocks.push(crash);
    advance(venue, startMs + hourMs);
    const found = venue.journal.find((entry) => entry.kind === 'liquidation');
    const mark = Number(found?.kind === 'liquidation' ? found.positions[0]?.markPrice : 0);
    expect(mark).toBeLessThanOrEqual(price);
    expect(mark).toBeGreaterThan(price * 0.7 ** (1 / 60) - 1);
  });
});

describe('candles', () => {
  const market = createGeneratedMarket({ seed: 3, assets: ['BTC'] });
  const fromMs = market.startMs + 48 * hourMs;
  const create = () =>
    createVenue({ market, settings: defaultSettings, balances: {}, nowMs: fromMs });

  it('hold what the quotes of their hour showed, and later ones do not change them', () => {
    const venue = create();
    const instrument = findInstrument(venue, 'linear', 'BTCUSDT');
    if (instrument === undefined) throw new Error('no instrument');
    venue.live.shocks.push({ ...crash, fromMs: fromMs + hourMs / 2, untilMs: null });
    const seen: number[] = [];
    for (let minute = 0; minute < 60; minute += 1) {
      advance(venue, fromMs + minute * 60_000);
      seen.push(quoteNow(venue, instrument)?.last ?? 0);
    }
    advance(venue, fromMs + 3 * hourMs);
    const [hour, after] = candlesNow(venue, instrument, 'last', fromMs, fromMs + 2 * hourMs);
    expect(hour?.low).toBeLessThanOrEqual(Math.min(...seen) * (1 + 1e-5));
    expect(hour?.high).toBeGreaterThanOrEqual(Math.max(...seen) * (1 - 1e-5));
    expect(after?.open).toBeCloseTo(hour?.close ?? 0, -2);
    expect(after?.low).toBeLessThan((hour?.open ?? 0) * 0.75);
    const before = candlesNow(venue, instrument, 'last', fromMs - hourMs, fromMs);
    expect(before).toEqual(market.candles('linear', 'BTCUSDT', 'last', fromMs - hourMs, fromMs));
    venue.live.shocks.push({ ...crash, fromMs: fromMs + 3 * hourMs, untilMs: null });
    expect(candlesNow(venue, instrument, 'last', fromMs, fromMs + 2 * hourMs)).toEqual([
      hour,
      after,
    ]);
  });

  it('of the index know nothing of the venue’s own dislocation', () => {
    const venue = create();
    const instrument = findInstrument(venue, 'linear', 'BTCUSDT');
    if (instrument === undefined) throw new Error('no instrument');
    venue.live.shocks.push({ ...crash, scope: 'venue', fromMs, overMs: 0, untilMs: null });
    advance(venue, fromMs + 2 * hourMs);
    const span = [fromMs + hourMs, fromMs + 2 * hourMs] as const;
    const [plain] = market.candles('linear', 'BTCUSDT', 'last', ...span);
    const [index] = candlesNow(venue, instrument, 'index', ...span);
    expect(index).toEqual(market.candles('linear', 'BTCUSDT', 'index', ...span)[0]);
    const [last] = candlesNow(venue, instrument, 'last', ...span);
    expect(last?.close).toBeCloseTo((plain?.close ?? 0) * 0.7, 6);
  });
});
