/**
 * What lies idle at each venue once the legs stand at their targets, by settlement coin.
 *
 * The daemon moves no money between venues, so a venue's equity is what its legs tie up there plus this. It is outside the
 * scaling and outside the volatility ceiling: at the base default rate one venue's collateral alone is near 17 % a year, and
 * cutting legs would lower none of it. It counts in the risk that is reported for the whole.
 */
import type { VenueId } from '../../domain/ids.ts';
import type { CollateralPool } from '../../risk/collateral.ts';
import type { Book, BookVenue } from './book.ts';
import { capitalPerUsd } from './capital.ts';
import { jumpOf } from './riskInput.ts';

export type IdleCollateral = {
  readonly venue: VenueId;
  readonly coin: string;
  readonly idleUsd: number;
  readonly pool: CollateralPool;
};

/** @param notionalsUsd unsigned, universe order. */
export function idleCollateral(
  book: Book,
  notionalsUsd: readonly number[],
): readonly IdleCollateral[] {
  return book.venues.flatMap((venue, venueIndex) => {
    const tiedUsd = book.legs.reduce(
      (sum, leg, index) =>
        leg.venue === venue.venue
          ? sum + capitalPerUsd(book, leg).venueUsd * (notionalsUsd[index] ?? 0)
          : sum,
      0,
    );
    const idleUsd = Math.max(0, venue.equityUsd - tiedUsd);
    return sharesByCoin(book, venue).map(({ coin, share }) => ({
      venue: venue.venue,
      coin,
      idleUsd: share * idleUsd,
      pool: {
        venueIndex,
        // A settlement coin's daily moves against the unit are nothing beside its jumps.
        volatilityAnnual: 0,
        jump: jumpOf(book.policy.risk, coin, book.snapshot.observedAtMs),
      },
    }));
  });
}

/** Coins in which the venue's instruments settle, by what of each is in the wallet; all in the first where that is nothing. */
export function sharesByCoin(
  book: Book,
  { venue, account }: BookVenue,
): readonly { readonly coin: string; readonly share: number }[] {
  const quotes = book.instruments
    .filter((each) => each.instrument.venue === venue)
    .map((each) => each.instrument.quoteCoin);
  const coins = [...new Set(quotes)];
  const { unit } = book.snapshot;
  const values = coins.map((coin) => {
    const usd = unit.kind === 'known' ? (unit.usdByCoin[coin] ?? 0) : 0;
    const wallet = account.coins.find((each) => each.coin === coin)?.wallet ?? '0';
    return Math.max(0, Number(wallet)) * usd;
  });
  const total = values.reduce((sum, value) => sum + value, 0);
  if (total === 0) return coins.slice(0, 1).map((coin) => ({ coin, share: 1 }));
  return coins.flatMap((coin, at) => {
    const share = (values[at] ?? 0) / total;
    return share > 0 ? [{ coin, share }] : [];
  });
}
