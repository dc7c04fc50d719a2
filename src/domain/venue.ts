/** A venue: an exchange account in an environment, what it holds, and how sound it looks. */
import type { DecimalText } from './decimal.ts';
import type { VenueId } from './ids.ts';

export type Environment = 'simulated' | 'testnet' | 'demo' | 'live';
export type VenueState = 'healthy' | 'watch' | 'restrict' | 'exit' | 'unknown';

export type CoinBalance = {
  readonly coin: string;
  /** As the venue states it: realised, without open positions' gains. */
  readonly wallet: DecimalText;
  /** What an order may use now; earn holdings are not in it. */
  readonly free: DecimalText;
};

export type AccountReading = {
  /** In the venue's own USD index, open gains included, earn holdings not: those are positions of their own. */
  readonly equityUsd: number;
  readonly initialMarginUsd: number;
  readonly maintenanceMarginUsd: number;
  /** Equity after the venue's haircuts on collateral, which its maintenance is held against; left out where it states none. */
  readonly marginBalanceUsd?: number;
  /** Its own liquidation prices, by symbol, quote coin; left out where it states none. */
  readonly liquidationPrices?: Readonly<Record<string, number>>;
  readonly coins: readonly CoinBalance[];
  readonly positionMode: 'oneWay' | 'hedge';
  readonly marginMode: 'cross' | 'isolated' | 'unknown';
};

export type VenueHealth = {
  readonly state: VenueState;
  readonly defaultProbabilityAnnual: number;
  readonly evidence: readonly string[];
  readonly assessedAtMs: number;
};

export type VenueIdentity = {
  readonly id: VenueId;
  readonly exchange: string;
  readonly environment: Environment;
};
