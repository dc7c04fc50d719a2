/**
 * What the universe needs of each venue: symbols once each in the legs' order, and the venue's cash.
 *
 * Method: small universes whose answer is read off by hand.
 */
import { describe, expect, test } from 'vitest';
import { legId, venueId } from '../../src/domain/ids.ts';
import type { Leg, LendingLeg } from '../../src/domain/leg.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { cashCoin, fundingSpot, requiredSymbols } from '../../src/domain/universe.ts';
import { policy as template } from '../simulation/world.ts';

const alpha = venueId('alpha');
const beta = venueId('beta');
const base = (id: string, venue = alpha) => ({ id: legId(id), venue, group: null, budget: null });
const perpetual = (symbol: string, venue = alpha): Leg => ({
  ...base(symbol, venue),
  kind: 'perpetual',
  symbol,
  direction: 'long',
});
const lending = (coin: string, venue = alpha): LendingLeg => ({
  ...base(coin, venue),
  kind: 'lending',
  coin,
});
const carry: Leg = {
  ...base('carry'),
  kind: 'carry',
  spot: 'ETH/USDT',
  perpetual: 'ETH/USDT:USDT',
};
const stable = (symbol: string): Leg => ({
  ...base(symbol),
  kind: 'stable',
  symbol,
  yieldAnnual: 0.05,
});
const of = (...legs: readonly Leg[]): Policy => ({ ...template, legs });

describe('requiredSymbols', () => {
  test('each symbol once, in the legs’ order, a lent coin with the market where it is bought', () => {
    const policy = of(perpetual('ETH/USDT:USDT'), carry, lending('USDC'));
    expect(requiredSymbols(policy)).toEqual({
      alpha: ['ETH/USDT:USDT', 'ETH/USDT', 'earn:USDC', 'USDC/USDT'],
    });
  });

  test('venues are apart, and a venue without a leg is not in it', () => {
    const policy = of(perpetual('BTC/USDT:USDT'), perpetual('BTC/USDT:USDT', beta));
    expect(requiredSymbols(policy)).toEqual({
      alpha: ['BTC/USDT:USDT'],
      beta: ['BTC/USDT:USDT'],
    });
  });

  test('cash that is lent needs no market', () => {
    expect(requiredSymbols(of(carry, lending('USDT')))).toEqual({
      alpha: ['ETH/USDT', 'ETH/USDT:USDT', 'earn:USDT'],
    });
  });
});

describe('cashCoin', () => {
  test('is what the venue’s perpetuals settle in, before what its spot markets are quoted in', () => {
    expect(cashCoin(of(stable('USDE/USDT'), perpetual('BTC/USDC:USDC')), alpha)).toBe('USDC');
    expect(cashCoin(of(stable('USDE/USDC')), alpha)).toBe('USDC');
  });

  test('is the tether where no leg says otherwise, and another venue’s legs say nothing', () => {
    expect(cashCoin(of(lending('USDC')), alpha)).toBe('USDT');
    expect(cashCoin(of(perpetual('BTC/USDC:USDC', beta), lending('USDC')), alpha)).toBe('USDT');
  });
});

describe('fundingSpot', () => {
  test('names the market in which a lent coin is bought, none for cash itself', () => {
    const usdc = lending('USDC');
    expect(fundingSpot(of(carry, usdc), usdc)).toBe('alpha|USDC/USDT');
    expect(fundingSpot(of(perpetual('BTC/USDC:USDC'), usdc), usdc)).toBeNull();
    const tether = lending('USDT');
    expect(fundingSpot(of(carry, tether), tether)).toBeNull();
  });
});
