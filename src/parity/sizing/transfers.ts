/**
 * The transfers that the book would like: away from venues above their caps, to venues whose cash or margin holds legs back.
 *
 * A venue needs the equity at which its cash and margin caps would carry the uncapped sizes; what is above that elsewhere can be
 * spared. Sources with an excess come first, needs are met as far as the venue's own cap has room.
 */
import type { VenueId } from '../../domain/ids.ts';
import type { TransferAdvice } from '../../domain/transfer.ts';
import type { Book } from './book.ts';
import { usedUsd } from './caps.ts';
import { wholeAtVenue, wholeInCoin } from './custody.ts';
import { issuerCoin } from './riskInput.ts';
import type { SizedBook } from './sizeBook.ts';

/** Less than this share of the equity is not worth a person's time. */
const LEAST_SHARE = 0.005;

type Purse = {
  readonly venue: VenueId;
  readonly excessUsd: number;
  spareUsd: number;
  /** As far as its cap has room. */
  needUsd: number;
  roomUsd: number;
};

/** @returns none where nothing would be gained. */
export function transfersOf(book: Book, sized: SizedBook): readonly TransferAdvice[] {
  const leastUsd = LEAST_SHARE * book.equityUsd;
  const purses = book.venues.map((venue) => purseOf(book, sized, venue));
  const advice: TransferAdvice[] = [];
  const move = (from: Purse, to: Purse, usd: number, reason: string) => {
    from.spareUsd -= usd;
    to.needUsd = Math.max(0, to.needUsd - usd);
    to.roomUsd -= usd;
    advice.push({ kind: 'move', from: from.venue, to: to.venue, usd, reason });
  };
  for (const from of purses.filter((purse) => purse.excessUsd > 0)) {
    let leftUsd = from.excessUsd;
    const others = purses.toSorted((a, b) => b.needUsd - a.needUsd || b.roomUsd - a.roomUsd);
    for (const to of others) {
      const usd = Math.min(leftUsd, to.roomUsd);
      if (to === from || usd < leastUsd) continue;
      move(from, to, usd, `${from.venue} is above its VENUE_CAP`);
      leftUsd -= usd;
    }
    if (leftUsd >= leastUsd) {
      const reason = `${from.venue} is above its VENUE_CAP, and no other venue has room`;
      advice.push({ kind: 'move', from: from.venue, to: null, usd: leftUsd, reason });
    }
  }
  for (const to of purses.toSorted((a, b) => b.needUsd - a.needUsd)) {
    for (const from of purses.toSorted((a, b) => b.spareUsd - a.spareUsd)) {
      const usd = Math.min(to.needUsd, to.roomUsd, from.spareUsd);
      if (to === from || from.excessUsd > 0 || usd < leastUsd) continue;
      move(from, to, usd, `cash or margin holds legs at ${to.venue} back`);
    }
  }
  return [...advice, ...exchanges(book, sized, leastUsd)];
}

function purseOf(book: Book, sized: SizedBook, venue: Book['venues'][number]): Purse {
  const { usd, limitUsd, excessUsd } = wholeAtVenue(book, venue);
  const ratios = sized.caps
    .filter((cap) => cap.code === 'CASH' || cap.code === 'INITIAL_MARGIN')
    .filter((cap) =>
      cap.coefficients.some((each, at) => each > 0 && book.legs[at]?.venue === venue.venue),
    )
    .map((cap) => (cap.limitUsd > 0 ? usedUsd(cap, sized.uncappedUsd) / cap.limitUsd : 0));
  const neededUsd = Math.max(0, ...ratios) * venue.equityUsd;
  return {
    venue: venue.venue,
    excessUsd,
    spareUsd: excessUsd > 0 ? 0 : Math.max(0, usd - neededUsd),
    needUsd: Math.max(0, neededUsd - usd),
    roomUsd: Math.max(0, limitUsd - usd),
  };
}

/** Coins above the cap on their issuer, where that holds a leg back. */
function exchanges(book: Book, sized: SizedBook, leastUsd: number): readonly TransferAdvice[] {
  const coins = book.legs.map((leg, index) =>
    sized.bindings[index]?.code === 'ISSUER_CAP' ? issuerCoin(book, leg) : null,
  );
  return [...new Set(coins.filter((coin) => coin !== null))].flatMap((coin) => {
    const { excessUsd } = wholeInCoin(book, coin);
    if (excessUsd < leastUsd) return [];
    const reason = `${coin} is above its ISSUER_CAP, collateral included`;
    return [{ kind: 'exchange', coin, usd: excessUsd, reason } as const];
  });
}
