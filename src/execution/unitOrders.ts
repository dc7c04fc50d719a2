/**
 * Orders that give up units: slices in stages, both halves of a pair together, at the price that being out is worth.
 *
 * Redemptions and perpetuals go unit after unit, the one that is worth most first; where everything goes, all units at once.
 */
import { type DecimalText, decimal, toNumber } from '../domain/decimal.ts';
import type { InstrumentId } from '../domain/ids.ts';
import type { PlannedOrder } from '../domain/order.ts';
import type { Quantities } from '../parity/sizing/accounts.ts';
import type { Book } from '../parity/sizing/book.ts';
import type { ClosableHalf, ClosableUnit } from './closableUnits.ts';
import { limitPrice } from './limitPrice.ts';
import { afterOrders } from './orderRisk.ts';
import { leastQuantity } from './planOrders.ts';
import { limitsFor } from './priceRoom.ts';
import { sliceQuantity } from './slices.ts';

export type UnitQuantity = { readonly unit: ClosableUnit; readonly quantityBase: DecimalText };

/** The quantities once a part of a unit is closed. */
export function afterClosing(
  book: Book,
  quantities: Quantities,
  unit: ClosableUnit,
  quantityBase: DecimalText,
): Quantities {
  const orders = unit.halves.map((half) => orderOf(book, half, { quantityBase, unit, stage: 0 }));
  return afterOrders(book, quantities, orders);
}

/** @param atOnce all units side by side, instead of one after another. */
export function unitOrders(
  book: Book,
  parts: readonly UnitQuantity[],
  atOnce: boolean,
): readonly PlannedOrder[] {
  let stage = 0;
  const orders = parts.flatMap(({ unit, quantityBase }) => {
    const first = atOnce ? 0 : stage;
    const slices = slicesOf(book, unit, quantityBase);
    stage = Math.max(stage, first + slices.length);
    return slices.flatMap((slice, index) =>
      unit.halves.map((half) => ({
        ...orderOf(book, half, { quantityBase: slice, unit, stage: first + index }),
        pair: unit.kind === 'pair' ? `${unit.name}:${index}` : null,
      })),
    );
  });
  return numbered(orders.toSorted((a, b) => a.stage - b.stage));
}

function slicesOf(
  book: Book,
  { halves, stepBase, kind }: ClosableUnit,
  quantityBase: DecimalText,
): readonly DecimalText[] {
  const { limits, execution } = book.policy;
  const least = halves.map(({ held }) => toNumber(leastQuantity(held)));
  const most = halves.flatMap(({ held }) => held.instrument.quantityMaxBase ?? []).map(toNumber);
  return sliceQuantity(
    quantityBase,
    {
      stepBase,
      leastBase: decimal(Math.max(...least)),
      mostBase: most.length === 0 ? null : decimal(Math.min(...most)),
      markUsd: Math.max(...halves.map(({ held }) => held.markUsd ?? 0)),
      valueUsdMax:
        kind === 'pair'
          ? Math.min(limits.orderUsdMax, execution.unhedgedUsdMax)
          : limits.orderUsdMax,
    },
    true,
  );
}

function orderOf(
  book: Book,
  { held, action, opens }: ClosableHalf,
  at: {
    readonly quantityBase: DecimalText;
    readonly unit: ClosableUnit;
    readonly stage: number;
  },
): PlannedOrder {
  const { instrument, markUsd, quoteUsd } = held;
  const { execution, limits } = book.policy;
  const mark = (markUsd ?? 0) / quoteUsd;
  const isEarn = instrument.kind === 'earn';
  return {
    instrument: instrument.id,
    venue: instrument.venue,
    symbol: instrument.symbol,
    action,
    style: isEarn ? 'earn' : 'ioc',
    quantityBase: at.quantityBase,
    limitPrice: isEarn
      ? null
      : limitPrice(instrument, action, mark, limitsFor('flatten', { ...execution, ...limits })),
    decisionPrice: mark,
    notionalUsd: toNumber(at.quantityBase) * (markUsd ?? 0),
    reduceOnly: instrument.kind === 'perpetual' && opens !== true,
    risk: 'reduces',
    stage: at.stage,
    pair: null,
    slice: 0,
  };
}

/** Slices are counted per instrument over all units: together they name the order. */
function numbered(orders: readonly PlannedOrder[]): readonly PlannedOrder[] {
  const next = new Map<InstrumentId, number>();
  return orders.map((order) => {
    const slice = next.get(order.instrument) ?? 0;
    next.set(order.instrument, slice + 1);
    return { ...order, slice };
  });
}
