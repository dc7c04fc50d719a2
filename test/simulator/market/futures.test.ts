/**
 * Goal: dated futures are priced off the index and converge to it, are listed in their time, and are delivered once.
 * Method: the calendar against known dates; the closed form of the basis; an account that holds one through its delivery.
 */
import { describe, expect, it } from 'vitest';
import { advance } from '../../../src/simulator/core/advance.ts';
import { findInstrument, instrumentsNow, quoteNow } from '../../../src/simulator/core/quotes.ts';
import { createVenue, defaultSettings } from '../../../src/simulator/core/venue.ts';
import { dateCode, quarterEnds, withFutures } from '../../../src/simulator/market/futures.ts';
import { createGeneratedMarket } from '../../../src/simulator/market/generated.ts';
import { optionBoard } from '../../../src/simulator/market/options.ts';
import { attempt, place } from '../core/placing.ts';

const dayMs = 86_400_000;
const yearMs = 365 * dayMs;
const plain = createGeneratedMarket({ seed: 5, assets: ['BTC', 'ETH'] });
const market = withFutures(plain, ['BTC', 'ETH', 'XYZ']);
const deliveryMs = Date.UTC(2025, 2, 28, 8);

describe('the calendar', () => {
  it('has the last Fridays of the quarters at eight', () => {
    const found = quarterEnds(Date.UTC(2025, 0, 1), Date.UTC(2026, 0, 1));
    expect(found.map((stamp) => new Date(stamp).toISOString())).toEqual([
      '2025-03-28T08:00:00.000Z',
      '2025-06-27T08:00:00.000Z',
      '2025-09-26T08:00:00.000Z',
      '2025-12-26T08:00:00.000Z',
    ]);
    expect(quarterEnds(deliveryMs, deliveryMs + dayMs)).toEqual([]);
    expect(dateCode(deliveryMs)).toBe('28MAR25');
  });

  it('lists a contract from half a year before until its delivery', () => {
    const venue = createVenue({
      market,
      settings: defaultSettings,
      balances: {},
      nowMs: deliveryMs - 1,
    });
    const symbols = () =>
      instrumentsNow(venue)
        .filter((i) => i.deliveryMs !== undefined && i.baseCoin === 'BTC')
        .map((i) => i.symbol);
    expect(symbols()).toEqual(['BTCUSDT-28MAR25', 'BTCUSDT-27JUN25', 'BTCUSDT-26SEP25']);
    advance(venue, deliveryMs);
    expect(symbols()).toEqual(['BTCUSDT-27JUN25', 'BTCUSDT-26SEP25']);
  });
});

describe('a future', () => {
  it('stands above the index by its basis times its time, and meets it', () => {
    const atMs = Date.UTC(2025, 1, 1, 12);
    const near = market.quote('linear', 'BTCUSDT-28MAR25', atMs);
    const far = market.quote('linear', 'BTCUSDT-27JUN25', atMs);
    const index = plain.quote('linear', 'BTCUSDT', atMs)?.index ?? 0;
    const basis = (price: number, end: number) => ((price / index - 1) * yearMs) / (end - atMs);
    const annual = basis(near?.last ?? 0, deliveryMs);
    expect(annual).toBeCloseTo(basis(far?.last ?? 0, Date.UTC(2025, 5, 27, 8)), 10);
    const rates = Array.from({ length: 9 }, (_, back) => {
      const stamp = Date.UTC(2025, 1, 1, 8) - back * 28_800_000;
      return plain.fundingRate('BTCUSDT', stamp) ?? 0;
    });
    const mean = rates.reduce((sum, rate) => sum + rate, 0) / 9;
    expect(annual).toBeCloseTo(0.02 + 0.5 * mean * 1095, 10);
    const last = market.quote('linear', 'BTCUSDT-28MAR25', deliveryMs);
    expect(last?.last).toBe(last?.index);
    expect(market.quote('linear', 'BTCUSDT-28MAR25', deliveryMs + 1)).toBeUndefined();
  });

  it('pays no funding, and leaves the rest of the market as it was', () => {
    expect(market.fundingRate('BTCUSDT-28MAR25', Date.UTC(2025, 1, 1))).toBeUndefined();
    const atMs = Date.UTC(2025, 1, 1);
    expect(market.quote('linear', 'ETHUSDT', atMs)).toEqual(plain.quote('linear', 'ETHUSDT', atMs));
    const span = [atMs - 3_600_000, atMs] as const;
    const last = market.candles('linear', 'BTCUSDT-28MAR25', 'last', ...span)[0];
    expect(last?.close).toBeGreaterThan(0);
    expect(market.candles('linear', 'BTCUSDT-28MAR25', 'index', ...span)).toEqual(
      plain.candles('linear', 'BTCUSDT', 'index', ...span),
    );
  });

  it('is delivered once at the index, without a fee; its orders end; none are taken after', () => {
    const venue = createVenue({
      market,
      settings: defaultSettings,
      balances: { USDT: '100000' },
      nowMs: deliveryMs - 3_600_000,
    });
    const symbol = 'BTCUSDT-28MAR25';
    place(venue, { symbol, quantity: '0.1' });
    const instrument = findInstrument(venue, 'linear', symbol);
    const bid = ((instrument && quoteNow(venue, instrument)?.last) ?? 0) * 0.97;
    const resting = place(venue, {
      symbol,
      orderType: 'Limit',
      price: bid.toFixed(1),
      quantity: '0.1',
    });
    advance(venue, deliveryMs + dayMs);
    expect(resting).toMatchObject({ status: 'Cancelled', cancelReason: 'delivered' });
    const delivered = venue.history.executions.filter((one) => one.execType === 'Delivery');
    const index = plain.quote('linear', 'BTCUSDT', deliveryMs)?.index ?? 0;
    expect(delivered).toMatchObject([
      { symbol, price: index.toFixed(1), fee: '0', quantity: '0.1' },
    ]);
    expect(venue.live.positions[symbol]?.quantity).toBe('0');
    expect(venue.history.balances.at(-1)).toMatchObject({ cause: 'delivery' });
    expect(attempt(venue, { symbol, quantity: '0.1' })).toMatchObject({ reason: 'notTrading' });
  });
});

describe('a board of options', () => {
  const world = { coin: 'BTC', index: 100_000, realisedVolatility: 0.5, basisAnnual: 0.04 };
  const atMs = Date.UTC(2025, 0, 2, 12);
  const board = optionBoard(world, atMs);

  it('keeps put-call parity and the bounds of delta', () => {
    for (const call of board.filter((option) => option.isCall)) {
      const put = board.find(
        (o) => !o.isCall && o.strike === call.strike && o.deliveryMs === call.deliveryMs,
      );
      if (put === undefined) throw new Error(`no put to ${call.symbol}`);
      expect(call.price - put.price).toBeCloseTo(call.forward - call.strike, 1);
      expect(call.delta - put.delta).toBeCloseTo(1, 9);
      expect(call.delta).toBeGreaterThanOrEqual(0);
    }
  });

  it('has dearer puts than calls as far from the money, and two Fridays and three quarters', () => {
    const deliveries = [...new Set(board.map((option) => option.deliveryMs))];
    expect(deliveries.map((stamp) => dateCode(stamp))).toEqual([
      '3JAN25',
      '10JAN25',
      '28MAR25',
      '27JUN25',
      '26SEP25',
    ]);
    const quarter = board.filter((option) => option.deliveryMs === deliveryMs);
    const nearest = (delta: number, isCall: boolean) =>
      quarter
        .filter((option) => option.isCall === isCall)
        .toSorted((a, b) => Math.abs(a.delta - delta) - Math.abs(b.delta - delta))[0];
    const skew =
      (nearest(0.25, true)?.impliedVolatility ?? 0) -
      (nearest(-0.25, false)?.impliedVolatility ?? 0);
    expect(skew).toBeLessThan(-0.01);
    expect(skew).toBeGreaterThan(-0.1);
  });
});
