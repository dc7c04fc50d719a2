/** The class writes quantities and prices in its own steps; what it would write must not be riskier than the record. */
import { compare, decimal } from '../../domain/decimal.ts';
import type { OrderRecord } from '../../domain/order.ts';
import type { Session } from './session.ts';
import { NotSent } from './transport/notSent.ts';
import { type Market, toContracts } from './unified/market.ts';

/** @throws NotSent where ccxt would round the price past the limit, or the quantity up. */
export function requireExact(session: Session, record: OrderRecord, market: Market): void {
  const { client } = session;
  const asked = toContracts(market, record.quantityBase);
  const quantity = client.amountToPrecision(record.symbol, asked);
  if (quantity !== undefined && compare(decimal(quantity), asked) > 0) {
    throw inexact(`quantity ${asked} would be sent as ${quantity}`);
  }
  const { limitPrice } = record;
  if (limitPrice === null) return;
  const price = client.priceToPrecision(record.symbol, limitPrice);
  if (price === undefined) return;
  const worse = compare(decimal(price), limitPrice) * (record.action === 'sell' ? -1 : 1);
  if (worse > 0) throw inexact(`price ${limitPrice} would be sent as ${price}`);
}

const inexact = (what: string): NotSent =>
  new NotSent('NOT_EXACT', `not sent: its ${what}`, {
    retryable: false,
    remedy: 'compare the instrument’s steps with the venue’s',
  });
