/**
 * Carry pairs of which one half is gone: the venue took it (auto-deleveraging, liquidation), and the other half is naked.
 *
 * Judged on what each leg holds by the ledger. The lost half is put back where new risk is allowed at the venue and the account
 * stands its stress with it; else the other half is given up. Either is one order.
 */
import {
  absolute,
  add,
  compare,
  type DecimalText,
  sign,
  toNumber,
  toStep,
  zero,
} from '../domain/decimal.ts';
import type { InstrumentId, LegId } from '../domain/ids.ts';
import { type CarryLeg, exposures } from '../domain/leg.ts';
import { bookScenarios, heldQuantities, stressAt } from '../parity/sizing/accounts.ts';
import type { Book, BookInstrument } from '../parity/sizing/book.ts';
import { commonStep } from '../parity/sizing/netting.ts';
import type { ClosableUnit } from './closableUnits.ts';
import { leastQuantity } from './planOrders.ts';
import { afterClosing, type UnitQuantity } from './unitOrders.ts';

/** Fees taken in coins leave a pair a little uneven; more than this share of its larger half is a loss. */
const UNEVEN_SHARE = 0.02;

export type HedgeRepair = UnitQuantity & {
  readonly leg: LegId;
  readonly kind: 'completeHedge' | 'unwindHedge';
  readonly unhedgedUsd: number;
};

/** One repair per carry leg of the book that has lost half. @param mayIncrease the guard allows new orders there. */
export function hedgeRepairs(book: Book, mayIncrease: boolean): readonly HedgeRepair[] {
  return book.legs.flatMap((leg) => {
    if (leg.kind !== 'carry') return [];
    const lost = lostHalf(book, leg);
    return lost === null ? [] : [repairOf(book, leg, lost, mayIncrease)];
  });
}

type Lost = {
  readonly missing: BookInstrument;
  readonly naked: BookInstrument;
  /** Signed: what the naked half has too much of. */
  readonly excessBase: DecimalText;
  readonly quantityBase: DecimalText;
};

function lostHalf(book: Book, leg: CarryLeg): Lost | null {
  const [spot, perpetual] = exposures(leg).map((each) => book.instrumentById.get(each.instrument));
  if (spot === undefined || perpetual === undefined) return null;
  const held = [spot, perpetual].map((each) => heldOf(book, leg.id, each.instrument.id));
  const [spotBase = zero, perpetualBase = zero] = held;
  const excessBase = add(spotBase, perpetualBase);
  const larger = Math.max(...held.map((base) => Math.abs(toNumber(base))));
  const stepBase = commonStep(
    spot.instrument.quantityStepBase,
    perpetual.instrument.quantityStepBase,
  );
  const quantityBase = toStep(absolute(excessBase), stepBase, 'down');
  const least = [spot, perpetual].map((each) => toNumber(leastQuantity(each)));
  const isUneven = toNumber(quantityBase) > UNEVEN_SHARE * larger;
  if (!isUneven || toNumber(quantityBase) < Math.max(...least)) return null;
  const isPerpetualLost = sign(excessBase) > 0;
  return {
    missing: isPerpetualLost ? perpetual : spot,
    naked: isPerpetualLost ? spot : perpetual,
    excessBase,
    quantityBase,
  };
}

function heldOf(book: Book, leg: LegId, instrument: InstrumentId): DecimalText {
  return book.snapshot.holdings
    .filter((one) => one.leg === leg && one.instrument === instrument)
    .reduce<DecimalText>((sum, one) => add(sum, one.amount), zero);
}

function repairOf(book: Book, leg: CarryLeg, lost: Lost, mayIncrease: boolean): HedgeRepair {
  const action = compare(lost.excessBase, 0) > 0 ? 'sell' : 'buy';
  const unitOf = (held: BookInstrument, opens: boolean): ClosableUnit => ({
    kind: 'single',
    name: leg.id,
    halves: [{ held, action, opens }],
    quantityBase: lost.quantityBase,
    stepBase: held.instrument.quantityStepBase,
  });
  const completing = unitOf(lost.missing, true);
  const completes = mayIncrease && canComplete(book, leg, lost, completing);
  const { quantityBase } = lost;
  return {
    leg: leg.id,
    kind: completes ? 'completeHedge' : 'unwindHedge',
    unit: completes ? completing : unitOf(lost.naked, false),
    quantityBase,
    unhedgedUsd: toNumber(quantityBase) * (lost.naked.markUsd ?? 0),
  };
}

/** New risk is a matter of the venue, of lists, of the halt, and of the stressed account with the hedge back. */
function canComplete(book: Book, leg: CarryLeg, lost: Lost, unit: ClosableUnit): boolean {
  const { snapshot, policy } = book;
  const state = book.venueById.get(leg.venue)?.observation.health.state;
  const { symbol, baseCoin } = lost.missing.instrument;
  const isRestricted = policy.limits.restricted.some(
    (name) => name === symbol || name === baseCoin,
  );
  if (snapshot.halt.halted || isRestricted) return false;
  if (state !== 'healthy' && state !== 'watch') return false;
  const after = afterClosing(book, heldQuantities(book), unit, lost.quantityBase);
  return stressAt(book, after, bookScenarios(book), leg.venue).kind === 'holds';
}
