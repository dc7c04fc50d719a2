/** A leg: a stream of returns with exposures to instruments. The universe is the ordered list of legs. */
import { type InstrumentId, instrumentId, type LegId, type VenueId } from './ids.ts';

type LegBase = {
  readonly id: LegId;
  readonly venue: VenueId;
  /** Nested by slashes; null: none. */
  readonly group: string | null;
  /** Share of the risk before normalising; null: equal within its group or the book. */
  readonly budget: number | null;
};

/** Coins that lie elsewhere, such as a treasury's, and are hedged here. */
export type HedgedHolding = {
  readonly coin: string;
  readonly quantityBase: number;
  readonly at: string;
};

export type PerpetualLeg = LegBase & {
  readonly kind: 'perpetual';
  readonly symbol: string;
  readonly direction: 'long' | 'short';
  /** A hedge of it: sized by it, outside the budgets and the volatility of the book. */
  readonly hedge?: HedgedHolding;
};
/** Long spot, short perpetual of the same coin. */
export type CarryLeg = LegBase & {
  readonly kind: 'carry';
  readonly spot: string;
  readonly perpetual: string;
};
/** A stablecoin lent to the venue in its earn product. */
export type LendingLeg = LegBase & { readonly kind: 'lending'; readonly coin: string };
/** A stablecoin that pays its holder, bought spot. */
export type StableLeg = LegBase & {
  readonly kind: 'stable';
  readonly symbol: string;
  /** Credited to holders; venues publish no figure, so the config states one. */
  readonly yieldAnnual: number;
};
export type Leg = PerpetualLeg | CarryLeg | LendingLeg | StableLeg;
export type LegKind = Leg['kind'];

/** Units of the instrument's base value per unit of the leg: +1 long, -1 short. */
export type Exposure = {
  readonly instrument: InstrumentId;
  readonly symbol: string;
  readonly sign: 1 | -1;
};

export const earnSymbol = (coin: string): string => `earn:${coin}`;

/** What one unit of the leg holds, in the order in which it is bought. */
export function exposures(leg: Leg): readonly Exposure[] {
  const one = (symbol: string, sign: 1 | -1): Exposure => ({
    instrument: instrumentId(leg.venue, symbol),
    symbol,
    sign,
  });
  switch (leg.kind) {
    case 'perpetual':
      return [one(leg.symbol, leg.direction === 'long' ? 1 : -1)];
    case 'carry':
      return [one(leg.spot, 1), one(leg.perpetual, -1)];
    case 'lending':
      return [one(earnSymbol(leg.coin), 1)];
    case 'stable':
      return [one(leg.symbol, 1)];
  }
}

/** Whether a group is another one or lies inside it: `crypto/majors` lies inside `crypto`. */
export const isWithin = (group: string, around: string): boolean =>
  group === around || group.startsWith(`${around}/`);

/** True where the leg ties up its whole notional in cash. */
export const isFunded = (leg: Leg): boolean => leg.kind !== 'perpetual';

/** What the leg hedges; null: it is one of the book's own. */
export const hedgedBy = (leg: Leg | undefined): HedgedHolding | null =>
  leg?.kind === 'perpetual' ? (leg.hedge ?? null) : null;
