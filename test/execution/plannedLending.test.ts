/**
 * Goal: what is lent is bought before, what is redeemed is sold by a later decision, nobody's coins are sold.
 * Method: a lending leg over wallets that hold too little, enough, fees less, and the venue's own cash.
 */
import { describe, expect, test } from 'vitest';
import { instrumentId } from '../../src/domain/ids.ts';
import type { Leg } from '../../src/domain/leg.ts';
import { netTargets } from '../../src/parity/sizing/netting.ts';
import { alpha, lendingLeg } from '../rebalance/legsGiven.ts';
import { policyOf } from '../rebalance/policyGiven.ts';
import { brief, btc, plan } from './plannedGiven.ts';

describe('lending', () => {
  const policy = policyOf([lendingLeg]);

  test('what the wallet lacks is bought first, then lent, each in its stage', () => {
    const made = plan(policy, [5_000], { positions: { 'USDC/USDT': '1000' } }).plan;
    expect(brief(made)).toMatchObject([
      { symbol: 'USDC/USDT', action: 'buy', quantityBase: '4000', stage: 0 },
      {
        symbol: 'earn:USDC',
        action: 'subscribe',
        quantityBase: '5000',
        stage: 1,
        risk: 'increases',
      },
    ]);
    expect(made.orders[1]?.limitPrice).toBeNull();
  });

  test('a redemption comes first and its coins are sold by a later decision', () => {
    const out = plan(policy, [0], { positions: { 'earn:USDC': '5000' } }).plan;
    expect(brief(out)).toMatchObject([
      { symbol: 'earn:USDC', action: 'redeem', quantityBase: '5000', risk: 'reduces' },
    ]);
    const later = plan(policy, [0], { positions: { 'USDC/USDT': '5000' } }).plan;
    expect(brief(later)).toMatchObject([
      { symbol: 'USDC/USDT', action: 'sell', quantityBase: '5000' },
    ]);
  });

  test('coins left over within the band stay in the wallet', () => {
    const scene = { positions: { 'USDC/USDT': '400', 'earn:USDC': '5000' } };
    expect(plan(policy, [5_000], scene).plan.orders).toEqual([]);
  });

  test('a fee taken from the coin leaves less to lend', () => {
    const made = plan(policy, [5_000], {
      observation: (seen) => ({ ...seen, instrument: { ...seen.instrument, takerFeeRate: 0.001 } }),
    }).plan;
    expect(brief(made)).toMatchObject([{ quantityBase: '5000' }, { quantityBase: '4995' }]);
  });

  test('the venue’s own cash is lent without buying it', () => {
    const tether: Leg = { ...lendingLeg, coin: 'USDT' };
    expect(brief(plan(policyOf([tether]), [5_000]).plan)).toMatchObject([
      { symbol: 'earn:USDT', action: 'subscribe', quantityBase: '5000' },
    ]);
  });

  test('coins that are observed for the book’s unit only are nobody’s to sell', () => {
    const { book } = plan(policyOf([btc, lendingLeg]), [0, 0]);
    const withoutLending = { ...book, legs: [btc], policy: policyOf([btc]) };
    const symbols = netTargets(withoutLending, [0]).map((target) => target.instrument);
    expect(symbols).toEqual([instrumentId(alpha, 'BTC/USDT:USDT')]);
  });
});
