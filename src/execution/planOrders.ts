/**
 * The plan: drifts → orders in the order in which they are sent.
 *
 * First what reduces and frees cash, then what buys and opens, then what lends; slices of one order one after another. Each
 * step is a stage, which ends before the next begins: what is in the market, or unhedged, at any time is one slice. Both
 * halves of a pair are sent at once and take what is there, since a half that rests is a naked half.
 */
import { absolute, compare, decimal, divide, toStep } from '../domain/decimal.ts';
import type { InstrumentTarget } from '../domain/decision.ts';
import type { InstrumentId } from '../domain/ids.ts';
import type { OrderAction, PlannedOrder } from '../domain/order.ts';
import { heldQuantities } from '../parity/sizing/accounts.ts';
import type { Book, BookInstrument } from '../parity/sizing/book.ts';
import type { Netted } from '../parity/sizing/netting.ts';
import { type Drift, drifts, isBelowMinimum, reducesFreely } from './drift.ts';
import { fitLending } from './lending.ts';
import { limitPrice } from './limitPrice.ts';
import { impactUsdMax, restingWhereWide } from './liquidSlices.ts';
import { afterOrders, coinStress, riskOf } from './orderRisk.ts';
import { type Piece, type Pieces, toPieces } from './pieces.ts';
import { paceOrders, paceUsdMax } from './planPace.ts';
import type { BandGuard } from './reach.ts';
import { sliceQuantity } from './slices.ts';
import { type Group, groupOf, inStages } from './stages.ts';

export type Plan = {
  readonly orders: readonly PlannedOrder[];
  readonly withheld: ReadonlyMap<InstrumentId, InstrumentTarget['withheld']>;
};

export function planOrders(book: Book, targets: readonly Netted[], guard: BandGuard): Plan {
  const moves = fitLending(book, drifts(book, targets, guard));
  const { single, pairs } = toPieces(book, moves);
  const paired = pairGroups(book, pairs);
  const alone = single.filter(isTradable).flatMap((piece) => {
    const first = piece.isReduction
      ? 0
      : (paired.reducingSlices.get(piece.held.instrument.id) ?? 0);
    return sliceSingle(book, piece).map((quantity, index) => {
      const order = orderOf(book, piece, quantity, null);
      const resting = restingWhereWide(book, piece.held, piece.isReduction, order);
      return groupOf(first + index, [resting], piece.isReduction);
    });
  });
  const groups = [...alone, ...paired.groups];
  return {
    orders: numberSlices(paceOrders(book, withRisk(book, inStages(groups)))),
    withheld: new Map(moves.map((move: Drift) => [move.held.instrument.id, move.withheld])),
  };
}

/** What pairing or zero has cut off may be less than the venue takes. */
function isTradable({ held, quantityBase, isReduction }: Piece): boolean {
  const isPosition = compare(quantityBase, absolute(held.positionBase)) === 0;
  const closesWhole = isPosition && held.instrument.kind === 'perpetual';
  const isExempt = isReduction && (closesWhole || reducesFreely(held));
  return !isBelowMinimum(held, quantityBase, isExempt);
}

/**
 * Slices of pairs, those in one instrument after one another: at zero a position changes sides, so what only reduces it is
 * through before anything opens the other side.
 */
function pairGroups(
  book: Book,
  pairs: Pieces['pairs'],
): {
  readonly groups: readonly Group[];
  /** Slices that reduce an instrument among those that open. */
  readonly reducingSlices: ReadonlyMap<InstrumentId, number>;
} {
  const groups: Group[] = [];
  const next = new Map<string, number>();
  const reducingSlices = new Map<InstrumentId, number>();
  for (const { name, halves, stepBase } of pairs) {
    if (!halves.every(isTradable)) continue;
    const isReduction = halves.every((half) => half.isReduction);
    const places = halves.map(({ held }) => `${isReduction} ${held.instrument.id}`);
    const first = Math.max(...places.map((place) => next.get(place) ?? 0));
    const slices = pairOrders(book, name, halves, stepBase);
    slices.forEach((orders, index) => {
      groups.push(groupOf(first + index, orders, isReduction));
    });
    for (const place of places) next.set(place, first + slices.length);
    for (const half of isReduction ? [] : halves) {
      if (half.isReduction) reducingSlices.set(half.held.instrument.id, first + slices.length);
    }
  }
  return { groups, reducingSlices };
}

function sliceSingle(book: Book, piece: Piece) {
  const { quantityStepBase } = piece.held.instrument;
  const limits = {
    stepBase: quantityStepBase,
    leastBase: leastQuantity(piece.held),
    mostBase: piece.held.instrument.quantityMaxBase,
    markUsd: piece.held.markUsd ?? 0,
    valueUsdMax: Math.min(orderValueMax(book, piece), impactUsdMax(book, [piece.held])),
  };
  return sliceQuantity(piece.quantityBase, limits, piece.isReduction);
}

function pairOrders(
  book: Book,
  name: string,
  halves: readonly [Piece, Piece],
  stepBase: Piece['quantityBase'],
): PlannedOrder[][] {
  const [first, second] = halves;
  const most = halves.flatMap(({ held }) => held.instrument.quantityMaxBase ?? []);
  const quantities = sliceQuantity(
    first.quantityBase,
    {
      stepBase,
      leastBase: halves
        .map(({ held }) => leastQuantity(held))
        .reduce((a, b) => (compare(a, b) >= 0 ? a : b)),
      mostBase: most.length === 0 ? null : most.reduce((a, b) => (compare(a, b) <= 0 ? a : b)),
      markUsd: Math.max(first.held.markUsd ?? 0, second.held.markUsd ?? 0),
      valueUsdMax: Math.min(
        orderValueMax(book, first),
        orderValueMax(book, second),
        book.policy.execution.unhedgedUsdMax,
        impactUsdMax(book, [first.held, second.held]),
      ),
    },
    first.isReduction && second.isReduction,
  );
  return quantities.map((quantity, index) =>
    halves.map((half) => orderOf(book, half, quantity, `${name}:${index}`)),
  );
}

/** What one order may be worth: the limit on orders, and the share of the depth that it may take. */
function orderValueMax(book: Book, { held, quantityBase }: Piece): number {
  const { execution, limits } = book.policy;
  if (held.instrument.kind === 'earn') return limits.orderUsdMax;
  const share = Math.min(execution.participationShareMax, limits.orderQuantityShareOfDepthMax);
  const orderUsd = Number(quantityBase) * (held.markUsd ?? 0);
  return Math.min(limits.orderUsdMax, held.depthUsd * share, paceUsdMax(book, held, orderUsd));
}

/** The venue's least quantity, and what its least order value comes to, on the lot. */
export function leastQuantity({
  instrument,
  markUsd,
  quoteUsd,
}: Pick<BookInstrument, 'instrument' | 'markUsd' | 'quoteUsd'>) {
  const { quantityMinBase, quantityStepBase, notionalMinQuote } = instrument;
  if (markUsd === null || notionalMinQuote === 0) return quantityMinBase;
  const byValue = toStep(divide(notionalMinQuote, markUsd / quoteUsd), quantityStepBase, 'up');
  return compare(byValue, quantityMinBase) > 0 ? byValue : quantityMinBase;
}

function actionOf({ held, side }: Piece): OrderAction {
  if (held.instrument.kind === 'earn') return side > 0 ? 'subscribe' : 'redeem';
  return side > 0 ? 'buy' : 'sell';
}

function orderOf(
  book: Book,
  piece: Piece,
  quantityBase: Piece['quantityBase'],
  pair: string | null,
): PlannedOrder {
  const { execution, limits } = book.policy;
  const { instrument, markUsd, quoteUsd } = piece.held;
  const action = actionOf(piece);
  const mark = (markUsd ?? 0) / quoteUsd;
  const isEarn = instrument.kind === 'earn';
  return {
    instrument: instrument.id,
    venue: instrument.venue,
    symbol: instrument.symbol,
    action,
    style: isEarn ? 'earn' : pair === null && execution.style === 'passive' ? 'passive' : 'ioc',
    quantityBase: decimal(quantityBase),
    limitPrice: isEarn
      ? null
      : limitPrice(instrument, action, mark, {
          slippageBpsMax: execution.slippageBpsMax,
          priceCollarBps: limits.priceCollarBps,
        }),
    decisionPrice: mark,
    notionalUsd: Number(quantityBase) * (markUsd ?? 0),
    reduceOnly: piece.isReduction && instrument.kind === 'perpetual',
    risk: 'increases',
    stage: 0,
    pair,
    slice: 0,
  };
}

/** Risk is judged on the account as the orders before have left it; a pair as one. */
function withRisk(
  book: Book,
  groups: readonly (readonly PlannedOrder[])[],
): readonly PlannedOrder[] {
  const stress = coinStress(book);
  let quantities = heldQuantities(book);
  return groups.flatMap((group) => {
    const risk = riskOf(book, stress, quantities, group);
    quantities = afterOrders(book, quantities, group);
    return group.map((order) => ({ ...order, risk }));
  });
}

/** Slices are counted per instrument over the whole plan: together they name the order. */
function numberSlices(orders: readonly PlannedOrder[]): readonly PlannedOrder[] {
  const next = new Map<InstrumentId, number>();
  return orders.map((order) => {
    const slice = next.get(order.instrument) ?? 0;
    next.set(order.instrument, slice + 1);
    return { ...order, slice };
  });
}
