/**
 * Goal: the plan sends what is outside its band, on the lot and above the least order, reductions first.
 * Method: laws rather than snapshots of output, with one position and one target at a time.
 */
import { describe, expect, test } from 'vitest';
import { add, compare, decimal } from '../../src/domain/decimal.ts';
import { instrumentId } from '../../src/domain/ids.ts';
import type { Plan } from '../../src/execution/planOrders.ts';
import { alpha, carryLeg, stableLeg } from '../rebalance/legsGiven.ts';
import { policyOf } from '../rebalance/policyGiven.ts';
import { brief, btc, btcShort, eth, plan, signed } from './plannedGiven.ts';

describe('bands and lots', () => {
  const at = (positionBase: string, usd: number, breached = false) =>
    plan(policyOf([btc]), [usd], { positions: { 'BTC/USDT:USDT': positionBase } }, [breached]).plan;
  const withheldOf = (made: Plan) => made.withheld.get(instrumentId(alpha, 'ETH/USDT:USDT'));
  const withheld = (made: Plan) => made.withheld.get(instrumentId(alpha, 'BTC/USDT:USDT'));

  test('within the band nothing is sent, beyond it the whole drift is', () => {
    expect(withheld(at('0.091', 5_000))).toBe('band');
    expect(brief(at('0.089', 5_000))).toMatchObject([{ action: 'buy', quantityBase: '0.011' }]);
  });

  test('a band protects no target of zero', () => {
    expect(brief(at('0.001', 0))).toMatchObject([
      { action: 'sell', quantityBase: '0.001', reduceOnly: true, risk: 'reduces', stage: 0 },
    ]);
  });

  test('a band protects no breached cap, but only downwards', () => {
    expect(brief(at('0.105', 5_000, true))).toMatchObject([
      { action: 'sell', quantityBase: '0.005' },
    ]);
    expect(withheld(at('0.095', 5_000, true))).toBe('band');
  });

  test('less than a lot, and less than the least order, are withheld', () => {
    expect(at('0', 40).orders).toEqual([]);
    const policy = policyOf([eth], { sizing: { driftBandShare: 0 } });
    const small = plan(policy, [2_500 * 0.011], { positions: { 'ETH/USDT:USDT': '0.009' } });
    expect(small.plan.withheld.get(instrumentId(alpha, 'ETH/USDT:USDT'))).toBe('lot');
    const usde = plan(policyOf([stableLeg]), [4.9]);
    expect(usde.plan.withheld.get(instrumentId(alpha, 'USDE/USDT'))).toBe('minimum');
    expect(plan(policyOf([stableLeg]), [5]).plan.orders).toHaveLength(1);
  });

  test('a reduction of less than the least order goes where the venue takes it', () => {
    const policy = policyOf([eth], { sizing: { driftBandShare: 0 } });
    // 0.001 of a lot ten times finer is worth 2.5 of at least 5.
    const at = (usd: number, reducesBelowMinimum: boolean) =>
      plan(policy, [usd], {
        positions: { 'ETH/USDT:USDT': '1' },
        observation: (seen) => ({
          ...seen,
          instrument: {
            ...seen.instrument,
            quantityStepBase: decimal('0.001'),
            quantityMinBase: decimal('0.001'),
            reducesBelowMinimum,
          },
        }),
      }).plan;
    expect(brief(at(2_497.5, true))).toMatchObject([
      { action: 'sell', quantityBase: '0.001', reduceOnly: true },
    ]);
    expect(withheldOf(at(2_497.5, false))).toBe('minimum');
    expect(withheldOf(at(2_502.5, true))).toBe('minimum');
  });

  test('what pairing leaves over is sent only if the venue takes it', () => {
    const positions = { 'ETH/USDT': '1.5985', 'ETH/USDT:USDT': '-1.6' };
    const made = plan(policyOf([carryLeg], { sizing: { driftBandShare: 0 } }), [5_000], {
      positions,
    });
    expect(made.plan.orders.map((order) => order.symbol)).toEqual(['ETH/USDT', 'ETH/USDT:USDT']);
  });

  test('coins too few to be sold do not move the perpetual that is within its band', () => {
    const policy = policyOf([eth, carryLeg]);
    const at = (spot: string) =>
      plan(policy, [5_000, 0], {
        positions: { 'ETH/USDT': spot, 'ETH/USDT:USDT': '2.02' },
      }).plan;
    expect(at('0.001').orders).toEqual([]);
    expect(at('0.002').orders.map((order) => order.symbol)).toContain('ETH/USDT');
  });

  test('a pair that opens where another only reduces comes after its last slice', () => {
    const policy = policyOf([eth, carryLeg], { execution: { unhedgedUsdMax: 2_500 } });
    const { orders } = plan(policy, [0, 10_000], { positions: { 'ETH/USDT:USDT': '3' } }).plan;
    const stages = (reduceOnly: boolean) =>
      orders
        .filter((order) => order.symbol === 'ETH/USDT:USDT' && order.reduceOnly === reduceOnly)
        .map((order) => order.stage);
    expect(stages(true)).toEqual([0, 1, 2]);
    expect(stages(false)).toEqual([3, 3]);
    let held = decimal('3');
    for (const order of orders.filter((each) => each.symbol === 'ETH/USDT:USDT')) {
      if (order.reduceOnly) expect(compare(held, order.quantityBase)).toBeGreaterThanOrEqual(0);
      held = add(held, signed(order));
    }
    expect(held).toBe('-4');
  });

  test('through zero: first the part that only reduces, in a stage of its own, then the part that opens', () => {
    const made = plan(policyOf([btcShort]), [5_000], {
      positions: { 'BTC/USDT:USDT': '0.04' },
    }).plan;
    expect(brief(made)).toEqual([
      {
        symbol: 'BTC/USDT:USDT',
        action: 'sell',
        quantityBase: '0.04',
        stage: 0,
        reduceOnly: true,
        risk: 'reduces',
      },
      {
        symbol: 'BTC/USDT:USDT',
        action: 'sell',
        quantityBase: '0.1',
        stage: 1,
        reduceOnly: false,
        risk: 'increases',
      },
    ]);
    expect(made.orders.map((order) => order.slice)).toEqual([0, 1]);
  });

  test('the limit price is the nearer of slippage and collar, on the tick, on the safe side', () => {
    const [buy] = plan(policyOf([btc]), [5_000]).plan.orders;
    expect(buy?.limitPrice).toBe('50125');
    const tight = policyOf([btcShort], { limits: { priceCollarBps: 0.033 } });
    expect(plan(tight, [5_000]).plan.orders[0]?.limitPrice).toBe('49999.9');
  });
});
