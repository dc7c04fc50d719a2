/** The book as it is held now: the ledger's quantities and the newest accounts, at the marks of the last decision. */

import { grossUsd } from '../checks/portfolioFacts.ts';
import { add, type DecimalText, toNumber, zero } from '../domain/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import { observed } from '../domain/observed.ts';
import type { Policy } from '../domain/policy.ts';
import type { Snapshot, VenueObservation } from '../domain/snapshot.ts';
import type { Balance } from '../ledger/book.ts';
import { unitsOf } from '../ledger/commodity.ts';
import { liquidationDistanceShare, liquidationPriceUsd } from '../margin/liquidation.ts';
import { accountsAt, heldQuantities } from '../parity/sizing/accounts.ts';
import { type Book, readBook } from '../parity/sizing/book.ts';
import type { LiveFacts } from './status.ts';

export type HeldBook = {
  readonly equityUsd: number;
  readonly grossLeverage: number;
  readonly venues: ReadonlyMap<
    string,
    { readonly equityUsd: number; readonly liquidationDistanceShare: number | null }
  >;
};

/** null: something that it needs is not known. */
export function heldBook(
  snapshot: Snapshot,
  policy: Policy,
  balances: readonly Balance[],
  live: LiveFacts | null,
): HeldBook | null {
  const current: Snapshot = {
    ...snapshot,
    instruments: snapshot.instruments.map((one) => ({
      ...one,
      positionBase: observed(heldBase(balances, one.instrument), snapshot.observedAtMs),
    })),
    venues: snapshot.venues.map((venue) => withNewestEquity(venue, live)),
  };
  const reading = readBook(current, policy);
  if (reading.kind !== 'book') return null;
  const { book } = reading;
  const quantities = heldQuantities(book);
  const distances = new Map(
    accountsAt(book, quantities).map(({ venue, account }) => [
      venue,
      account.positions
        .map((position, index) =>
          liquidationDistanceShare(liquidationPriceUsd(account, index), position.markPriceUsd),
        )
        .reduce(nearer, null),
    ]),
  );
  const equity = isRead(snapshot, live) ? book : equityThen(snapshot, policy);
  if (equity === null) return null;
  return {
    equityUsd: equity.equityUsd,
    grossLeverage: grossUsd(book, quantities) / equity.equityUsd,
    venues: new Map(
      equity.venues.map(({ venue, equityUsd }) => [
        venue,
        { equityUsd, liquidationDistanceShare: distances.get(venue) ?? null },
      ]),
    ),
  };
}

const nearer = (a: number | null, b: number | null): number | null =>
  a === null || (b !== null && b < a) ? b : a;

function heldBase(balances: readonly Balance[], instrument: Instrument): DecimalText {
  const { kind, unit } = unitsOf(instrument.symbol);
  const account = kind === 'spot' ? 'wallet' : 'position';
  return balances
    .filter(
      (one) => one.venue === instrument.venue && one.account === account && one.commodity === unit,
    )
    .reduce<DecimalText>((sum, one) => add(sum, one.amount), zero);
}

const isRead = (snapshot: Snapshot, live: LiveFacts | null): boolean =>
  snapshot.venues.every(({ id }) => (live?.accounts.get(id)?.equityUsd ?? null) !== null);

/** Coins that were lent since would count twice beside an account that was read before. */
function equityThen(snapshot: Snapshot, policy: Policy): Book | null {
  const reading = readBook(snapshot, policy);
  return reading.kind === 'book' ? reading.book : null;
}

function withNewestEquity(venue: VenueObservation, live: LiveFacts | null): VenueObservation {
  const seen = live?.accounts.get(venue.id);
  if (seen === undefined || seen.equityUsd === null) return venue;
  if (venue.account.kind === 'unknown') return venue;
  return {
    ...venue,
    account: observed({ ...venue.account.value, equityUsd: seen.equityUsd }, seen.atMs),
  };
}

/** Net funding at a venue by the ledger, paid positive; null: a coin of it has no mark. */
export function fundingPaidUsd(
  balances: readonly Balance[],
  venue: string,
  usdByCoin: Readonly<Record<string, number>>,
): number | null {
  let paidUsd = 0;
  for (const { venue: at, account, commodity, amount } of balances) {
    if (at !== venue || account !== 'funding') continue;
    const usd = usdByCoin[commodity];
    if (usd === undefined) return null;
    paidUsd += toNumber(amount) * usd;
  }
  return paidUsd;
}
