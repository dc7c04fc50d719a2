/**
 * The gates, one by one: each denies an increase just beyond its limit, lets one at its limit pass, and treats reductions
 * and repairs as the table says. What is unknown never lets new risk pass.
 *
 * Each of the gates was switched off in turn, and every time a test of this folder failed.
 */
import { describe, expect, test } from 'vitest';
import type { Purpose } from '../../src/checks/gate.ts';
import { gates, gateTable } from '../../src/checks/gates.ts';
import { type FreshInputs, reapprove } from '../../src/checks/reapprove.ts';
import { decimal } from '../../src/domain/decimal.ts';
import { type DenialCode, denialCodes } from '../../src/domain/denial.ts';
import { observed, unknown } from '../../src/domain/observed.ts';
import type { PlannedOrder } from '../../src/domain/order.ts';
import { alpha } from '../rebalance/legsGiven.ts';
import { policyOf } from '../rebalance/policyGiven.ts';
import { instrumentOf, nowMs, quoteOf } from '../rebalance/snapshotWorld.ts';

const instrument = instrumentOf(alpha, 'BTC/USDT:USDT');
const order: PlannedOrder = {
  instrument: instrument.id,
  venue: alpha,
  symbol: instrument.symbol,
  action: 'buy',
  style: 'ioc',
  quantityBase: decimal('0.1'),
  limitPrice: decimal('50100'),
  decisionPrice: 50_000,
  notionalUsd: 5_000,
  reduceOnly: false,
  risk: 'increases',
  stage: 0,
  pair: null,
  slice: 0,
};
const fresh: FreshInputs = {
  nowMs,
  deadlineMs: nowMs + 1_000,
  halted: false,
  haltReason: null,
  noIncrease: false,
  instrument,
  quote: observed(quoteOf(instrument.symbol), nowMs),
  venueState: 'healthy',
  ordersLastMinute: 0,
  positionBase: observed(decimal('0'), nowMs),
  freeByCoin: { USDT: decimal('100000') },
  unknownOrderInInstrument: false,
  clockOffsetMs: observed(0, nowMs),
  limits: policyOf([], { limits: { orderUsdMax: 6_000, ordersPerMinuteMax: 10 } }).limits,
  purpose: 'plan',
};
const usdc = instrumentOf(alpha, 'USDC/USDT');
const spotOrder: PlannedOrder = {
  ...order,
  instrument: usdc.id,
  symbol: usdc.symbol,
  quantityBase: decimal('5000'),
  limitPrice: decimal('1'),
  decisionPrice: 1,
};
const spotQuote = observed(quoteOf('USDC/USDT'), nowMs);
const earn = instrumentOf(alpha, 'earn:USDC');
const lend: PlannedOrder = {
  ...spotOrder,
  instrument: earn.id,
  symbol: earn.symbol,
  action: 'subscribe',
  style: 'earn',
  limitPrice: null,
};

function codeOf(
  changedOrder: Partial<PlannedOrder>,
  changedFresh: Partial<FreshInputs>,
): DenialCode | 'approved' {
  const answer = reapprove({ ...order, ...changedOrder }, { ...fresh, ...changedFresh });
  return answer.kind === 'approved' ? 'approved' : answer.denial.code;
}

type Row = {
  readonly code: DenialCode;
  readonly what: string;
  readonly order?: Partial<PlannedOrder>;
  readonly breach: Partial<FreshInputs>;
  /** Just inside; left out where there is no edge. */
  readonly inside?: Partial<FreshInputs>;
};

const limits = (change: Partial<FreshInputs['limits']>) => ({
  limits: { ...fresh.limits, ...change },
});
const quoteWith = (change: Parameters<typeof quoteOf>[1], ageMs = 0) => ({
  quote: observed(quoteOf(instrument.symbol, change), nowMs - ageMs),
});

const rows: readonly Row[] = [
  { code: 'HALTED', what: 'halted', breach: { halted: true, haltReason: 'pulled' } },
  { code: 'NO_INCREASE', what: 'fence', breach: { noIncrease: true } },
  {
    code: 'DEADLINE',
    what: 'late',
    breach: { deadlineMs: nowMs - 1 },
    inside: { deadlineMs: nowMs },
  },
  {
    code: 'STALE_DATA',
    what: 'old quote',
    breach: quoteWith({}, 60_001),
    inside: quoteWith({}, 60_000),
  },
  { code: 'STALE_DATA', what: 'no quote', breach: { quote: unknown('timeout') } },
  { code: 'STALE_DATA', what: 'no position', breach: { positionBase: unknown('timeout') } },
  {
    code: 'CLOCK_SKEW',
    what: 'skewed',
    breach: { clockOffsetMs: observed(-1_001, nowMs) },
    inside: { clockOffsetMs: observed(-1_000, nowMs) },
  },
  { code: 'CLOCK_SKEW', what: 'unknown', breach: { clockOffsetMs: unknown('timeout') } },
  { code: 'UNKNOWN_ORDER', what: 'unknown order', breach: { unknownOrderInInstrument: true } },
  {
    code: 'VENUE_RESTRICTED',
    what: 'restrict',
    breach: { venueState: 'restrict' },
    inside: { venueState: 'watch' },
  },
  { code: 'VENUE_RESTRICTED', what: 'exit', breach: { venueState: 'exit' } },
  { code: 'VENUE_RESTRICTED', what: 'unknown', breach: { venueState: 'unknown' } },
  {
    code: 'RESTRICTED_INSTRUMENT',
    what: 'symbol',
    breach: limits({ restricted: ['BTC/USDT:USDT'] }),
  },
  {
    code: 'RESTRICTED_INSTRUMENT',
    what: 'coin',
    breach: limits({ restricted: ['BTC'] }),
    inside: limits({ restricted: ['ETH'] }),
  },
  {
    code: 'ORDER_VOLUME',
    what: 'depth',
    breach: quoteWith({ depthQuote: 4_999 }),
    inside: quoteWith({ depthQuote: 5_000 }),
  },
];

/** Limits that widen: beyond three times they hold for everybody. */
const widening: readonly (Row & { readonly far: Partial<FreshInputs> })[] = [
  {
    code: 'PRICE_COLLAR',
    what: 'price',
    breach: limits({ priceCollarBps: 19 }),
    inside: limits({ priceCollarBps: 20 }),
    far: limits({ priceCollarBps: 6 }),
  },
  {
    code: 'ORDER_VALUE',
    what: 'value',
    breach: limits({ orderUsdMax: 4_999 }),
    inside: limits({ orderUsdMax: 5_000 }),
    far: limits({ orderUsdMax: 1_666 }),
  },
  {
    code: 'MESSAGE_RATE',
    what: 'rate',
    breach: { ordersLastMinute: 10 },
    inside: { ordersLastMinute: 9 },
    far: { ordersLastMinute: 30 },
  },
];

const holds = (code: DenialCode) => {
  const gate = gates.find((each) => each.code === code);
  if (gate === undefined) throw new Error(`no gate ${code}`);
  return gate;
};
const kinds: readonly (readonly [string, Partial<PlannedOrder>, Purpose])[] = [
  ['reductions', { risk: 'reduces' }, 'plan'],
  ['repairs', {}, 'repair'],
  ['flattening', { risk: 'reduces' }, 'flatten'],
];

describe('each gate', () => {
  test.each(rows)('$code denies an increase: $what', ({ code, order: own, breach, inside }) => {
    expect(codeOf({ ...own }, {})).toBe('approved');
    expect(codeOf({ ...own }, breach)).toBe(code);
    if (inside !== undefined) expect(codeOf({ ...own }, inside)).toBe('approved');
  });

  test.each(rows)('$code treats reductions and repairs as its row says: $what', (row) => {
    for (const [, own, purpose] of kinds) {
      const gate = holds(row.code);
      const isHeld = purpose === 'plan' ? gate.holdsForReductions : gate.holdsForRepairs;
      expect(codeOf({ ...row.order, ...own }, { ...row.breach, purpose })).toBe(
        isHeld ? row.code : 'approved',
      );
    }
  });

  test.each(widening)('$code is three times as wide for reductions and repairs', (row) => {
    expect(codeOf({}, row.breach)).toBe(row.code);
    if (row.inside !== undefined) expect(codeOf({}, row.inside)).toBe('approved');
    for (const [, own, purpose] of kinds) {
      expect(codeOf(own, { ...row.breach, purpose })).toBe('approved');
      expect(codeOf(own, { ...row.far, purpose })).toBe(row.code);
    }
  });

  test('PRICE_COLLAR looks at the worse side only, of buys and of sells', () => {
    const narrow = limits({ priceCollarBps: 10 });
    expect(codeOf({ limitPrice: decimal('45000') }, narrow)).toBe('approved');
    expect(codeOf({ action: 'sell', limitPrice: decimal('55000') }, narrow)).toBe('approved');
    expect(codeOf({ action: 'sell', limitPrice: decimal('49900') }, narrow)).toBe('PRICE_COLLAR');
  });

  test('PRICE_COLLAR refuses an order without a limit, and one without a quote by the decision’s mark', () => {
    expect(codeOf({ limitPrice: null }, {})).toBe('PRICE_COLLAR');
    const dark = { quote: unknown<never>('timeout') };
    expect(codeOf({ risk: 'reduces' }, dark)).toBe('approved');
    expect(codeOf({ risk: 'reduces', limitPrice: decimal('60000') }, dark)).toBe('PRICE_COLLAR');
  });

  test('INSUFFICIENT_CASH counts the coin that leaves the wallet, for whomever it is', () => {
    const buy = { instrument: usdc, quote: spotQuote };
    expect(codeOf(spotOrder, { ...buy, freeByCoin: { USDT: decimal('5000') } })).toBe('approved');
    expect(codeOf(spotOrder, { ...buy, freeByCoin: { USDT: decimal('4999.99') } })).toBe(
      'INSUFFICIENT_CASH',
    );
    expect(codeOf(spotOrder, { ...buy, freeByCoin: {} })).toBe('INSUFFICIENT_CASH');
    const sell = { ...spotOrder, action: 'sell', risk: 'reduces' } as const;
    expect(codeOf(sell, { ...buy, freeByCoin: { USDC: decimal('4999') } })).toBe(
      'INSUFFICIENT_CASH',
    );
    const lending = { instrument: earn, quote: spotQuote };
    expect(codeOf(lend, { ...lending, freeByCoin: { USDC: decimal('4999') } })).toBe(
      'INSUFFICIENT_CASH',
    );
    expect(codeOf(lend, { ...lending, freeByCoin: { USDC: decimal('5000') } })).toBe('approved');
    expect(codeOf({ ...lend, action: 'redeem' }, { ...lending, freeByCoin: {} })).toBe('approved');
  });

  test('NOTHING_TO_REDUCE needs a position on the other side, for whomever it is', () => {
    const reduce = {
      action: 'sell',
      limitPrice: decimal('49950'),
      reduceOnly: true,
      risk: 'reduces',
    } as const;
    const at = (position: string) => ({ positionBase: observed(decimal(position), nowMs) });
    expect(codeOf(reduce, at('0.1'))).toBe('approved');
    expect(codeOf(reduce, at('0'))).toBe('NOTHING_TO_REDUCE');
    expect(codeOf(reduce, { ...at('-0.1'), purpose: 'flatten' })).toBe('NOTHING_TO_REDUCE');
    expect(codeOf(reduce, { positionBase: unknown('timeout') })).toBe('approved');
  });
});

describe('the table', () => {
  test('has one row for every code, and the gates are the rows', () => {
    expect(gates.map((gate) => gate.code).toSorted()).toEqual(Object.keys(denialCodes).toSorted());
    const lines = gateTable().split('\n');
    expect(lines).toHaveLength(gates.length + 2);
    for (const [index, gate] of gates.entries()) {
      expect(lines[index + 2]).toContain(`\`${gate.code}\``);
      expect(lines[index + 2]).toContain(
        gate.holdsForReductions ? '| yes | yes |' : '| yes | no |',
      );
    }
  });

  test('denials carry the numbers, and end in what was found', () => {
    const answer = reapprove(order, { ...fresh, ...limits({ orderUsdMax: 100 }) });
    expect(answer).toMatchObject({
      kind: 'denied',
      denial: { code: 'ORDER_VALUE', limit: 100, found: 5_000, instrument: instrument.id },
    });
    if (answer.kind === 'denied') expect(answer.denial.message).toMatch(/, was 5000$/);
  });
});
