/**
 * Whose the guard's orders are: each leg's part of every instrument after them, so that fills find their legs.
 *
 * Of a pair the perpetual half follows the spot half; what is left of an instrument falls on its other holders by what they hold.
 * An instrument without an order stays as it is held.
 */
import { add, type DecimalText, decimal, toNumber, zero } from '../domain/decimal.ts';
import type { InstrumentTarget } from '../domain/decision.ts';
import type { InstrumentId, LegId } from '../domain/ids.ts';
import { exposures, type Leg } from '../domain/leg.ts';
import type { PlannedOrder } from '../domain/order.ts';
import type { InstrumentObservation, Snapshot } from '../domain/snapshot.ts';
import { signedQuantity } from './orderRisk.ts';

type Parts = ReadonlyMap<LegId, number>;

/** One row per instrument that is held or traded, in the snapshot's order. */
export function guardTargets(
  snapshot: Snapshot,
  legs: readonly Leg[],
  orders: readonly PlannedOrder[],
): readonly InstrumentTarget[] {
  const spots = new Map<InstrumentId, Parts>();
  const rows = (kinds: readonly string[]) =>
    snapshot.instruments
      .filter((one) => kinds.includes(one.instrument.kind))
      .flatMap((one): readonly InstrumentTarget[] => {
        const held = heldParts(snapshot, one.instrument.id);
        const change = changeOf(orders, one.instrument.id);
        if (held.size === 0 && change === 0) return [];
        const fixed = one.instrument.kind === 'perpetual' ? pairParts(legs, one, spots) : new Map();
        const parts = change === 0 ? held : partsAfter(held, change, fixed);
        if (one.instrument.kind === 'spot') spots.set(one.instrument.id, parts);
        return [rowOf(one, change, parts)];
      });
  // Spot first: its halves say what the perpetuals' halves are.
  const all = [...rows(['spot']), ...rows(['perpetual', 'earn'])];
  const order = snapshot.instruments.map((one) => one.instrument.id);
  return all.toSorted((a, b) => order.indexOf(a.instrument) - order.indexOf(b.instrument));
}

function heldParts(snapshot: Snapshot, instrument: InstrumentId): Parts {
  const parts = new Map<LegId, number>();
  for (const { instrument: id, leg, amount } of snapshot.holdings) {
    if (id !== instrument || leg === null) continue;
    parts.set(leg, (parts.get(leg) ?? 0) + toNumber(amount));
  }
  return parts;
}

const changeOf = (orders: readonly PlannedOrder[], instrument: InstrumentId): number =>
  orders
    .filter((order) => order.instrument === instrument)
    .reduce((sum, order) => sum + signedQuantity(order), 0);

/** What the perpetual halves of carry legs are, given their spot halves. */
function pairParts(
  legs: readonly Leg[],
  { instrument }: InstrumentObservation,
  spots: ReadonlyMap<InstrumentId, Parts>,
): Parts {
  const parts = new Map<LegId, number>();
  for (const leg of legs) {
    const [spot, perpetual] = exposures(leg);
    if (spot === undefined || perpetual?.instrument !== instrument.id) continue;
    const base = spots.get(spot.instrument)?.get(leg.id);
    if (base !== undefined) parts.set(leg.id, -base);
  }
  return parts;
}

/** Those of `fixed` are as it says; the others share the rest by what they hold. */
function partsAfter(held: Parts, change: number, fixed: Parts): Parts {
  const sum = (values: Iterable<number>) => [...values].reduce((total, each) => total + each, 0);
  const others = [...held].filter(([leg]) => !fixed.has(leg));
  const otherBase = sum(others.map(([, base]) => base));
  const rest = sum(held.values()) + change - sum(fixed.values());
  const scale = otherBase === 0 ? 1 : Math.max(0, rest / otherBase);
  return new Map([...fixed, ...others.map(([leg, base]) => [leg, base * scale] as const)]);
}

function rowOf(
  { instrument, quote, positionBase }: InstrumentObservation,
  change: number,
  parts: Parts,
): InstrumentTarget {
  const held: DecimalText = positionBase.kind === 'observed' ? positionBase.value : zero;
  return {
    instrument: instrument.id,
    targetBase: add(held, decimal(change)),
    positionBase: held,
    markUsd: quote.kind === 'observed' ? quote.value.mark : 0,
    parts: [...parts].map(([leg, targetBase]) => ({ leg, targetBase })),
    withheld: null,
  };
}
