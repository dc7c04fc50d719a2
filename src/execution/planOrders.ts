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
import { type Drift, drifts, isBelowMinimum } from './drift.ts';
import { fitLending } from './lending.ts';
import { limitPrice } from './limitPrice.ts';
import { afterOrders, coinStress, riskOf } from './orderRisk.ts';
import { type Piece, toPieces } from './pieces.ts';
import { sliceQuantity } from './slices.ts';

export type Plan = {
  readonly orders: readonly PlannedOrder[];
  readonly withheld: ReadonlyMap<InstrumentId, InstrumentTarget['withheld']>;
};

/** @param breached per leg of the universe: it stands above a cap now, so no band protects it. */
export function planOrders(
  book: Book,
  targets: readonly Netted[],
  breached: readonly boolean[],
): Plan {
  const moves = fitLending(book, drifts(book, targets, breached));
  const { single, pairs } = toPieces(book, moves);
  const groups: Group[] = single
    .filter(isTradable)
    .flatMap((piece) =>
      sliceSingle(book, piece).map((quantity, index) =>
        groupOf(index, [orderOf(book, piece, quantity, null)], piece.isReduction),
      ),
    );
  for (const { name, halves, stepBase } of pairs) {
    if (!halves.every(isTradable)) continue;
    const isReduction = halves.every((half) => half.isReduction);
    pairOrders(book, name, halves, stepBase).forEach((orders, index) => {
      groups.push(groupOf(index, orders, isReduction));
    });
  }
  return {
    orders: numberSlices(withRisk(book, inStages(groups))),
    withheld: new Map(moves.map((move: Drift) => [move.held.instrument.id, move.withheld])),
  };
}

/** What pairing or zero has cut off may be less than the venue takes. */
function isTradable({ held, quantityBase, isReduction }: Piece): boolean {
  const isPosition = compare(quantityBase, absolute(held.positionBase)) === 0;
  const closesWhole = isReduction && isPosition && held.instrument.kind === 'perpetual';
  return !isBelowMinimum(held, quantityBase, closesWhole);
}

/** Orders that are sent together. */
type Group = {
  readonly phase: 'reduce' | 'open' | 'lend';
  readonly slice: number;
  readonly orders: readonly PlannedOrder[];
};

const phases = ['reduce', 'open', 'lend'] as const;

function groupOf(slice: number, orders: readonly PlannedOrder[], isReduction: boolean): Group {
  const lends = orders.some((order) => order.action === 'subscribe');
  return { phase: lends ? 'lend' : isReduction ? 'reduce' : 'open', slice, orders };
}

/** Groups in the order of their stages, which count from 0 without a gap. */
function inStages(groups: readonly Group[]): readonly (readonly PlannedOrder[])[] {
  const staged: PlannedOrder[][] = [];
  let stage = 0;
  for (const phase of phases) {
    const ofPhase = groups.filter((group) => group.phase === phase);
    const slices = Math.max(0, ...ofPhase.map((group) => group.slice + 1));
    for (let slice = 0; slice < slices; slice++) {
      const together = ofPhase.filter((group) => group.slice === slice);
      for (const { orders } of together) staged.push(orders.map((order) => ({ ...order, stage })));
      stage += 1;
    }
  }
  return staged;
}

function sliceSingle(book: Book, piece: Piece) {
  const { quantityStepBase } = piece.held.instrument;
  const limits = {
    stepBase: quantityStepBase,
    leastBase: leastQuantity(piece.held),
    mostBase: piece.held.instrument.quantityMaxBase,
    markUsd: piece.held.markUsd ?? 0,
    valueUsdMax: orderValueMax(book, piece),
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
      ),
    },
    first.isReduction && second.isReduction,
  );
  return quantities.map((quantity, index) =>
    halves.map((half) => orderOf(book, half, quantity, `${name}:${index}`)),
  );
}

/** What one order may be worth: the limit on orders, and the share of the depth that it may take. */
function orderValueMax(book: Book, { held }: Piece): number {
  const { execution, limits } = book.policy;
  if (held.instrument.kind === 'earn') return limits.orderUsdMax;
  const share = Math.min(execution.participationShareMax, limits.orderQuantityShareOfDepthMax);
  return Math.min(limits.orderUsdMax, held.depthUsd * share);
}

/** The venue's least quantity, and what its least order value comes to, on the lot. */
function leastQuantity({ instrument, markUsd, quoteUsd }: BookInstrument) {
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
    style: isEarn ? 'earn' : pair === null ? execution.style : 'ioc',
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
