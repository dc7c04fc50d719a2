/**
 * How far each instrument is to move: not at all, to the edge of its band, or to its target.
 *
 * A drift within the band is left alone. A band protects no target of zero and no breached cap: where the account, with all
 * that moves moved, would exceed a cap or break the stressed-margin rule, what stands above its target comes down to it. So the
 * plan leaves the account that the checks will judge within what it was sized for. Where one half of a pair moves, the other
 * may move too, both to their targets: halves with different edges would leave one of them naked.
 */
import {
  absolute,
  add,
  compare,
  type DecimalText,
  divide,
  isZero,
  multiply,
  sign,
  subtract,
  toNumber,
} from '../domain/decimal.ts';
import type { InstrumentId } from '../domain/ids.ts';
import { exposures } from '../domain/leg.ts';
import { fundingSpot } from '../domain/universe.ts';
import { heldQuantities, type Quantities } from '../parity/sizing/accounts.ts';
import type { Book } from '../parity/sizing/book.ts';
import type { Netted } from '../parity/sizing/netting.ts';
import { costBandShare, tradeCostShare } from './costBand.ts';

/** Legs that no band protects where the legs hold these notionals (unsigned, universe order) and the account these quantities. */
export type BandGuard = (
  notionalsUsd: readonly number[],
  quantities: Quantities,
) => readonly boolean[];

/** The position that each instrument is to come to, as far as lots allow; what is not named stays. */
export type Reach = ReadonlyMap<InstrumentId, DecimalText>;

/** @param traded what a move to that position would really trade, signed; 0 where the venue would not take it. */
export function reachOf(
  book: Book,
  targets: readonly Netted[],
  guard: BandGuard,
  traded: (target: Netted, toBase: DecimalText) => DecimalText,
): Reach {
  const reach = new Map<InstrumentId, DecimalText>();
  const linked = linkedInstruments(book);
  for (const target of targets) {
    const edge = edgeOf(book, target, linked.has(target.instrument));
    if (edge !== null) reach.set(target.instrument, edge);
  }
  moveTogether(book, targets, reach, traded);
  // Every round frees an instrument from its band, so there are no more rounds than instruments.
  for (let round = 0; round < targets.length; round++) {
    const moves = new Map(
      targets.map((target) => [
        target.instrument,
        traded(target, reach.get(target.instrument) ?? target.positionBase),
      ]),
    );
    const breached = guard(notionalsAfter(book, targets, moves), quantitiesAfter(book, moves));
    const exposed = new Set(
      book.legs.flatMap((leg, index) =>
        breached[index] ? exposures(leg).map((each) => each.instrument) : [],
      ),
    );
    const freed = targets.filter(({ instrument, targetBase, positionBase }) => {
      if (!exposed.has(instrument)) return false;
      const isAbove = compare(absolute(positionBase), absolute(targetBase)) > 0;
      return isAbove && reach.get(instrument) !== targetBase;
    });
    if (freed.length === 0) break;
    for (const { instrument, targetBase } of freed) reach.set(instrument, targetBase);
    moveTogether(book, targets, reach, traded);
  }
  return reach;
}

/** Instruments of legs that hold several. */
function linkedInstruments(book: Book): ReadonlySet<InstrumentId> {
  const several = book.legs.map(exposures).filter((each) => each.length > 1);
  return new Set(several.flat().map((each) => each.instrument));
}

/** Where the drift is worth an order, how far; null: it stays. */
function edgeOf(book: Book, target: Netted, isLinked: boolean): DecimalText | null {
  const { targetBase, positionBase } = target;
  const gap = subtract(targetBase, positionBase);
  const costShare = isLinked ? 0 : costShareOf(book, target);
  const bandShare = Math.max(costShare, book.policy.sizing.driftBandShare);
  const band = multiply(absolute(targetBase), bandShare);
  if (compare(absolute(gap), band) <= 0) return null;
  if (costShare === 0) return targetBase;
  const short = multiply(absolute(targetBase), costShare);
  return sign(gap) > 0 ? subtract(targetBase, short) : add(targetBase, short);
}

/** Opened at its target, and lent or bought to be lent without an edge: only what is held long or short by itself has one. */
function costShareOf(book: Book, { instrument, targetBase, positionBase, parts }: Netted): number {
  const seen = book.instrumentById.get(instrument);
  if (seen === undefined || seen.markUsd === null || parts.length === 0) return 0;
  if (seen.instrument.kind === 'earn' || sign(targetBase) !== sign(positionBase)) return 0;
  const { quote } = seen.observation;
  if (quote.kind === 'unknown') return 0;
  return costBandShare(book.policy.sizing, {
    equityUsd: book.equityUsd,
    targetUsd: Math.abs(toNumber(targetBase)) * seen.markUsd,
    costShare: tradeCostShare(quote.value, seen.instrument.takerFeeRate),
  });
}

/** Coins too few to be sold move nothing. */
function moveTogether(
  book: Book,
  targets: readonly Netted[],
  reach: Map<InstrumentId, DecimalText>,
  traded: (target: Netted, toBase: DecimalText) => DecimalText,
): void {
  const moving = new Set(
    targets.flatMap((target) => {
      const to = reach.get(target.instrument);
      return to === undefined || isZero(traded(target, to)) ? [] : [target.instrument];
    }),
  );
  for (const leg of book.legs) {
    const ids = exposures(leg).map((each) => each.instrument);
    if (ids.length < 2 || !ids.some((id) => moving.has(id))) continue;
    for (const { instrument, targetBase } of targets) {
      if (ids.includes(instrument)) reach.set(instrument, targetBase);
    }
  }
}

/** A leg gets as near to its target as its first instrument does. */
function notionalsAfter(
  book: Book,
  targets: readonly Netted[],
  moves: ReadonlyMap<InstrumentId, DecimalText>,
): readonly number[] {
  return book.legs.map((leg, index) => {
    const heldUsd = Math.abs(book.snapshot.heldUsdByLeg[index] ?? 0);
    const first = exposures(leg)[0];
    const target = targets.find((each) => each.instrument === first?.instrument);
    if (target === undefined) return heldUsd;
    const part = target.parts.find((each) => each.leg === leg.id)?.targetBase ?? 0;
    const targetUsd = Math.abs(part) * target.markUsd;
    const gap = subtract(target.targetBase, target.positionBase);
    const moved = moves.get(target.instrument);
    const share = moved === undefined || isZero(gap) ? 0 : toNumber(divide(moved, gap));
    return heldUsd + share * (targetUsd - heldUsd);
  });
}

/** What is held with the moves made; a lent coin leaves the wallet, a redeemed one enters it. */
function quantitiesAfter(book: Book, moves: ReadonlyMap<InstrumentId, DecimalText>): Quantities {
  const after = new Map(heldQuantities(book));
  const own = new Set(book.legs.flatMap((leg) => exposures(leg).map((each) => each.instrument)));
  for (const [id, moved] of moves) {
    if (own.has(id)) after.set(id, (after.get(id) ?? 0) + toNumber(moved));
  }
  for (const leg of book.legs) {
    const spot = leg.kind === 'lending' ? fundingSpot(book.policy, leg) : null;
    const product = exposures(leg)[0]?.instrument;
    if (spot === null || product === undefined || own.has(spot)) continue;
    const lent = toNumber(moves.get(product) ?? ('0' as DecimalText));
    after.set(spot, Math.max(0, (after.get(spot) ?? 0) - lent));
  }
  return after;
}
