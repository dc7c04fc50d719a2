/** Half-done pairs: what is unhedged, whether it is completed or unwound, and that the repair leaves nothing unhedged. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import { observed, unknown } from '../../src/domain/observed.ts';
import {
  pairImbalance,
  type RepairSituation,
  repairOrder,
} from '../../src/execution/pairRepair.ts';
import { nowMs, quoteOf } from '../rebalance/snapshotWorld.ts';
import {
  attempted,
  half,
  perpetual,
  perpetualInstrument,
  spot,
  spotInstrument,
} from './pairGiven.ts';

const situation: RepairSituation = {
  nowMs,
  completeUntilMs: nowMs + 1,
  laggingQuote: observed(quoteOf('ETH/USDT:USDT'), nowMs),
  leadingQuote: observed(quoteOf('ETH/USDT'), nowMs),
  laggingInstrument: perpetualInstrument,
  leadingInstrument: spotInstrument,
  deliveredBase: decimal('2'),
  execution: { slippageBpsMax: 25 },
  limits: { priceCollarBps: 100 },
  slice: 1_000,
};

function imbalanceOf(spotFilled: string, perpetualFilled: string) {
  const found = pairImbalance(
    [spot, perpetual],
    [attempted(spot, spotFilled), attempted(perpetual, perpetualFilled)],
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
      pairImbalance([spot, perpetual], [attempted(spot, '1.1'), attempted(perpetual, '1.1')]),
    ).toBeNull();
    expect(pairImbalance([spot, perpetual], [])).toBeNull();
    const unwound = [
      attempted(spot, '2'),
      attempted(perpetual, '0.5'),
      attempted(spot, '1.5', 'sell'),
    ];
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
    const found = pairImbalance([selling, closing], [attempted(closing, '1')]);
    if (found === null) throw new Error('balanced');
    expect(repairOrder(found, swapped)).toMatchObject({
      order: { action: 'sell', reduceOnly: false },
    });
  });

  test('an unknown quote is no reason to give a half up', () => {
    const dark = { ...situation, laggingQuote: unknown<never>('timeout') };
    expect(repairOrder(imbalanceOf('2', '0'), dark).kind).toBe('complete');
  });

  test('less than a lot of the lagging half is unwound, where the leading one takes so little', () => {
    expect(repairOrder(imbalanceOf('0.5039', '0.5'), situation)).toMatchObject({
      kind: 'unwind',
      order: { symbol: 'ETH/USDT', action: 'sell', quantityBase: '0.0039' },
    });
  });

  test('what neither venue takes is left to the next decision: less than a lot, or than the least value', () => {
    expect(repairOrder(imbalanceOf('0.50009', '0.5'), situation).kind).toBe('tooSmall');
    // Five are the least: 0.002 at 2,500 are worth that, and at the limit of a sale less.
    expect(repairOrder(imbalanceOf('0.5020', '0.5'), situation).kind).toBe('tooSmall');
    expect(repairOrder(imbalanceOf('0.5021', '0.5'), situation).kind).toBe('unwind');
  });

  test('what only reduces may be worth less, where the venue says so', () => {
    const dear = { ...perpetualInstrument, notionalMinQuote: 100 };
    const of = (reducesBelowMinimum: boolean): RepairSituation => ({
      ...situation,
      completeUntilMs: nowMs,
      laggingInstrument: spotInstrument,
      leadingInstrument: { ...dear, reducesBelowMinimum },
    });
    expect(repairOrder(imbalanceOf('0.5', '0.53'), of(false)).kind).toBe('tooSmall');
    expect(repairOrder(imbalanceOf('0.5', '0.53'), of(true)).kind).toBe('unwind');
  });

  test('no more is unwound than was delivered, on the lot', () => {
    const late = { ...situation, completeUntilMs: nowMs, deliveredBase: decimal('1.49852') };
    expect(repairOrder(imbalanceOf('2', '0.5'), late)).toMatchObject({
      kind: 'unwind',
      order: { quantityBase: '1.4985' },
    });
  });

  test('completed is what was filled; of what an unwinding left to fees nothing', () => {
    const found = imbalanceOf('2', '0.5');
    const charged = { ...situation, deliveredBase: decimal('1.4985') };
    expect(repairOrder(found, charged)).toMatchObject({
      kind: 'complete',
      order: { quantityBase: '1.5' },
    });
    const unwound = { ...situation, deliveredBase: decimal('0.0001') };
    expect(repairOrder(found, unwound).kind).toBe('tooSmall');
  });

  test('after the repair has filled less than a lot is unhedged', () => {
    const lots = fc.integer({ min: 0, max: 200 });
    fc.assert(
      fc.property(lots, lots, fc.boolean(), (a, b, isInTime) => {
        const records = [attempted(spot, String(a / 100)), attempted(perpetual, String(b / 100))];
        const found = pairImbalance([spot, perpetual], records);
        if (found === null) return a === b;
        const isSpotLeading = found.leading === spot;
        const repair = repairOrder(found, {
          ...situation,
          completeUntilMs: isInTime ? nowMs + 1 : nowMs,
          deliveredBase: found.quantityBase,
          laggingInstrument: isSpotLeading ? perpetualInstrument : spotInstrument,
          leadingInstrument: isSpotLeading ? spotInstrument : perpetualInstrument,
        });
        if (repair.kind === 'tooSmall') return Number(repair.quantityBase) < 0.01;
        const mended = attempted(repair.order, repair.order.quantityBase);
        return pairImbalance([spot, perpetual], [...records, mended]) === null;
      }),
      { seed: 20240604, numRuns: 200 },
    );
  });
});
