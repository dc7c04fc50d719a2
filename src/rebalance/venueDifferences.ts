/** Where the ledger and one venue's account differ by more than rounding, as both are now. */
import { add, type DecimalText, subtract, zero } from '../domain/decimal.ts';
import type { VenueId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import { isRedeeming, type OrderRecord } from '../domain/order.ts';
import type { Policy } from '../domain/policy.ts';
import { applyTransactions, emptyBook } from '../ledger/book.ts';
import { reconcile } from '../ledger/reconcile.ts';
import type { Transaction } from '../ledger/transaction.ts';
import type { Difference } from './bookAdjustments.ts';
import type { Venue } from './ports/venue.ts';
import type { Ports } from './ports.ts';

/** @throws OperatingError when the venue or the database does not answer: a query that failed is not "flat". */
export async function venueDifferences(
  ports: Ports,
  { portfolio }: Pick<Policy, 'portfolio'>,
  { reader }: Pick<Venue, 'reader'>,
  instruments: readonly Instrument[],
): Promise<readonly Difference[]> {
  const [account, positions, unended, transactions, quotes] = await Promise.all([
    reader.account(),
    reader.positions(),
    ports.orders.unended(portfolio),
    ports.ledger.transactions(portfolio, { venue: reader.id }),
    Promise.all(
      instruments
        .filter((one) => one.kind === 'spot')
        .map(async (one) => [one.baseCoin, (await reader.quote(one)).mark] as const),
    ),
  ]);
  const differences = reconcile(applyTransactions(emptyBook, transactions), {
    venue: reader.id,
    positions: withRedeeming(positions, reader.id, unended),
    coins: account.coins,
    quantityStepBase: Object.fromEntries(
      instruments.map((one) => [one.symbol, one.quantityStepBase]),
    ),
    // A cent's tolerance needs no finer dollar than the tether.
    usdByCoin: { USDT: 1, ...Object.fromEntries(quotes) },
  });
  return differences.map((one) => ({
    ...one,
    basis: transactions.filter((each) => touches(each, one.subject)).length,
  }));
}

const touches = ({ postings }: Transaction, subject: string): boolean =>
  postings.some((posting) => posting.commodity === subject);

/** Coins on their way from a product to the wallet are the product's until they arrive, as in the ledger. */
function withRedeeming(
  positions: Readonly<Record<string, DecimalText>>,
  venue: VenueId,
  unended: readonly OrderRecord[],
): Readonly<Record<string, DecimalText>> {
  const all = { ...positions };
  for (const order of unended) {
    if (order.venue !== venue || !isRedeeming(order)) continue;
    const left = subtract(order.quantityBase, order.filledBase);
    all[order.symbol] = add(all[order.symbol] ?? zero, left);
  }
  return all;
}
