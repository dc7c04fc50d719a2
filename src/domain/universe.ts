/**
 * What the universe needs of each venue: the legs' instruments, and the spot markets in which a lent coin is bought.
 *
 * Cash at a venue is its settlement coin: that of its perpetuals, else the quote coin of its spot markets, else USDT.
 */
import { type InstrumentId, instrumentId, type VenueId } from './ids.ts';
import { exposures, type LendingLeg } from './leg.ts';
import type { Policy } from './policy.ts';

/** BASE/QUOTE or BASE/QUOTE:SETTLE; an earn product has neither. */
function coinsOf(symbol: string): { readonly quote: string; readonly settle: string } | null {
  const [pair = '', settle] = symbol.split(':');
  const quote = pair.split('/')[1];
  return quote === undefined ? null : { quote, settle: settle ?? quote };
}

/** The coin in which the venue's legs are paid for. */
export function cashCoin(policy: Policy, venue: VenueId): string {
  const symbols = policy.legs
    .filter((leg) => leg.venue === venue)
    .flatMap((leg) => exposures(leg).map((exposure) => exposure.symbol));
  const perpetual = symbols.find((symbol) => symbol.includes('/') && symbol.includes(':'));
  const first = perpetual ?? symbols.find((symbol) => symbol.includes('/'));
  return (first === undefined ? null : coinsOf(first)?.settle) ?? 'USDT';
}

/** Where a lending leg's coin is bought and sold back; null: it is the venue's cash already. */
export function fundingSpot(policy: Policy, leg: LendingLeg): InstrumentId | null {
  const cash = cashCoin(policy, leg.venue);
  return leg.coin === cash ? null : instrumentId(leg.venue, `${leg.coin}/${cash}`);
}

/** Symbols per venue, in universe order, each once: what the observer has to load and read. */
export function requiredSymbols(policy: Policy): Readonly<Record<string, readonly string[]>> {
  const byVenue: Record<string, readonly string[]> = {};
  const need = (venue: VenueId, symbol: string) => {
    const symbols = byVenue[venue] ?? [];
    byVenue[venue] = symbols.includes(symbol) ? symbols : [...symbols, symbol];
  };
  for (const leg of policy.legs) {
    for (const exposure of exposures(leg)) need(leg.venue, exposure.symbol);
    const cash = cashCoin(policy, leg.venue);
    if (leg.kind === 'lending' && leg.coin !== cash) need(leg.venue, `${leg.coin}/${cash}`);
  }
  return byVenue;
}

/** Coins that are to be worth a dollar: those that legs lend or hold for their peg, and the two that the book's unit is made of. */
export function stablecoinsOf(policy: Pick<Policy, 'legs'>): ReadonlySet<string> {
  const coins = policy.legs.flatMap((leg) => {
    if (leg.kind === 'lending') return [leg.coin];
    return leg.kind === 'stable' ? [leg.symbol.split('/')[0] ?? leg.symbol] : [];
  });
  return new Set(['USDT', 'USDC', ...coins]);
}
