/** What one unit of a leg holds: signs, order of buying, and the cash it ties up. Method: one row per kind and direction. */
import { describe, expect, test } from 'vitest';
import { legId, venueId } from '../../src/domain/ids.ts';
import { exposures, isFunded, type Leg } from '../../src/domain/leg.ts';

const base = { id: legId('x'), venue: venueId('alpha'), group: null, budget: null };
const long: Leg = { ...base, kind: 'perpetual', symbol: 'BTC/USDT:USDT', direction: 'long' };
const short: Leg = { ...base, kind: 'perpetual', symbol: 'BTC/USDT:USDT', direction: 'short' };
const carry: Leg = { ...base, kind: 'carry', spot: 'ETH/USDT', perpetual: 'ETH/USDT:USDT' };
const lending: Leg = { ...base, kind: 'lending', coin: 'USDC' };
const stable: Leg = { ...base, kind: 'stable', symbol: 'USDE/USDT', yieldAnnual: 0.05 };

describe('exposures', () => {
  const signs = (leg: Leg) => exposures(leg).map(({ symbol, sign }) => [symbol, sign]);

  test('a perpetual leg holds its perpetual on its own side', () => {
    expect(signs(long)).toEqual([['BTC/USDT:USDT', 1]]);
    expect(signs(short)).toEqual([['BTC/USDT:USDT', -1]]);
  });

  test('a carry leg is long the coin first, and short its perpetual', () => {
    expect(signs(carry)).toEqual([
      ['ETH/USDT', 1],
      ['ETH/USDT:USDT', -1],
    ]);
  });

  test('a lending leg holds the earn product, a stable leg its coin', () => {
    expect(signs(lending)).toEqual([['earn:USDC', 1]]);
    expect(signs(stable)).toEqual([['USDE/USDT', 1]]);
  });

  test('every exposure names its instrument at the leg’s own venue', () => {
    for (const leg of [long, short, carry, lending, stable]) {
      for (const { instrument, symbol } of exposures({ ...leg, venue: venueId('beta') })) {
        expect(instrument).toBe(`beta|${symbol}`);
      }
    }
  });
});

test('only a perpetual leg leaves its notional in the wallet', () => {
  expect([long, short, carry, lending, stable].map(isFunded)).toEqual([
    false,
    false,
    true,
    true,
    true,
  ]);
});
