/** What differs between venues, as data: everything that one exchange adapter needs to know of a ccxt class. */

import type { RateLimit } from '../transport/limiter.ts';
import type { DemoHeader } from '../transport/origins.ts';

export type CodeRules = {
  /** The client id is taken: the order exists. */
  readonly duplicate: readonly string[];
  /** Refused for certain, though ccxt's error class alone does not say so. */
  readonly refused: readonly string[];
  /** The outcome is open, though ccxt's error class says refused. */
  readonly open: readonly string[];
  /** Of a cancel: there is nothing left to cancel. */
  readonly gone: readonly string[];
  /** Of a setting: it was so already. */
  readonly unchanged: readonly string[];
};

/** Where `fetchBalance().info` holds the account's figures in USD, as paths; null: summed from coins and positions. */
export type AccountPaths = {
  readonly equityUsd: readonly (string | number)[];
  readonly initialMarginUsd: readonly (string | number)[];
  readonly maintenanceMarginUsd: readonly (string | number)[];
};

export type Profile = {
  /** Options of the ccxt constructor. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Paper trading that is only a header on the live host. */
  readonly demoHeader: DemoHeader | null;
  /** Names of the ccxt fields that our key and secret fill. */
  readonly credentialFields: { readonly apiKey: string; readonly secret: string };
  /** Reads share no bucket with writes. */
  readonly readLimit: RateLimit;
  readonly writeLimit: RateLimit;
  readonly clientId: { encode(id: string): string; decode(id: string): string };
  /** Whether an order can be fetched by client id; `scan`: only by looking through open and past orders. */
  readonly lookUp: 'clientOrderId' | 'scan';
  /** Field of a trade's raw record that carries the client id; null: the order is fetched for it. */
  readonly tradeClientIdField: string | null;
  /** Whether an account can be in hedge mode at all. */
  readonly hedgeMode: 'possible' | 'never';
  readonly account: AccountPaths | null;
  readonly bookLevels: number;
  readonly barsMax: number;
  readonly fundingIntervalMs: number;
  readonly codes: CodeRules;
};

const HOUR_MS = 3_600_000;

/** The careful default: little is assumed, so that what cannot be known stays unknown. */
export const carefulProfile: Profile = {
  options: { options: { fetchMarkets: { types: ['spot', 'linear'] }, defaultType: 'swap' } },
  demoHeader: null,
  credentialFields: { apiKey: 'apiKey', secret: 'secret' },
  readLimit: { burst: 20, perSecond: 10, reserveShare: 0 },
  writeLimit: { burst: 5, perSecond: 5, reserveShare: 0.4 },
  clientId: { encode: (id) => id, decode: (id) => id },
  lookUp: 'scan',
  tradeClientIdField: null,
  hedgeMode: 'possible',
  account: null,
  bookLevels: 50,
  barsMax: 200,
  fundingIntervalMs: 8 * HOUR_MS,
  codes: { duplicate: [], refused: [], open: [], gone: [], unchanged: [] },
};
