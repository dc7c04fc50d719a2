/**
 * Goal: of several venues the one whose prices or funding are its own stands out, and the others do not.
 * Method: closed forms, with two venues and with three, in one unit and in two.
 */
import { describe, expect, test } from 'vitest';
import {
  fundingGap,
  inOneUnit,
  priceDislocation,
} from '../../../src/signals/solvency/comparison.ts';
import type { MarketFigure } from '../../../src/signals/solvency/figures.ts';

const market = (price: number, more: Partial<MarketFigure> = {}): MarketFigure => ({
  coin: 'BTC',
  quoteCoin: 'USDT',
  price,
  index: null,
  depthQuote: 1e6,
  funding8hRate: 1e-4,
  ...more,
});

describe('price against the others', () => {
  test('is the move from the median of three others, whatever one of them says', () => {
    const others = [[market(100)], [market(101)], [market(500)]];
    expect(priceDislocation([market(95.95)], others)).toBeCloseTo(-0.05, 12);
  });

  test('tells, of two venues, by their indices whose prices are its own', () => {
    const off = [market(95, { index: 100 })];
    const right = [market(100, { index: 100 })];
    expect(priceDislocation(off, [right])).toBeCloseTo(-0.05, 12);
    expect(priceDislocation(right, [off])).toBe(0);
  });

  test('accuses both of two without indices, since none can tell', () => {
    expect(priceDislocation([market(95)], [[market(100)]])).toBeCloseTo(-0.05, 12);
    expect(priceDislocation([market(100)], [[market(95)]])).toBeCloseTo(100 / 95 - 1, 12);
  });

  test('is not diluted by the venue’s own index, which is made of its own prices where these are off', () => {
    expect(priceDislocation([market(95, { index: 95 })], [[market(100)]])).toBeCloseTo(-0.05, 12);
    const right = [[market(100, { index: 100 })]];
    expect(priceDislocation([market(95, { index: 95 })], right)).toBeCloseTo(-0.05, 12);
  });

  test('is nothing where perpetuals everywhere are off their indices together', () => {
    const off = market(96, { index: 100 });
    expect(priceDislocation([off], [[off], [off]])).toBe(0);
  });

  test('is that of the coin furthest off, and nothing where no coin is traded elsewhere', () => {
    const own = [market(95), market(10, { coin: 'ETH' }), market(20.4, { coin: 'SOL' })];
    const others = [[market(100), market(10, { coin: 'ETH' }), market(20, { coin: 'SOL' })]];
    expect(priceDislocation(own, others)).toBeCloseTo(-0.05, 12);
    expect(priceDislocation(own.slice(0, 2), others)).toBeCloseTo(-0.05, 12);
    expect(priceDislocation([market(1, { coin: 'XRP' })], others)).toBeNull();
    expect(priceDislocation([], others)).toBeNull();
  });

  test('of a market without a price has no say, here or there', () => {
    const empty = { ...market(0), price: null, depthQuote: 0 };
    expect(priceDislocation([empty], [[market(100)]])).toBeNull();
    expect(priceDislocation([market(95)], [[empty], [market(100)]])).toBeCloseTo(-0.05, 12);
  });
});

describe('one unit', () => {
  const rate = market(1.01, { coin: 'USDC' });

  test('prices in USDC by the market of USDC, wherever that is', () => {
    const inUsdc = market(99, { quoteCoin: 'USDC', index: 100, depthQuote: 200 });
    const [found] = inOneUnit([inUsdc], [[rate], [inUsdc]]);
    expect(found).toMatchObject({ quoteCoin: 'USDT', index: 101, depthQuote: 202 });
    expect(found?.price).toBeCloseTo(99.99, 10);
  });

  test('leaves out what has no known rate, rather than take it for one', () => {
    expect(inOneUnit([market(99, { quoteCoin: 'EUR' })], [[rate]])).toEqual([]);
    expect(inOneUnit([market(99, { quoteCoin: 'USDC' })], [[market(100)]])).toEqual([]);
  });
});

describe('funding against the others', () => {
  test('is the gap to their median, the median over coins', () => {
    const own = [
      market(1, { funding8hRate: 5e-4 }),
      market(1, { coin: 'ETH', funding8hRate: 3e-4 }),
    ];
    const others = [
      [market(1), market(1, { coin: 'ETH' })],
      [market(1, { funding8hRate: 3e-4 })],
      [market(1, { funding8hRate: null })],
    ];
    expect(fundingGap(own, others)).toBeCloseTo((3e-4 + 2e-4) / 2, 12);
    expect(fundingGap([market(1, { funding8hRate: null })], others)).toBeNull();
    expect(fundingGap(own, [])).toBeNull();
  });
});
