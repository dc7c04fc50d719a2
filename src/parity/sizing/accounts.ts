/**
 * The venues' margin accounts as they would be with given quantities, and the stress that they are held against.
 *
 * Trading at the mark leaves an account's equity as it is; lending takes the coins out of it. Entry prices are the marks, so
 * open gains lie in the wallet. Spot coins are collateral that moves with its price.
 */
import { toNumber } from '../../domain/decimal.ts';
import type { InstrumentId, VenueId } from '../../domain/ids.ts';
import { exposures } from '../../domain/leg.ts';
import type { MarginAccount, MarginPosition } from '../../margin/account.ts';
import type { Collateral } from '../../margin/collateral.ts';
import { correctedTiers } from '../../margin/comparison.ts';
import {
  type StressedPrice,
  type StressScenario,
  stressScenarios,
} from '../../margin/scenarios.ts';
import { judgeStress, type StressVerdict, type VenueAccount } from '../../margin/stressVerdict.ts';
import { invariant } from '../../math/invariant.ts';
import type { Book, BookInstrument, BookVenue } from './book.ts';
import { collateralRatio, marginLeverage } from './capital.ts';
import { issuerCoin } from './riskInput.ts';

/** Base units per instrument; what is not named is not held. */
export type Quantities = ReadonlyMap<InstrumentId, number>;

export function heldQuantities(book: Book): Quantities {
  return new Map(book.instruments.map((each) => [each.instrument.id, toNumber(each.positionBase)]));
}

/** One account per venue, in the order of the snapshot. */
export function accountsAt(book: Book, quantities: Quantities): readonly VenueAccount[] {
  const pegs = pegCoins(book);
  return book.venues.map((venue) => {
    const own = book.instruments.filter((each) => each.instrument.venue === venue.venue);
    let equityUsd = venue.equityUsd;
    let coinsUsd = 0;
    const positions: MarginPosition[] = [];
    const collateral: Collateral[] = [];
    for (const each of own) {
      const quantity = quantities.get(each.instrument.id) ?? 0;
      if (each.markUsd === null || quantity === 0) continue;
      const valueUsd = quantity * each.markUsd;
      if (each.instrument.kind === 'earn') equityUsd -= valueUsd;
      if (each.instrument.kind === 'spot') {
        coinsUsd += valueUsd;
        const ratio = collateralRatio(pegs.has(each.instrument.baseCoin));
        const bands = [{ capQuantity: null, ratio }];
        collateral.push({
          coin: each.instrument.baseCoin,
          quantity,
          priceUsd: each.markUsd,
          bands,
        });
      }
      if (each.instrument.kind === 'perpetual')
        positions.push(position(book, each, quantity, venue));
    }
    const account: MarginAccount = {
      mode: 'cross',
      walletBalanceUsd: equityUsd - coinsUsd - venue.margin.correction.balanceUsd,
      collateral,
      positions,
    };
    return { venue: venue.venue, account };
  });
}

function position(
  book: Book,
  each: BookInstrument,
  quantityBase: number,
  venue: BookVenue,
): MarginPosition {
  const markUsd = each.markUsd ?? 0;
  const { symbol } = each.instrument;
  const { initialRatio, maintenanceRatio } = venue.margin.correction;
  const tiers = correctedTiers(each.instrument.tiers, maintenanceRatio);
  return {
    symbol,
    quantityBase,
    entryPriceUsd: markUsd,
    markPriceUsd: markUsd,
    leverage:
      marginLeverage(book.policy.sizing, tiers, Math.abs(quantityBase) * markUsd) / initialRatio,
    tiers,
  };
}

/** Stablecoins that a leg of the universe lends or holds for their peg. */
export function pegCoins(book: Book): ReadonlySet<string> {
  const coins = book.legs.map((leg) => issuerCoin(book, leg));
  return new Set(coins.filter((coin) => coin !== null));
}

/** The stress set of the policy over everything in the book that has a price. */
export function bookScenarios(book: Book): readonly StressScenario[] {
  const { sizing } = book.policy;
  const pegs = pegCoins(book);
  const prices = new Map<string, StressedPrice>();
  for (const each of book.instruments) {
    const { kind, symbol, baseCoin } = each.instrument;
    if (kind === 'earn') continue;
    if (kind === 'perpetual')
      prices.set(symbol, { key: symbol, class: 'coin', kind: 'derivative' });
    else {
      const stable = pegs.has(baseCoin);
      prices.set(baseCoin, { key: baseCoin, class: 'coin', kind: stable ? 'stablecoin' : 'coin' });
    }
  }
  const worst = worstMoves(book);
  const set = stressScenarios({
    prices: [...prices.values()],
    floors: {
      moveByClass: { coin: sizing.stressPerpetualShare },
      depegShare: sizing.stressStableShare,
      basisShare: sizing.stressBasisShare,
      worstDayRatio: sizing.worstDayMultiple,
    },
    worstDays: Object.keys(worst).length === 0 ? [] : [worst],
    venues: book.venues.map((venue) => venue.venue),
  });
  invariant(set.kind === 'scenarios', 'every class of the stress set has a floor');
  return set.scenarios;
}

/** Every perpetual's worst day, by symbol and by coin; as one joint move a member of the stress set. */
export function worstMoves(book: Book): Readonly<Record<string, number>> {
  const moves: Record<string, number> = {};
  for (const [index, leg] of book.legs.entries()) {
    const move = book.snapshot.worstDayByLeg[index] ?? null;
    if (leg.kind !== 'perpetual' || move === null) continue;
    const first = exposures(leg)[0];
    const held = first === undefined ? undefined : book.instrumentById.get(first.instrument);
    if (held === undefined) continue;
    for (const key of [held.instrument.symbol, held.instrument.baseCoin]) {
      moves[key] = Math.max(moves[key] ?? 0, Math.abs(move));
    }
  }
  return moves;
}

/** The stressed-margin rule for given quantities. @param only the venue that is judged; null: all. */
export function stressAt(
  book: Book,
  quantities: Quantities,
  scenarios: readonly StressScenario[],
  only: VenueId | null,
): StressVerdict {
  const accounts = accountsAt(book, quantities);
  const judged = only === null ? accounts : accounts.filter((each) => each.venue === only);
  return judgeStress(judged, scenarios, book.policy.sizing.stressedMarginBuffer);
}
