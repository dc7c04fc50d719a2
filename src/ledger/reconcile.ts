/**
 * The book against the venue: where they differ by more than rounding.
 *
 * Tolerances: half a lot for quantities, a cent for a coin's wallet. A coin without a price must agree to 1e-8: what is
 * not known is no excuse. A query that failed is not a reading: the caller has none to pass.
 */
import {
  absolute,
  add,
  compare,
  type DecimalText,
  decimal,
  divide,
  subtract,
  zero,
} from '../domain/decimal.ts';
import type { VenueId } from '../domain/ids.ts';
import type { CoinBalance } from '../domain/venue.ts';
import { type Book, positionOf, venueWallet } from './book.ts';

export type VenueReading = {
  readonly venue: VenueId;
  /** Signed, perpetuals and earn products; a symbol that is not there is flat. */
  readonly positions: Readonly<Record<string, DecimalText>>;
  readonly coins: readonly Pick<CoinBalance, 'coin' | 'wallet'>[];
  /** Lot per symbol; a symbol without one must agree exactly. */
  readonly quantityStepBase: Readonly<Record<string, DecimalText>>;
  readonly usdByCoin: Readonly<Record<string, number>>;
};

export type PositionOrWallet = {
  readonly venue: VenueId;
  readonly kind: 'position' | 'wallet';
  /** Symbol, or coin. */
  readonly subject: string;
  readonly ledger: DecimalText;
  readonly venueSays: DecimalText;
};

const centUsd = 0.01;
const unpricedTolerance = decimal('0.00000001');

const coinTolerance = (usd: number | undefined): DecimalText =>
  usd === undefined || !(usd > 0) ? unpricedTolerance : divide(centUsd, usd);

const differs = (found: PositionOrWallet, tolerance: DecimalText): boolean =>
  compare(absolute(subtract(found.ledger, found.venueSays)), tolerance) > 0;

/** What differs, positions first: they are to be settled before the wallets, whose cost they are part of. */
export function reconcile(book: Book, reading: VenueReading): readonly PositionOrWallet[] {
  const { venue, positions, coins, quantityStepBase, usdByCoin } = reading;
  const ours = [...book.balances.values()].filter((one) => one.venue === venue);
  const booked = (accounts: readonly string[]): readonly string[] =>
    ours.filter((one) => accounts.includes(one.account)).map((one) => one.commodity);

  const symbols = new Set([...booked(['position']), ...Object.keys(positions)]);
  const byPosition = [...symbols].sort().map(
    (subject): PositionOrWallet => ({
      venue,
      kind: 'position',
      subject,
      ledger: positionOf(book, venue, subject),
      venueSays: positions[subject] ?? zero,
    }),
  );
  const wallets = new Map<string, DecimalText>();
  for (const { coin, wallet } of coins) {
    wallets.set(coin, add(wallets.get(coin) ?? zero, wallet));
  }
  const names = new Set([...booked(['wallet', 'contracts']), ...wallets.keys()]);
  const byCoin = [...names].sort().map(
    (subject): PositionOrWallet => ({
      venue,
      kind: 'wallet',
      subject,
      ledger: venueWallet(book, venue, subject),
      venueSays: wallets.get(subject) ?? zero,
    }),
  );
  return [
    ...byPosition.filter((one) => differs(one, half(quantityStepBase[one.subject]))),
    ...byCoin.filter((one) => differs(one, coinTolerance(usdByCoin[one.subject]))),
  ];
}

const half = (step: DecimalText | undefined): DecimalText =>
  step === undefined ? zero : divide(step, 2);
