/**
 * A venue's own margin figures against the model's at what is held now.
 *
 * Initial margin is not compared while orders of ours rest there: the venue reserves for them. Where the venue states no balance
 * after haircuts, its equity stands for it only if no coin takes a haircut, so it is left as the model has it.
 */
import { instrumentId } from '../../domain/ids.ts';
import { isTerminal } from '../../domain/order.ts';
import { evaluateAccount, type MarginAccount } from '../../margin/account.ts';
import {
  compareMargin,
  type MarginComparison,
  type MarginFigures,
  noCorrection,
} from '../../margin/comparison.ts';
import { liquidationPriceUsd } from '../../margin/liquidation.ts';
import { accountsAt, heldQuantities } from './accounts.ts';
import type { Book, BookVenue } from './book.ts';

/** @param book with no correction in it yet. */
export function compareVenue(book: Book, venue: BookVenue): MarginComparison {
  const tolerance = book.policy.limits.marginToleranceShare;
  const found = accountsAt(book, heldQuantities(book)).find((each) => each.venue === venue.venue);
  if (tolerance === undefined || found === undefined) {
    return { differences: [], correction: noCorrection };
  }
  const model = modelFigures(found.account);
  const { account } = venue;
  const hasOrders = book.snapshot.openOrders.some(
    (order) => order.venue === venue.venue && !isTerminal(order.state),
  );
  const own: MarginFigures = {
    balanceUsd: account.marginBalanceUsd ?? model.balanceUsd,
    initialMarginUsd: hasOrders ? model.initialMarginUsd : account.initialMarginUsd,
    maintenanceMarginUsd: account.maintenanceMarginUsd,
    liquidationPrices: inUsd(book, venue),
  };
  return compareMargin(model, own, tolerance);
}

function inUsd(book: Book, { venue, account }: BookVenue): MarginFigures['liquidationPrices'] {
  const prices = Object.entries(account.liquidationPrices ?? {});
  return Object.fromEntries(
    prices.map(([symbol, price]) => {
      const held = book.instrumentById.get(instrumentId(venue, symbol));
      return [symbol, price * (held?.quoteUsd ?? 1)];
    }),
  );
}

/** The model's figures of an account, in the shape in which a venue states its own. */
export function modelFigures(account: MarginAccount): MarginFigures {
  const evaluation = evaluateAccount(account);
  const prices = account.positions.flatMap(({ symbol }, index) => {
    const price = liquidationPriceUsd(account, index);
    return price === null ? [] : [[symbol, price] as const];
  });
  return {
    balanceUsd: evaluation.equityUsd,
    initialMarginUsd: evaluation.initialMarginUsd,
    maintenanceMarginUsd: evaluation.maintenanceMarginUsd,
    liquidationPrices: Object.fromEntries(prices),
  };
}
