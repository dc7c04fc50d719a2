/** Trades as entries: fills at the venue, and crosses between legs at the decision's mark. */
import {
  absolute,
  add,
  type DecimalText,
  decimal,
  isZero,
  multiply,
  negate,
  zero,
} from '../domain/decimal.ts';
import type { Fill } from '../domain/fill.ts';
import type { LegId, RebalanceId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import { invariant } from '../math/invariant.ts';
import { attribute, type Part, type Weight } from './attribution.ts';
import { posting, unitsOf } from './commodity.ts';
import type { Posting, Transaction } from './transaction.ts';

/**
 * One leg's side of a trade: units against `trading`, their price against `trading`. A perpetual's price goes
 * through `contracts`, as no coin moves until it is realised; spot and earn are paid from the wallet.
 */
function tradePostings(
  symbol: string,
  leg: LegId | null,
  quantityBase: DecimalText,
  price: DecimalText,
): readonly Posting[] {
  const { kind, unit, coin } = unitsOf(symbol);
  const value = multiply(quantityBase, price);
  return [
    posting(kind === 'spot' ? 'wallet' : 'position', unit, quantityBase, leg),
    posting('trading', unit, negate(quantityBase), leg),
    posting(kind === 'perpetual' ? 'contracts' : 'wallet', coin, negate(value), leg),
    posting('trading', coin, value, leg),
  ];
}

export type FillContext = {
  readonly instrument: Instrument;
  /** Whose it is: `fillWeights`. */
  readonly weights: readonly Weight[];
  /** null: not an order of ours. */
  readonly rebalanceId: RebalanceId | null;
};

/** The entries of one fill, its fee by the sizes of the parts. The id is the venue's own. */
export function fillTransaction(fill: Fill, context: FillContext): Transaction {
  const { instrument, weights, rebalanceId } = context;
  const signed = fill.side === 'buy' ? fill.quantityBase : negate(fill.quantityBase);
  const parts = attribute(signed, weights);
  const fees = attribute(
    fill.fee,
    parts.map((part) => ({ leg: part.leg, weight: absolute(part.amount) })),
  );
  return {
    id: `fill:${fill.instrument}:${fill.fillId}`,
    kind: 'fill',
    venue: fill.venue,
    atMs: fill.filledAtMs,
    instrument: fill.instrument,
    rebalanceId,
    clientOrderId: fill.clientOrderId,
    postings: [
      ...parts.flatMap((part) =>
        tradePostings(instrument.symbol, part.leg, part.amount, fill.price),
      ),
      ...fees.flatMap(({ leg, amount }) => [
        posting('wallet', fill.feeCoin, negate(amount), leg),
        posting('fees', fill.feeCoin, amount, leg),
      ]),
    ],
  };
}

export type CrossContext = {
  readonly instrument: Instrument;
  /** Sums to zero: `netChanges`. */
  readonly crosses: readonly Part[];
  /** The decision's mark, quote coin. */
  readonly mark: number;
  readonly rebalanceId: RebalanceId;
  readonly atMs: number;
};

/** What legs pass to each other inside the netted position; nothing in total. Empty crosses have no transaction. */
export function crossTransaction(context: CrossContext): Transaction | null {
  const { instrument, crosses, mark, rebalanceId, atMs } = context;
  const net = crosses.reduce((sum, part) => add(sum, part.amount), zero);
  invariant(isZero(net), `crosses sum to zero, was ${net}`);
  if (crosses.length === 0) return null;
  return {
    id: `cross:${rebalanceId}:${instrument.id}`,
    kind: 'cross',
    venue: instrument.venue,
    atMs,
    instrument: instrument.id,
    rebalanceId,
    clientOrderId: null,
    postings: crosses.flatMap((part) =>
      tradePostings(instrument.symbol, part.leg, part.amount, decimal(mark)),
    ),
  };
}
