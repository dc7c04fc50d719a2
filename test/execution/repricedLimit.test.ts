/**
 * Prices of later attempts: own side for post-only, within slippage for marketable ones, never beyond the plan's worst but for
 * what is to get out. Each row of the table of purposes is met with figures written down.
 */
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import { observed, unknown } from '../../src/domain/observed.ts';
import type { PlannedOrder } from '../../src/domain/order.ts';
import { repricedLimit } from '../../src/execution/repricedLimit.ts';
import { alpha } from '../rebalance/legsGiven.ts';
import { instrumentOf, nowMs, quoteOf } from '../rebalance/snapshotWorld.ts';

const { id, symbol, priceTick } = instrumentOf(alpha, 'BTC/USDT:USDT');
const buy: PlannedOrder = {
  instrument: id,
  venue: alpha,
  symbol,
  action: 'buy',
  style: 'passive',
  quantityBase: decimal('0.1'),
  limitPrice: decimal('50125'),
  decisionPrice: 50_000,
  notionalUsd: 5_000,
  reduceOnly: false,
  risk: 'increases',
  stage: 0,
  pair: null,
  slice: 0,
};
const sell: PlannedOrder = { ...buy, action: 'sell', limitPrice: decimal('49875') };
const at = (
  order: PlannedOrder,
  timeInForce: 'postOnly' | 'ioc',
  change: Parameters<typeof quoteOf>[1],
  purpose: 'plan' | 'repair' | 'flatten' = 'plan',
) =>
  repricedLimit(order, {
    purpose,
    quote: observed(quoteOf(symbol, change), nowMs),
    timeInForce,
    priceTick,
    execution: { slippageBpsMax: 25 },
    limits: { priceCollarBps: 100 },
  });

describe('the next limit price', () => {
  test('post-only rests at the best price of its own side', () => {
    const book = { bid: 50_010.04, ask: 50_010.17, mark: 50_010 };
    expect(at(buy, 'postOnly', book)).toBe('50010');
    expect(at(sell, 'postOnly', book)).toBe('50010.2');
  });

  test('a marketable limit follows the mark within the slippage', () => {
    expect(at(buy, 'ioc', { mark: 49_000 })).toBe('49122.5');
    expect(at(sell, 'ioc', { mark: 51_000 })).toBe('50872.5');
  });

  test('neither goes beyond the worst price of the plan', () => {
    expect(at(buy, 'ioc', { mark: 51_000 })).toBe('50125');
    expect(at(buy, 'postOnly', { bid: 51_000, ask: 51_001, mark: 51_000 })).toBe('50125');
    expect(at(sell, 'ioc', { mark: 49_000 })).toBe('49875');
    expect(at(sell, 'postOnly', { bid: 48_999, ask: 49_000, mark: 49_000 })).toBe('49875');
  });

  test('a repair may go three times as far from the mark, not beyond the price it was made at', () => {
    const wide = { ...buy, limitPrice: decimal('50375') };
    expect(at(wide, 'ioc', { mark: 49_000 }, 'repair')).toBe('49367.5');
    expect(at(wide, 'ioc', { mark: 51_000 }, 'repair')).toBe('50375');
  });

  test('what is to get out goes four times as far, and with the market', () => {
    const out = { ...sell, limitPrice: decimal('49500'), reduceOnly: true };
    // A percent below a mark that has fallen by ten.
    expect(at(out, 'ioc', { mark: 45_000 }, 'flatten')).toBe('44550');
    expect(at({ ...out, action: 'buy' }, 'ioc', { mark: 55_000 }, 'flatten')).toBe('55550');
  });

  test('the collar bounds it at three times its width', () => {
    const limit = repricedLimit(sell, {
      quote: observed(quoteOf(symbol, { mark: 50_000 }), nowMs),
      timeInForce: 'ioc',
      priceTick,
      execution: { slippageBpsMax: 100 },
      limits: { priceCollarBps: 50 },
      purpose: 'flatten',
    });
    expect(limit).toBe('49250');
  });

  test('without a quote the plan’s own limit stands; an earn order has none', () => {
    const dark = {
      quote: unknown<never>('timeout'),
      timeInForce: 'ioc',
      priceTick,
      execution: { slippageBpsMax: 25 },
      limits: { priceCollarBps: 100 },
      purpose: 'flatten',
    } as const;
    expect(repricedLimit(buy, dark)).toBe('50125');
    expect(repricedLimit({ ...buy, style: 'earn', limitPrice: null }, dark)).toBeNull();
  });
});
