/**
 * The plan before it is cut into orders: what is traded of each instrument, which parts are reductions, which belong to a pair.
 *
 * A perpetual that crosses zero falls into a part that only reduces and one that opens. A carry leg's spot and perpetual
 * trade in opposite directions are linked as far as their quantities match; what netting leaves over stands alone.
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
import { exposures } from '../domain/leg.ts';
import type { Book, BookInstrument } from '../parity/sizing/book.ts';
import { commonStep } from '../parity/sizing/netting.ts';
import { type Drift, isTowardsZero } from './drift.ts';

export type Piece = {
  readonly held: BookInstrument;
  /** 1 buys or subscribes, -1 sells or redeems. */
  readonly side: 1 | -1;
  /** Unsigned, on the lot. */
  readonly quantityBase: DecimalText;
  readonly isReduction: boolean;
};

export type Pieces = {
  readonly single: readonly Piece[];
  /** Both halves of one quantity. */
  readonly pairs: readonly {
    readonly name: string;
    readonly halves: readonly [Piece, Piece];
    readonly stepBase: DecimalText;
  }[];
};

/** All drifts as pieces; the sum over pieces is the sum over drifts. */
export function toPieces(book: Book, moves: readonly Drift[]): Pieces {
  const left = new Map(moves.map((move) => [move.held.instrument.id, splitAtZero(move)]));
  const pairs: Pieces['pairs'][number][] = [];
  for (const leg of book.legs) {
    const [spot, perpetual] = exposures(leg);
    if (spot === undefined || perpetual === undefined) continue;
    for (let count = 0; ; count++) {
      const a = left.get(spot.instrument)?.find((piece) => !isZero(piece.quantityBase));
      const b = left.get(perpetual.instrument)?.find((piece) => !isZero(piece.quantityBase));
      if (a === undefined || b === undefined || a.side === b.side) break;
      const stepBase = commonStep(
        a.held.instrument.quantityStepBase,
        b.held.instrument.quantityStepBase,
      );
      const quantityBase = toStep(minimum(a.quantityBase, b.quantityBase), stepBase, 'down');
      if (compare(quantityBase, 0) <= 0) break;
      pairs.push({
        name: count === 0 ? leg.id : `${leg.id}+${count}`,
        halves: [take(left, a, quantityBase), take(left, b, quantityBase)],
        stepBase,
      });
    }
  }
  const single = [...left.values()].flat().filter((piece) => !isZero(piece.quantityBase));
  return { single, pairs };
}

/** A piece of the quantity, which is taken off what is left. */
function take(
  left: Map<Drift['target']['instrument'], Piece[]>,
  from: Piece,
  quantityBase: DecimalText,
): Piece {
  const id = from.held.instrument.id;
  const rest = { ...from, quantityBase: subtract(from.quantityBase, quantityBase) };
  left.set(
    id,
    (left.get(id) ?? []).map((piece) => (piece === from ? rest : piece)),
  );
  return { ...from, quantityBase };
}

/** The reduction first. */
function splitAtZero({ held, deltaBase }: Drift): Piece[] {
  if (isZero(deltaBase)) return [];
  const side = sign(deltaBase) > 0 ? 1 : -1;
  const quantity = absolute(deltaBase);
  const reducing = isTowardsZero(held.positionBase, deltaBase)
    ? minimum(quantity, absolute(held.positionBase))
    : zero;
  const opening = subtract(quantity, reducing);
  return [
    { held, side, quantityBase: reducing, isReduction: true } as const,
    { held, side, quantityBase: opening, isReduction: false } as const,
  ].filter((piece) => !isZero(piece.quantityBase));
}
