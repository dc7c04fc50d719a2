/**
 * The check of a whole plan: the account after the trade, orders in flight, pairs, and cash as it goes along.
 *
 * Each portfolio gate is met just inside its limit and broken just beyond; reductions pass all of them.
 */
import { describe, expect, test } from 'vitest';
import { checkPlan } from '../../src/checks/checkPlan.ts';
import { decimal } from '../../src/domain/decimal.ts';
import type { DenialCode } from '../../src/domain/denial.ts';
import { instrumentId, readClientOrderId, rebalanceId } from '../../src/domain/ids.ts';
import type { Leg } from '../../src/domain/leg.ts';
import { observed, unknown } from '../../src/domain/observed.ts';
import type { OrderRecord } from '../../src/domain/order.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { VenueObservation } from '../../src/domain/snapshot.ts';
import { planOrders } from '../../src/execution/planOrders.ts';
import { readBook } from '../../src/parity/sizing/book.ts';
import { netTargets } from '../../src/parity/sizing/netting.ts';
import { decide } from '../../src/rebalance/decide.ts';
import { alpha, carryLeg, lendingLeg, perpetualLeg } from '../rebalance/legsGiven.ts';
import { policyOf } from '../rebalance/policyGiven.ts';
import { nowMs, type Scene, snapshotOf } from '../rebalance/snapshotWorld.ts';

const btc = perpetualLeg('btc', 'BTC/USDT:USDT');
const sol = perpetualLeg('sol', 'SOL/USDT:USDT');

function check(
  legs: readonly Leg[],
  change: Parameters<typeof policyOf>[1],
  usd: readonly number[],
  scene: Scene = {},
) {
  const policy: Policy = policyOf(legs, change);
  const reading = readBook(snapshotOf(policy, scene), policy);
  if (reading.kind !== 'book') throw new Error(reading.reason);
  const plan = planOrders(reading.book, netTargets(reading.book, usd), () => []);
  const { approved, denials } = checkPlan(reading.book, plan.orders);
  return {
    planned: plan.orders.length,
    approved: approved.map(({ symbol, action }) => `${action} ${symbol}`),
    codes: denials.map((denial) => denial.code),
    denials,
  };
}

const venueWith = (change: Partial<VenueObservation>) => (seen: VenueObservation) => ({
  ...seen,
  ...change,
});

describe('portfolio gates, on the account after the trade', () => {
  type Row = {
    readonly code: DenialCode;
    readonly breach: Parameters<typeof policyOf>[1];
    readonly inside: Parameters<typeof policyOf>[1];
    readonly scene?: Scene;
  };
  // 50 000 of BTC on an equity of 100 000; leverage there 10, or what initialMarginShareMax makes of it.
  const rows: readonly Row[] = [
    {
      code: 'GROSS_LEVERAGE',
      breach: { sizing: { grossLeverageMax: 0.49 } },
      inside: { sizing: { grossLeverageMax: 0.5 } },
    },
    {
      code: 'CONCENTRATION',
      breach: { sizing: { legShareMax: 0.49 } },
      inside: { sizing: { legShareMax: 0.5 } },
    },
    // Leverage is at most the tier's 100: 500 of margin.
    {
      code: 'INITIAL_MARGIN',
      breach: { sizing: { initialMarginShareMax: 0.004 } },
      inside: { sizing: { initialMarginShareMax: 0.005 } },
    },
    // A rise of 40 % leaves 120 000 over maintenance of 350.
    {
      code: 'STRESSED_MARGIN',
      breach: { sizing: { stressPerpetualShare: 0.4, stressedMarginBuffer: 343 } },
      inside: { sizing: { stressPerpetualShare: 0.4, stressedMarginBuffer: 342 } },
    },
    { code: 'DRAWDOWN', breach: {}, inside: {}, scene: { snapshot: { peakEquityUsd: 125_001 } } },
    {
      code: 'DAILY_LOSS',
      breach: {},
      inside: {},
      scene: { snapshot: { dayStartEquityUsd: 111_112 } },
    },
  ];

  test.each(rows)('$code', ({ code, breach, inside, scene }) => {
    expect(check([btc], breach, [50_000], scene).codes).toEqual([code]);
    const good = {
      DRAWDOWN: { peakEquityUsd: 125_000 },
      DAILY_LOSS: { dayStartEquityUsd: 111_111 },
    };
    const snapshot = code === 'DRAWDOWN' || code === 'DAILY_LOSS' ? good[code] : {};
    expect(check([btc], inside, [50_000], { snapshot }).approved).toEqual(['buy BTC/USDT:USDT']);
    const positions = { 'BTC/USDT:USDT': '2' };
    expect(check([btc], breach, [50_000], { ...scene, positions }).approved).toEqual([
      'sell BTC/USDT:USDT',
    ]);
  });

  test('LIQUIDATION_DISTANCE', () => {
    // Equity 100 000 behind 400 000: liquidated 25 % lower, less maintenance.
    const at = (liquidationDistanceShareMin: number) =>
      check([btc], { limits: { liquidationDistanceShareMin } }, [400_000]).codes;
    expect(at(0.24)).toEqual([]);
    expect(at(0.25)).toEqual(['LIQUIDATION_DISTANCE']);
  });

  test('an approved order counts before the next, a denied one does not', () => {
    const made = check([btc, sol], { sizing: { grossLeverageMax: 0.5 } }, [40_000, 20_000]);
    expect(made.approved).toEqual(['buy BTC/USDT:USDT']);
    expect(made.codes).toEqual(['GROSS_LEVERAGE']);
    const first = check([btc, sol], { sizing: { grossLeverageMax: 0.3 } }, [40_000, 20_000]);
    expect(first.approved).toEqual(['buy SOL/USDT:USDT']);
  });
});

describe('what the venue and the ledger say', () => {
  const gate = (scene: Scene) => check([btc], {}, [5_000], scene);
  const out = (scene: Scene) =>
    check([btc], {}, [0], { ...scene, positions: { 'BTC/USDT:USDT': '0.1' } });

  test('a discrepancy, a halt, a skewed or unknown clock, a weak venue deny increases and let reductions pass', () => {
    const scenes: readonly (readonly [DenialCode, Scene])[] = [
      ['NOT_RECONCILED', { snapshot: { discrepancies: 1 } }],
      ['HALTED', { snapshot: { halt: { halted: true, reason: 'x' } } }],
      ['CLOCK_SKEW', { venue: venueWith({ clockOffsetMs: unknown('timeout') }) }],
      ['CLOCK_SKEW', { venue: venueWith({ clockOffsetMs: observed(5_000, nowMs) }) }],
      [
        'VENUE_RESTRICTED',
        { venue: (seen) => ({ ...seen, health: { ...seen.health, state: 'unknown' } }) },
      ],
    ];
    for (const [code, scene] of scenes) {
      expect(gate(scene).codes).toEqual([code]);
      expect(out(scene).approved).toEqual(['sell BTC/USDT:USDT']);
    }
  });

  test('hedge mode stops both: what is meant to reduce would open the other side', () => {
    const hedge: Scene = {
      venue: (seen) =>
        seen.account.kind === 'observed'
          ? { ...seen, account: observed({ ...seen.account.value, positionMode: 'hedge' }, nowMs) }
          : seen,
    };
    expect(gate(hedge).codes).toEqual(['HEDGE_MODE']);
    expect(out(hedge).codes).toEqual(['HEDGE_MODE']);
  });

  test('the throttle on repeated execution', () => {
    const repeats = (count: number) => ({
      snapshot: { repeatsByInstrument: { [instrumentId(alpha, 'BTC/USDT:USDT')]: count } },
    });
    expect(gate(repeats(20)).codes).toEqual(['REPEATED_EXECUTION']);
    expect(gate(repeats(19)).codes).toEqual([]);
    expect(out(repeats(20)).codes).toEqual([]);
    expect(out(repeats(60)).codes).toEqual(['REPEATED_EXECUTION']);
  });

  test('orders of the plan count towards the rate of messages', () => {
    const made = check([btc, sol], { limits: { ordersPerMinuteMax: 1 } }, [5_000, 5_000]);
    expect(made.approved).toHaveLength(1);
    expect(made.codes).toEqual(['MESSAGE_RATE']);
  });
});

describe('orders in flight', () => {
  const record = (state: OrderRecord['state']): OrderRecord => ({
    clientOrderId: readClientOrderId('0'.repeat(32)),
    portfolio: 'test',
    rebalanceId: rebalanceId('before'),
    instrument: instrumentId(alpha, 'BTC/USDT:USDT'),
    venue: alpha,
    symbol: 'BTC/USDT:USDT',
    action: 'buy',
    timeInForce: 'ioc',
    quantityBase: decimal('0.8'),
    limitPrice: decimal('50000'),
    decisionPrice: 50_000,
    reduceOnly: false,
    slice: 0,
    attempt: 0,
    purpose: 'plan',
    state,
    venueOrderId: null,
    filledBase: decimal('0.1'),
    reason: null,
    intendedAtMs: nowMs,
    sentAtMs: nowMs,
    ackedAtMs: null,
    endedAtMs: null,
  });
  const limit = { sizing: { grossLeverageMax: 0.5 } };

  test.each(['intended', 'unknown', 'working'] as const)(
    'count at once as if they had filled, while %s: their risk stays reserved',
    (state) => {
      const at = (usd: number) =>
        check([sol, btc], limit, [usd, 0], { snapshot: { openOrders: [record(state)] } });
      // 0.7 BTC are 35 000 of 50 000.
      expect(at(15_000).codes).toEqual([]);
      expect(at(15_100).codes).toEqual(['GROSS_LEVERAGE']);
    },
  );

  test('with an unknown outcome block new risk in their instrument only', () => {
    const made = check([btc, sol], {}, [5_000, 5_000], {
      snapshot: { openOrders: [record('unknown')] },
    });
    expect(made.codes).toEqual(['UNKNOWN_ORDER']);
    expect(made.approved).toEqual(['buy SOL/USDT:USDT']);
  });

  test('that have ended do not', () => {
    const made = check([btc], limit, [50_000], { snapshot: { openOrders: [record('cancelled')] } });
    expect(made.codes).toEqual([]);
  });
});

describe('pairs', () => {
  test('if one half is denied, so is the other, and says why', () => {
    const made = check([carryLeg], {}, [5_000], { freeUsdt: 100 });
    expect(made.approved).toEqual([]);
    expect(made.codes).toEqual(['INSUFFICIENT_CASH', 'INSUFFICIENT_CASH']);
    expect(made.denials[1]?.instrument).toBe(instrumentId(alpha, 'ETH/USDT:USDT'));
    expect(made.denials[1]?.message).toMatch(/other half of pair eth-carry:0/);
  });

  test('both halves are judged on the account with both: hedged, they stay within the stress', () => {
    const stress = { sizing: { stressPerpetualShare: 0.9, stressedMarginBuffer: 1 } };
    expect(check([carryLeg], stress, [90_000]).approved).toHaveLength(2);
    const naked = perpetualLeg('short', 'ETH/USDT:USDT', 'short');
    expect(check([naked], stress, [120_000]).codes).toEqual(['STRESSED_MARGIN']);
  });
});

describe('cash', () => {
  test('what one order spends is not there for the next', () => {
    const made = check([carryLeg, lendingLeg], {}, [30_000, 30_000], { freeUsdt: 40_000 });
    expect(made.approved.toSorted()).toEqual(['buy USDC/USDT', 'subscribe earn:USDC']);
    expect(made.codes).toEqual(['INSUFFICIENT_CASH', 'INSUFFICIENT_CASH']);
  });

  test('a purchase pays for the subscription after it', () => {
    expect(check([lendingLeg], {}, [5_000]).approved).toEqual([
      'buy USDC/USDT',
      'subscribe earn:USDC',
    ]);
    const made = check([lendingLeg], {}, [5_000], { freeUsdt: 10 });
    expect(made.codes).toEqual(['INSUFFICIENT_CASH', 'INSUFFICIENT_CASH']);
  });
});

test.each([
  { leg: lendingLeg, volatility: 0.42 },
  { leg: carryLeg, volatility: 0.9 },
])('what sizing sizes, the gates let pass: margin beside $leg.kind', ({ leg, volatility }) => {
  // A quiet perpetual at high leverage: initial margin binds, on what is left of the account.
  const sizing = {
    grossLeverageMax: 20,
    initialMarginShareMax: 0.1,
    targetVolatilityAnnual: 0.8,
    legShareMax: 20,
  };
  const policy = policyOf([btc, leg], { sizing });
  const decision = decide(snapshotOf(policy, { volatilities: [0.05, volatility] }), policy);
  expect(decision.explanation?.portfolio.binding?.code).toBe('INITIAL_MARGIN');
  expect(decision.denials).toEqual([]);
});
