/** What a half can give back: closed forms for fees in the coin, in another, not yet known, and of both directions. */
import { expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import type { Fill } from '../../src/domain/fill.ts';
import type { OrderRecord } from '../../src/domain/order.ts';
import { deliveredBase } from '../../src/execution/deliveredBase.ts';
import { pairImbalance } from '../../src/execution/pairRepair.ts';
import { attempted, perpetual, perpetualInstrument, spot, spotInstrument } from './pairGiven.ts';

const fillOf = (
  record: OrderRecord,
  change: Partial<Record<'quantityBase' | 'fee' | 'feeCoin', string>>,
): Fill => ({
  fillId: `${record.clientOrderId}${change.quantityBase ?? ''}`,
  venue: record.venue,
  instrument: record.instrument,
  clientOrderId: record.clientOrderId,
  venueOrderId: 'v',
  side: record.action === 'buy' ? 'buy' : 'sell',
  price: decimal('2500'),
  isMaker: false,
  filledAtMs: 0,
  quantityBase: decimal(change.quantityBase ?? record.filledBase),
  fee: decimal(change.fee ?? '0'),
  feeCoin: change.feeCoin ?? 'ETH',
});

function delivered(records: readonly OrderRecord[], fills: readonly Fill[]): string {
  const found = pairImbalance([spot, perpetual], records);
  if (found === null) throw new Error('balanced');
  const instrument = found.leading === spot ? spotInstrument : perpetualInstrument;
  return deliveredBase(found, { ...instrument, takerFeeRate: 0.002 }, records, fills);
}

const bought = attempted(spot, '1');
const sold = attempted(perpetual, '0.4');

test('fees in the coin that was bought are not there, also those of what is hedged', () => {
  const fills = [
    fillOf(bought, { quantityBase: '0.7', fee: '0.0007' }),
    fillOf(bought, { quantityBase: '0.3', fee: '0.0003' }),
  ];
  expect(delivered([bought, sold], fills)).toBe('0.599');
});

test('fees in another coin, and those of another order, take nothing from it', () => {
  const paid = fillOf(bought, { fee: '2.5', feeCoin: 'USDT' });
  const other = { ...fillOf(sold, { fee: '0.1' }) };
  expect(delivered([bought, sold], [paid, other])).toBe('0.6');
});

test('of fills that are not booked yet the taker’s rate is taken', () => {
  expect(delivered([bought, sold], [])).toBe('0.598');
  expect(delivered([bought, sold], [fillOf(bought, { quantityBase: '0.5', fee: '0.0005' })])).toBe(
    '0.5985',
  );
});

test('what a sale has given back is gone, what the fees took is not there a second time', () => {
  const given = attempted(spot, '0.599', 'sell');
  const fills = [fillOf(bought, { fee: '0.001' }), fillOf(given, { fee: '1.5', feeCoin: 'USDT' })];
  expect(Number(delivered([bought, given, sold], fills))).toBe(0);
});

test('a perpetual gives back all that it is ahead', () => {
  const short = attempted(perpetual, '1.5');
  expect(delivered([bought, short], [fillOf(short, { fee: '0.01' })])).toBe('0.5');
});
