/**
 * What of a venue's account can be given up to free margin: lent coins, hedged pairs as one, and what is left single.
 *
 * Holdings of one coin are matched long against short, so that no half of a pair is ever offered alone. Spot coins count as far
 * as legs hold them: what else lies in the wallet is not the portfolio's to sell.
 */
import {
  absolute,
  compare,
  type DecimalText,
  isZero,
  minimum,
  sign,
  subtract,
  toStep,
  zero,
} from '../domain/decimal.ts';
import type { VenueId } from '../domain/ids.ts';
import type { OrderAction } from '../domain/order.ts';
import type { Book, BookInstrument } from '../parity/sizing/book.ts';
import { commonStep } from '../parity/sizing/netting.ts';

export type ClosableHalf = {
  readonly held: BookInstrument;
  readonly action: OrderAction;
  /** It puts back what was lost, which reduce-only would refuse. */
  readonly opens?: boolean;
};

export type ClosableUnit = {
  readonly kind: 'redeem' | 'pair' | 'single';
  readonly name: string;
  readonly halves: readonly ClosableHalf[];
  /** Of each half, on the step. */
  readonly quantityBase: DecimalText;
  readonly stepBase: DecimalText;
};

type Piece = { readonly held: BookInstrument; readonly side: number; leftBase: DecimalText };

/** Units in a stable order: lent coins that come back at once, pairs, singles. */
export function closableUnits(book: Book, venue: VenueId): readonly ClosableUnit[] {
  const own = book.instruments.filter((each) => each.instrument.venue === venue);
  const pieces = own.flatMap((held) => pieceOf(book, held));
  const pairs = [...new Set(pieces.map(({ held }) => held.instrument.baseCoin))].flatMap((coin) =>
    pairsOf(
      coin,
      pieces.filter(({ held }) => held.instrument.baseCoin === coin),
    ),
  );
  const singles = pieces.flatMap(({ held, side, leftBase }): readonly ClosableUnit[] => {
    const stepBase = held.instrument.quantityStepBase;
    const quantityBase = toStep(leftBase, stepBase, 'down');
    if (isZero(quantityBase)) return [];
    const halves = [{ held, action: side > 0 ? 'sell' : 'buy' } as const];
    return [{ kind: 'single', name: held.instrument.symbol, halves, quantityBase, stepBase }];
  });
  return [...own.flatMap(redeemable), ...pairs, ...singles];
}

function pieceOf(book: Book, held: BookInstrument): readonly Piece[] {
  const { kind, id } = held.instrument;
  if (kind === 'earn' || held.markUsd === null) return [];
  if (kind === 'perpetual') {
    if (isZero(held.positionBase)) return [];
    return [{ held, side: sign(held.positionBase), leftBase: absolute(held.positionBase) }];
  }
  const byLegs = book.snapshot.holdings
    .filter((one) => one.instrument === id && one.leg !== null)
    .reduce((sum, one) => subtract(sum, subtract(zero, one.amount)), zero);
  const owned = minimum(byLegs, held.positionBase);
  return compare(owned, 0) > 0 ? [{ held, side: 1, leftBase: owned }] : [];
}

function pairsOf(coin: string, pieces: readonly Piece[]): readonly ClosableUnit[] {
  const pairs: ClosableUnit[] = [];
  for (const long of pieces.filter((piece) => piece.side > 0)) {
    for (const short of pieces.filter((piece) => piece.side < 0)) {
      const stepBase = commonStep(
        long.held.instrument.quantityStepBase,
        short.held.instrument.quantityStepBase,
      );
      const quantityBase = toStep(minimum(long.leftBase, short.leftBase), stepBase, 'down');
      if (isZero(quantityBase)) continue;
      long.leftBase = subtract(long.leftBase, quantityBase);
      short.leftBase = subtract(short.leftBase, quantityBase);
      pairs.push({
        kind: 'pair',
        name: pairs.length === 0 ? coin : `${coin}+${pairs.length}`,
        halves: [
          { held: long.held, action: 'sell' },
          { held: short.held, action: 'buy' },
        ],
        quantityBase,
        stepBase,
      });
    }
  }
  return pairs;
}

/** Coins that take hours to come back free nothing now. */
function redeemable(held: BookInstrument): readonly ClosableUnit[] {
  const { kind, redemptionMs, quantityStepBase, symbol } = held.instrument;
  if (kind !== 'earn' || redemptionMs > 0) return [];
  const quantityBase = toStep(held.positionBase, quantityStepBase, 'down');
  if (compare(quantityBase, 0) <= 0) return [];
  return [
    {
      kind: 'redeem',
      name: symbol,
      halves: [{ held, action: 'redeem' }],
      quantityBase,
      stepBase: quantityStepBase,
    },
  ];
}
