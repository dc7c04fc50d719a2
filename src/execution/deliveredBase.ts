/**
 * What a half that is ahead of the other can give back: its fills, less the fees that the venue took in the coin it bought.
 *
 * Venues charge spot purchases in the coin that is bought: of one that is filled 0.999 are held, and a sale of one is refused.
 */
import { add, compare, type DecimalText, multiply, subtract, zero } from '../domain/decimal.ts';
import type { Fill } from '../domain/fill.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { OrderRecord } from '../domain/order.ts';
import type { Imbalance } from './pairRepair.ts';

/**
 * @param instrument the leading half's.
 * @param records all attempts of the pair, repairs included.
 * @param fills what is booked of them; of what is not yet, the taker's rate is taken for its fee.
 * @returns base units, more than what is unhedged where the fee was a rebate, below zero where fees took more than that.
 */
export function deliveredBase(
  { leading, quantityBase }: Imbalance,
  instrument: Instrument,
  records: readonly OrderRecord[],
  fills: readonly Fill[],
): DecimalText {
  // A perpetual's fee is paid from its margin; what was sold is bought back at whatever it costs.
  if (instrument.kind !== 'spot' || leading.action !== 'buy') return quantityBase;
  return records
    .filter((record) => record.instrument === leading.instrument)
    .reduce((left, record) => {
      const own = fills.filter((fill) => fill.clientOrderId === record.clientOrderId);
      const inCoin = own.filter((fill) => fill.feeCoin === instrument.baseCoin);
      const feeBase = sum(inCoin.map((fill) => fill.fee));
      return subtract(left, add(feeBase, unbookedFee(record, instrument, own)));
    }, quantityBase);
}

function unbookedFee(
  { action, filledBase }: OrderRecord,
  { takerFeeRate }: Instrument,
  booked: readonly Fill[],
): DecimalText {
  const unbooked = subtract(filledBase, sum(booked.map((fill) => fill.quantityBase)));
  return action === 'buy' && compare(unbooked, 0) > 0 ? multiply(unbooked, takerFeeRate) : zero;
}

const sum = (amounts: readonly DecimalText[]): DecimalText =>
  amounts.reduce((total, amount) => add(total, amount), zero);
