/**
 * Lent coins: what is bought before it can be lent, and what is sold back.
 *
 * A subscription is paid from the wallet's coins of that kind first; only what they lack is bought, in the stage before.
 * Redeemed coins reach the wallet when the venue releases them: the decision after sells what then lies there beyond
 * its own subscriptions, once that is more than a drift band of the leg's target. A coin that is the venue's cash is neither.
 */
import {
  absolute,
  add,
  compare,
  type DecimalText,
  decimal,
  multiply,
  subtract,
  toNumber,
  toStep,
  zero,
} from '../domain/decimal.ts';
import { exposures, type LendingLeg } from '../domain/leg.ts';
import { fundingSpot } from '../domain/universe.ts';
import type { Book } from '../parity/sizing/book.ts';
import { type Drift, isBelowMinimum } from './drift.ts';

/**
 * The drifts with funding spots and subscriptions fitted to each other: a spot market buys for subscriptions that are really
 * sent, and a subscription is at most what the wallet will hold after the fee.
 */
export function fitLending(book: Book, moves: readonly Drift[]): readonly Drift[] {
  let fitted = moves;
  for (const leg of book.legs) {
    if (leg.kind === 'lending') fitted = fitLeg(book, fitted, leg);
  }
  return fitted;
}

function fitLeg(book: Book, moves: readonly Drift[], leg: LendingLeg): readonly Drift[] {
  const spotId = fundingSpot(book.policy, leg);
  const productId = exposures(leg)[0]?.instrument;
  const spot = moves.find((move) => move.held.instrument.id === spotId);
  const product = moves.find((move) => move.held.instrument.id === productId);
  if (spot === undefined || product === undefined) return moves;
  // A leg that holds the same coin for itself owns the market: what it trades there is not cash.
  if (spot.target.parts.length > 0) return moves;
  const wantedBase = compare(product.deltaBase, 0) > 0 ? product.deltaBase : zero;
  const freeBase = toStep(spot.held.positionBase, spot.held.instrument.quantityStepBase, 'down');
  const gapBase = subtract(wantedBase, compare(freeBase, 0) > 0 ? freeBase : zero);
  const buying = compare(gapBase, 0) > 0;
  const dust = multiply(absolute(product.target.targetBase), book.policy.sizing.driftBandShare);
  const surplus =
    compare(gapBase, 0) < 0 && compare(absolute(gapBase), dust) > 0 && !isCash(book, leg);
  const trade = buying || surplus ? tradable(spot, gapBase, buying) : zero;
  const wantsTrade = buying || surplus;
  const isWithheld = compare(trade, 0) === 0;
  const fittedSpot: Drift = {
    ...spot,
    deltaBase: trade,
    withheld: !isWithheld || compare(gapBase, 0) === 0 ? null : wantsTrade ? 'minimum' : 'band',
  };
  const arriving = buying ? toNumber(trade) * (1 - spot.held.instrument.takerFeeRate) : 0;
  const payable = add(compare(freeBase, 0) > 0 ? freeBase : zero, decimal(arriving));
  const fittedProduct = compare(product.deltaBase, payable) > 0 ? cutTo(product, payable) : product;
  return moves.map((move) =>
    move === spot ? fittedSpot : move === product ? fittedProduct : move,
  );
}

/** Other instruments there are paid or settled in it. */
function isCash(book: Book, leg: LendingLeg): boolean {
  return book.instruments.some(
    ({ instrument }) =>
      instrument.venue === leg.venue &&
      instrument.kind !== 'earn' &&
      instrument.quoteCoin === leg.coin,
  );
}

/** Purchases are rounded up to the lot: a lot more of the coin is cash, a lot less a subscription that fails. */
function tradable(spot: Drift, gapBase: DecimalText, isBuying: boolean): DecimalText {
  const step = spot.held.instrument.quantityStepBase;
  const trade = toStep(gapBase, step, isBuying ? 'up' : 'down');
  return isBelowMinimum(spot.held, trade, false) ? zero : trade;
}

function cutTo(product: Drift, payable: DecimalText): Drift {
  const deltaBase = toStep(payable, product.held.instrument.quantityStepBase, 'down');
  return isBelowMinimum(product.held, deltaBase, false)
    ? { ...product, deltaBase: zero, withheld: 'minimum' }
    : { ...product, deltaBase };
}
