/**
 * What lies where, collateral included, against the caps on venues and issuers.
 *
 * A default takes all that is at the venue, idle or not, and a depeg all that is in the coin, so both caps count everything
 * that is there. What a leg ties up comes out of what lies idle: no size of a leg changes a venue's whole. Where the whole is above
 * its cap, legs there get no increase, and a person is told what to move; the daemon moves nothing between venues.
 */
import type { VenueId } from '../../domain/ids.ts';
import type { Leg } from '../../domain/leg.ts';
import { stablecoinsOf } from '../../domain/universe.ts';
import { venueLimitUsd } from '../../signals/solvency/defaultRate.ts';
import type { Book, BookVenue } from './book.ts';
import { capitalPerUsd } from './capital.ts';
import { sharesByCoin } from './collateralPools.ts';
import { issuerCoin } from './riskInput.ts';

export type Whole = {
  readonly usd: number;
  readonly limitUsd: number;
  /** Above the limit; 0: within it. */
  readonly excessUsd: number;
};

/** A whole is above its limit by more than the rounding of sums. */
const ROUNDING_SHARE = 1e-9;

const wholeOf = (usd: number, limitUsd: number): Whole => ({
  usd,
  limitUsd,
  excessUsd: usd > limitUsd * (1 + ROUNDING_SHARE) ? usd - limitUsd : 0,
});

/** Everything at a venue, against min(share × NAV, loss budget ÷ (PD × LGD)). */
export function wholeAtVenue(book: Book, { equityUsd, observation }: BookVenue): Whole {
  const { venueShareMax, venueLossBudgetShare, lossGivenDefaultShare } = book.policy.sizing;
  const limitUsd = venueLimitUsd({
    netAssetUsd: book.equityUsd,
    shareMax: venueShareMax,
    lossBudgetUsd: venueLossBudgetShare * book.equityUsd,
    defaultProbabilityAnnual: observation.health.defaultProbabilityAnnual,
    lossGivenDefaultShare,
  });
  return wholeOf(equityUsd, limitUsd);
}

/** Everything in a stablecoin over all venues: what legs hold of it, and the collateral that is not in other coins. */
export function wholeInCoin(book: Book, coin: string): Whole {
  const usd = book.venues.reduce((sum, venue) => sum + coinAt(book, venue, coin), 0);
  return wholeOf(usd, book.policy.sizing.issuerShareMax * book.equityUsd);
}

/** Of a coin's whole, what lies at venues where no leg holds it: no leg there could take it up. */
export function collateralElsewhereUsd(book: Book, coin: string): number {
  return book.venues
    .filter(({ venue }) => !book.legs.some((leg) => isThere(book, leg, venue, coin)))
    .reduce((sum, venue) => sum + coinAt(book, venue, coin), 0);
}

function heldInUsd(book: Book, coin: string): number {
  return book.legs.reduce((sum, leg, index) => {
    const heldUsd = Math.abs(book.snapshot.heldUsdByLeg[index] ?? 0);
    return issuerCoin(book, leg) === coin ? sum + heldUsd : sum;
  }, 0);
}

function coinAt(book: Book, venue: BookVenue, coin: string): number {
  let fundedUsd = 0;
  let inCoinUsd = 0;
  for (const [index, leg] of book.legs.entries()) {
    if (leg.venue !== venue.venue) continue;
    const heldUsd = Math.abs(book.snapshot.heldUsdByLeg[index] ?? 0);
    fundedUsd += capitalPerUsd(book, leg).fundedUsd * heldUsd;
    if (isThere(book, leg, venue.venue, coin)) inCoinUsd += heldUsd;
  }
  const share = sharesByCoin(book, venue).find((each) => each.coin === coin)?.share ?? 0;
  return inCoinUsd + share * Math.max(0, venue.equityUsd - fundedUsd);
}

const isThere = (book: Book, leg: Leg, venue: VenueId, coin: string): boolean =>
  leg.venue === venue && issuerCoin(book, leg) === coin;

/** Why a leg may not grow where money lies too densely; null: it may. */
export function crowdedOut(
  book: Book,
  leg: Leg,
): { readonly code: 'VENUE_CAP' | 'ISSUER_CAP'; readonly reason: string } | null {
  const venue = book.venueById.get(leg.venue);
  const atVenue = venue === undefined ? null : wholeAtVenue(book, venue);
  if (atVenue !== null && atVenue.excessUsd > 0) {
    const { usd, limitUsd, excessUsd } = atVenue;
    const reason = `${leg.venue} holds ${money(usd)} USD of at most ${money(limitUsd)}: move ${money(excessUsd)} USD away from ${leg.venue}`;
    return { code: 'VENUE_CAP', reason };
  }
  const coin = issuerCoin(book, leg);
  if (coin === null || !stablecoinsOf(book.policy).has(coin)) return null;
  const { usd, limitUsd, excessUsd } = wholeInCoin(book, coin);
  const roomUsd = limitUsd - collateralElsewhereUsd(book, coin);
  // What legs are above their room by is theirs to give up, under the cap; what is left of the excess is not.
  if (excessUsd === 0 || (roomUsd >= 0 && heldInUsd(book, coin) > roomUsd)) return null;
  const reason = `${money(usd)} USD are in ${coin} of at most ${money(limitUsd)}, collateral included: exchange ${money(excessUsd)} USD of it, or raise sizing.issuerShareMax above ${book.policy.sizing.issuerShareMax}`;
  return { code: 'ISSUER_CAP', reason };
}

const money = (usd: number): string => Math.round(usd).toLocaleString('en-US');
