/**
 * Goal: legs of one instrument are netted, and the halves of a pair are equal, side by side and within the unhedged limit.
 * Method: a carry leg alone and beside a perpetual leg, opened, unwound and out of step.
 */
import { describe, expect, test } from 'vitest';
import { instrumentId } from '../../src/domain/ids.ts';
import { netTargets } from '../../src/parity/sizing/netting.ts';
import { alpha, carryLeg, perpetualLeg } from '../rebalance/legsGiven.ts';
import { policyOf } from '../rebalance/policyGiven.ts';
import { brief, eth, plan } from './plannedGiven.ts';

describe('netting', () => {
  test('a long leg and a carry leg share one perpetual position, each with its part', () => {
    const { book } = plan(policyOf([eth, carryLeg]), [10_000, 4_000]);
    const targets = netTargets(book, [10_000, 4_000]);
    const perpetual = targets.find(
      (each) => each.instrument === instrumentId(alpha, 'ETH/USDT:USDT'),
    );
    expect(perpetual?.targetBase).toBe('2.4');
    expect(perpetual?.parts).toEqual([
      { leg: 'eth', targetBase: 4 },
      { leg: 'eth-carry', targetBase: -1.6 },
    ]);
  });

  test('what netting leaves over is not linked: spot bought against a perpetual that need not move', () => {
    const policy = policyOf([eth, carryLeg]);
    const made = plan(policy, [4_000, 4_000]).plan;
    expect(brief(made)).toMatchObject([{ symbol: 'ETH/USDT', action: 'buy', quantityBase: '1.6' }]);
    expect(made.orders[0]?.pair).toBeNull();
  });
});

describe('pairs', () => {
  const policy = policyOf([carryLeg], { execution: { unhedgedUsdMax: 1_000 } });

  test('halves stand side by side, equal in the lots of both, slice by slice below the unhedged limit', () => {
    const { orders } = plan(policy, [3_333]).plan;
    // 1.33 of a step of 0.01 that both have; at most 0.4 is worth 1000.
    expect(orders.map((order) => order.quantityBase)).toEqual([
      '0.34',
      '0.34',
      '0.33',
      '0.33',
      '0.33',
      '0.33',
      '0.33',
      '0.33',
    ]);
    for (let at = 0; at < orders.length; at += 2) {
      const [spot, perpetual] = orders.slice(at, at + 2);
      expect(spot?.pair).toBe(perpetual?.pair);
      expect(spot?.stage).toBe(perpetual?.stage);
      expect([spot?.action, perpetual?.action]).toEqual(['buy', 'sell']);
      expect([spot?.style, perpetual?.style]).toEqual(['ioc', 'ioc']);
    }
    expect(new Set(orders.map((order) => order.pair)).size).toBe(4);
  });

  test('unwinding both halves reduces risk; half of a pair alone does not', () => {
    const positions = { 'ETH/USDT': '1', 'ETH/USDT:USDT': '-1' };
    const whole = plan(policyOf([carryLeg]), [0], { positions }).plan;
    expect(brief(whole)).toMatchObject([
      { symbol: 'ETH/USDT', action: 'sell', risk: 'reduces', reduceOnly: false },
      { symbol: 'ETH/USDT:USDT', action: 'buy', risk: 'reduces', reduceOnly: true },
    ]);
    // The perpetual leg takes over what the carry leg was short: only the spot half leaves.
    const half = plan(
      policyOf([carryLeg, perpetualLeg('eth-short', 'ETH/USDT:USDT', 'short')]),
      [0, 2_500],
      { positions },
    ).plan;
    expect(brief(half)).toMatchObject([{ symbol: 'ETH/USDT', action: 'sell', risk: 'increases' }]);
  });

  test('where one half has left its band the other moves with it', () => {
    const positions = { 'ETH/USDT': '1.6', 'ETH/USDT:USDT': '-1.9' };
    const made = plan(policyOf([carryLeg]), [5_000], { positions }).plan;
    expect(brief(made).map(({ symbol, quantityBase }) => [symbol, quantityBase])).toEqual([
      ['ETH/USDT', '0.3'],
      ['ETH/USDT', '0.1'],
      ['ETH/USDT:USDT', '0.1'],
    ]);
  });
});
