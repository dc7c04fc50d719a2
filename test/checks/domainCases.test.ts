/**
 * Goal: the worked cases of practice and operations come out of the project's own gates and scaling.
 *
 * What a case asks for and the project does otherwise is not forced into it: one order's codes are those of the gate that
 * finds it, and a named person starts a throttle again by a fill or by the halt's own command.
 */
import { describe, expect, test } from 'vitest';
import type { GateFacts } from '../../src/checks/gate.ts';
import { judgeOrder } from '../../src/checks/gates.ts';
import { type DecimalText, decimal } from '../../src/domain/decimal.ts';
import { observed } from '../../src/domain/observed.ts';
import type { PlannedOrder } from '../../src/domain/order.ts';
import { scaleToVolatility } from '../../src/parity/sizing/weigh.ts';
import type { RiskEstimate } from '../../src/risk/riskTypes.ts';
import { nextPeg } from '../../src/signals/peg.ts';
import { domainCase } from '../domainCase.ts';
import { alpha } from '../rebalance/legsGiven.ts';
import { policyOf } from '../rebalance/policyGiven.ts';
import { instrumentOf, nowMs, quoteOf } from '../rebalance/snapshotWorld.ts';

const instrument = instrumentOf(alpha, 'BTC/USDT:USDT');

/** The gates that need no portfolio, on a quote at the case's reference price. */
function judge(
  at: {
    readonly price: number | string | null;
    readonly quantity: number;
    readonly side: 'buy' | 'sell';
  },
  referencePrice: number,
  change: Partial<GateFacts>,
) {
  const order: PlannedOrder = {
    instrument: instrument.id,
    venue: alpha,
    symbol: instrument.symbol,
    action: at.side,
    style: 'ioc',
    quantityBase: decimal(at.quantity),
    // A text that is no decimal can only come from outside the types.
    limitPrice:
      typeof at.price === 'string'
        ? (at.price as DecimalText)
        : at.price === null
          ? null
          : decimal(at.price),
    decisionPrice: referencePrice,
    notionalUsd: at.quantity * (typeof at.price === 'number' ? at.price : referencePrice),
    reduceOnly: false,
    risk: 'increases',
    stage: 0,
    pair: null,
    slice: 0,
  };
  const denial = judgeOrder(order, {
    purpose: 'plan',
    nowMs,
    deadlineMs: null,
    halted: false,
    haltReason: null,
    noIncrease: false,
    discrepancies: 0,
    instrument,
    quote: observed(quoteOf(instrument.symbol, { mark: referencePrice }), nowMs),
    positionBase: observed(decimal(0), nowMs),
    venueState: 'healthy',
    clockOffsetMs: observed(0, nowMs),
    positionMode: 'oneWay',
    ordersLastMinute: 0,
    repeats: 0,
    isOrderUnknown: false,
    freeByCoin: null,
    portfolio: null,
    limits: policyOf([]).limits,
    ...change,
  });
  return denial?.code ?? 'accept';
}

describe('worked cases of practice and operations', () => {
  test('P04: leverage at the volatility target, under its cap', () => {
    const { inputs, expected } = domainCase<
      { readonly target: number; readonly cap: number; readonly forecast: readonly number[] },
      { readonly L: readonly number[] }
    >('P04');
    const found = inputs.forecast.map((forecast) => {
      const estimate = { covarianceAnnual: [[forecast ** 2]] } as unknown as RiskEstimate;
      return Math.min(inputs.cap, scaleToVolatility(estimate, [1], [0], inputs.target));
    });
    for (const [index, wanted] of expected.L.entries())
      expect(found[index]).toBeCloseTo(wanted, 12);
  });

  test('P05: the weight of a class is the target over its own volatility', () => {
    const { inputs, expected } = domainCase<
      { readonly tv: number; readonly vol: number },
      { readonly weight: number }
    >('P05');
    const estimate = { covarianceAnnual: [[inputs.vol ** 2]] } as unknown as RiskEstimate;
    expect(scaleToVolatility(estimate, [1], [0], inputs.tv)).toBeCloseTo(expected.weight, 9);
  });

  test('O01: collar and value, each order on the side on which its price is worse', () => {
    const { inputs, expected } = domainCase<
      {
        readonly limits: {
          readonly collar_bps: number;
          readonly max_value: number;
          readonly ref: number;
        };
        readonly orders: readonly { readonly px: number | string | null; readonly qty: number }[];
      },
      { readonly decisions: readonly string[] }
    >('O01');
    const { collar_bps: priceCollarBps, max_value: orderUsdMax, ref } = inputs.limits;
    const limits = policyOf([], { limits: { priceCollarBps, orderUsdMax } }).limits;
    const codes = {
      accept: ['accept'],
      'reject:price_collar': ['PRICE_COLLAR'],
      'reject:max_value': ['ORDER_VALUE'],
      // Every order here has a limit; one without is beyond any collar.
      'reject:no_price_for_market_order': ['PRICE_COLLAR'],
      // A price that is none, and a quantity that is none.
      'reject:invalid': ['PRICE_COLLAR', 'ORDER_VALUE'],
    } as const;
    const found = inputs.orders.map(({ px, qty }) => {
      const side = typeof px === 'number' && px < ref ? 'sell' : 'buy';
      return judge({ price: px, quantity: qty, side }, ref, { limits });
    });
    expect(found).toHaveLength(expected.decisions.length);
    for (const [index, wanted] of expected.decisions.entries())
      expect(codes[wanted as keyof typeof codes], `order ${index}`).toContain(found[index]);
    expect([found[6], found[7]]).toEqual(['ORDER_VALUE', 'PRICE_COLLAR']);
  });

  test('O03: the run after the last allowed one is denied, and so is every later one', () => {
    const { inputs, expected } = domainCase<
      { readonly max_runs: number; readonly events: readonly string[] },
      { readonly result: readonly string[] }
    >('O03');
    const limits = policyOf([], { limits: { repeatsMax: inputs.max_runs } }).limits;
    let repeats = 0;
    const found = inputs.events.map((event) => {
      // A fill starts the count again, as the person does in the case; time alone does not.
      if (event.startsWith('reenable')) {
        repeats = 0;
        return 'enabled';
      }
      const code = judge({ price: 60_000, quantity: 0.1, side: 'buy' }, 60_000, {
        limits,
        repeats,
      });
      if (event === 'run' && code === 'accept') repeats += 1;
      return code === 'accept' ? 'ok' : 'disabled';
    });
    expect(found).toEqual(expected.result);
  });

  test('T06: every depeg on record that lasted would have been left; the shallow ones not added to', () => {
    type Row = { readonly coin: string; readonly low: number };
    const { inputs, expected } = domainCase<
      { readonly rows: readonly Row[] },
      { readonly max_drawdown: Readonly<Record<string, number>> }
    >('T06');
    const limits = { restrictShare: 0.02, exitShare: 0.05, confirmMs: 600_000, releaseMs: 1 };
    for (const { coin, low } of inputs.rows) {
      expect(1 - low).toBeLessThanOrEqual((expected.max_drawdown[coin] ?? 0) + 1e-9);
      const started = nextPeg(null, low, limits, 0);
      expect(nextPeg(started, low, limits, 600_000).state).toBe(
        1 - low >= 0.05 ? 'exit' : 'restrict',
      );
    }
    for (const [coin, share] of Object.entries(expected.max_drawdown)) {
      const lows = inputs.rows.filter((row) => row.coin === coin).map((row) => row.low);
      expect(1 - Math.min(...lows)).toBeCloseTo(share, 9);
    }
  });
});
