/** Half-done pairs: what is unhedged, whether it is completed or unwound, and that the repair leaves nothing unhedged. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import { readClientOrderId, rebalanceId } from '../../src/domain/ids.ts';
import { observed, unknown } from '../../src/domain/observed.ts';
import type { OrderRecord, PlannedOrder } from '../../src/domain/order.ts';
import {
  pairImbalance,
  type RepairSituation,
  repairOrder,
} from '../../src/execution/pairRepair.ts';
import { alpha, instrumentOf, nowMs, quoteOf } from '../rebalance/snapshotWorld.ts';

const spotInstrument = instrumentOf(alpha, 'ETH/USDT');
const perpetualInstrument = instrumentOf(alpha, 'ETH/USDT:USDT');

const half = (
  instrument: typeof spotInstrument,
  action: 'buy' | 'sell',
  reduceOnly: boolean,
): PlannedOrder => ({
  instrument: instrument.id,
  venue: alpha,
  symbol: instrument.symbol,
  action,
  style: 'ioc',
  quantityBase: decimal('2'),
  limitPrice: decimal(action === 'buy' ? '2506.25' : '2493.75'),
  decisionPrice: 2_500,
  notionalUsd: 5_000,
  reduceOnly,
  risk: 'increases',
  stage: 0,
  pair: 'eth-carry:0',
  slice: 3,
});
const spot = half(spotInstrument, 'buy', false);
const perpetual = half(perpetualInstrument, 'sell', false);

const record = (order: PlannedOrder, filled: string, action = order.action): OrderRecord => ({
  clientOrderId: readClientOrderId(`${order.symbol}${action}`),
  portfolio: 'test',
  rebalanceId: rebalanceId('one'),
  instrument: order.instrument,
  venue: alpha,
  symbol: order.symbol,
  action,
  timeInForce: 'ioc',
  quantityBase: order.quantityBase,
  limitPrice: order.limitPrice,
  decisionPrice: order.decisionPrice,
  reduceOnly: order.reduceOnly,
  slice: order.slice,
  attempt: 0,
  purpose: 'plan',
  state: 'cancelled',
  venueOrderId: null,
  filledBase: decimal(filled),
  reason: null,
  intendedAtMs: nowMs,
  sentAtMs: nowMs,
  ackedAtMs: nowMs,
  endedAtMs: nowMs,
});

const situation: RepairSituation = {
  nowMs,
  completeUntilMs: nowMs + 1,
  laggingQuote: observed(quoteOf('ETH/USDT:USDT'), nowMs),
  leadingQuote: observed(quoteOf('ETH/USDT'), nowMs),
  laggingInstrument: perpetualInstrument,
  leadingInstrument: spotInstrument,
  execution: { slippageBpsMax: 25 },
  limits: { priceCollarBps: 100 },
  slice: 1_000,
};

function imbalanceOf(spotFilled: string, perpetualFilled: string) {
  const found = pairImbalance(
    [spot, perpetual],
    [record(spot, spotFilled), record(perpetual, perpetualFilled)],
  );
  if (found === null) throw new Error('balanced');
  return found;
}

describe('imbalance', () => {
  test('is what one half has filled beyond the other, valued at the decision', () => {
    const found = imbalanceOf('1.5', '0.5');
    expect(found).toMatchObject({
      leading: spot,
      lagging: perpetual,
      quantityBase: '1',
      unhedgedUsd: 2_500,
    });
    expect(imbalanceOf('0', '0.4')).toMatchObject({
      leading: perpetual,
      lagging: spot,
      quantityBase: '0.4',
    });
  });

  test('is none when both have filled alike, or a repair has unwound the rest', () => {
    expect(
      pairImbalance([spot, perpetual], [record(spot, '1.1'), record(perpetual, '1.1')]),
    ).toBeNull();
    expect(pairImbalance([spot, perpetual], [])).toBeNull();
    const unwound = [record(spot, '2'), record(perpetual, '0.5'), record(spot, '1.5', 'sell')];
    expect(pairImbalance([spot, perpetual], unwound)).toBeNull();
  });
});

describe('repair', () => {
  test('in time and within the plan’s price the lagging half is completed', () => {
    const repair = repairOrder(imbalanceOf('2', '0.5'), situation);
    expect(repair).toMatchObject({
      kind: 'complete',
      order: {
        symbol: 'ETH/USDT:USDT',
        action: 'sell',
        quantityBase: '1.5',
        reduceOnly: false,
        risk: 'reduces',
        slice: 1_000,
        style: 'ioc',
        limitPrice: '2481.25',
        notionalUsd: 3_750,
      },
    });
  });

  test('too late, or beyond the plan’s price, the leading half is unwound', () => {
    const late = repairOrder(imbalanceOf('2', '0.5'), { ...situation, completeUntilMs: nowMs });
    expect(late).toMatchObject({
      kind: 'unwind',
      order: { symbol: 'ETH/USDT', action: 'sell', quantityBase: '1.5', reduceOnly: false },
    });
    const ran = observed(quoteOf('ETH/USDT:USDT', { bid: 2_493.74 }), nowMs);
    expect(repairOrder(imbalanceOf('2', '0.5'), { ...situation, laggingQuote: ran }).kind).toBe(
      'unwind',
    );
  });

  test('an unwound perpetual that was opened is reduce-only; one that was closed is opened again', () => {
    const swapped: RepairSituation = {
      ...situation,
      completeUntilMs: nowMs,
      laggingInstrument: spotInstrument,
      leadingInstrument: perpetualInstrument,
      laggingQuote: situation.leadingQuote,
      leadingQuote: situation.laggingQuote,
    };
    expect(repairOrder(imbalanceOf('0', '1'), swapped)).toMatchObject({
      order: { action: 'buy', reduceOnly: true },
    });
    const closing = half(perpetualInstrument, 'buy', true);
    const selling = half(spotInstrument, 'sell', false);
    const found = pairImbalance([selling, closing], [record(closing, '1')]);
    if (found === null) throw new Error('balanced');
    expect(repairOrder(found, swapped)).toMatchObject({
      order: { action: 'sell', reduceOnly: false },
    });
  });

  test('an unknown quote is no reason to give a half up', () => {
    const dark = { ...situation, laggingQuote: unknown<never>('timeout') };
    expect(repairOrder(imbalanceOf('2', '0'), dark).kind).toBe('complete');
  });

  test('less than a lot of the half that would trade is left to the next decision', () => {
    expect(repairOrder(imbalanceOf('0.5009', '0.5'), situation).kind).toBe('tooSmall');
  });

  test('after the repair has filled less than a lot is unhedged', () => {
    const lots = fc.integer({ min: 0, max: 200 });
    fc.assert(
      fc.property(lots, lots, fc.boolean(), (a, b, isInTime) => {
        const records = [record(spot, String(a / 100)), record(perpetual, String(b / 100))];
        const found = pairImbalance([spot, perpetual], records);
        if (found === null) return a === b;
        const isSpotLeading = found.leading === spot;
        const repair = repairOrder(found, {
          ...situation,
          completeUntilMs: isInTime ? nowMs + 1 : nowMs,
          laggingInstrument: isSpotLeading ? perpetualInstrument : spotInstrument,
          leadingInstrument: isSpotLeading ? spotInstrument : perpetualInstrument,
        });
        if (repair.kind === 'tooSmall') return Number(repair.quantityBase) < 0.01;
        const mended = record(repair.order, repair.order.quantityBase);
        return pairImbalance([spot, perpetual], [...records, mended]) === null;
      }),
      { seed: 20240604, numRuns: 200 },
    );
  });
});
