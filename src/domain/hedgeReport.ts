/** What the hedge overlay does for one coin that lies elsewhere: planned, held, and how well it worked. */
import type { LegId } from './ids.ts';

export type HedgeReport = {
  readonly coin: string;
  readonly at: string;
  readonly quantityBase: number;
  /** The cheapest perpetual's leg, with its figures; null: no ratio is known, so what is held stays. */
  readonly chosen: {
    readonly leg: LegId;
    /** Minimum-variance: value sold per value held. */
    readonly ratio: number;
    /** Share of the holding's variance that the hedge should take. */
    readonly effectiveness: number;
    /** Funding, basis and trading of being short, a year, share of the notional; negative: it earns. */
    readonly costAnnual: number;
  } | null;
  /** Signed, of all perpetuals that hedge the coin. */
  readonly targetUsd: number;
  readonly heldUsd: number;
  readonly realised: RealisedEffectiveness;
};

export type RealisedEffectiveness =
  | {
      readonly kind: 'realised';
      readonly bars: number;
      /** 1 − Var(holding and hedge) ÷ Var(holding) over the bars with a hedge; negative: it added variance. */
      readonly effectiveness: number;
    }
  | { readonly kind: 'insufficientHistory'; readonly bars: number };
