/** What differs between venues, as data: everything that one exchange adapter needs to know of a ccxt class. */

import type { Fill } from '../../../domain/fill.ts';
import type { DemoHeader } from '../transport/origins.ts';
import type { TrafficRules } from '../transport/traffic.ts';

export type CodeRules = {
  /** The client id is taken: the order exists. */
  readonly duplicate: readonly string[];
  /** The same in words, where the code says any refusal. */
  readonly duplicateSaid?: RegExp;
  /** Refused for certain, though ccxt's error class alone does not say so. */
  readonly refused: readonly string[];
  /** The outcome is open, though ccxt's error class says refused. */
  readonly open: readonly string[];
  /** Of a cancel: there is nothing left to cancel. */
  readonly gone: readonly string[];
  /** Of a setting: it was so already. */
  readonly unchanged: readonly string[];
};

export type ClientIdRules = {
  readonly encode: (id: string) => string;
  readonly decode: (id: string) => string;
  /** Parameter of ccxt's `createOrder` that carries it. */
  readonly param: string;
  /** Field of a raw order that carries it, where ccxt does not read it; null: ccxt does. */
  readonly orderField: string | null;
  /** Field of a trade's raw record that carries it; null: the order is fetched for it. */
  readonly tradeField: string | null;
  /** What the venue does with an id that it has seen. */
  readonly repeated: 'refused' | 'refused while open' | 'taken again' | 'unknown';
};

/**
 * How a request that is late is refused: by a window that the class signs, a header with the last moment, a field of the
 * signed action, or a parameter of the order. `none`: it may arrive at any time.
 */
export type Lifetime =
  | { readonly kind: 'recvWindow' }
  | { readonly kind: 'header'; readonly name: string; readonly paths: RegExp }
  | { readonly kind: 'signedAction' }
  | { readonly kind: 'orderParam'; readonly name: string }
  | { readonly kind: 'none' };

export type Profile = {
  /** Options of the ccxt constructor. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The class still has a testnet's hosts, but its private calls are refused. */
  readonly isTestnetGone: boolean;
  /** Paper trading that is only a header on the live host. */
  readonly demoHeader: DemoHeader | null;
  /** Names of the ccxt fields that our key and secret fill. */
  readonly credentialFields: { readonly apiKey: string; readonly secret: string };
  readonly traffic: TrafficRules;
  readonly clientId: ClientIdRules;
  readonly lifetime: Lifetime;
  /** How much longer than the receive window it may take a transfer between wallets; the lifetime is of orders. */
  readonly transferLateMsMax: number;
  /** Whether an order can be fetched by client id; `scan`: only by looking through open and past orders. */
  readonly lookUp: 'clientOrderId' | 'scan';
  /** How long an order that ended without a fill can be looked up, from its making on; null: not documented. */
  readonly forgetsAfterMs: number | null;
  /** How far back its list of fills goes; null: not documented. */
  readonly fillsListedMs: number | null;
  /** What ccxt's amounts of a contract market are; `base`: coins, whatever its contract size says. */
  readonly amounts: 'contracts' | 'base';
  /** Trades of one answer at most, whichever end of the window the venue fills first. */
  readonly tradesPage: number;
  /** Parameter that ends a window of trades. */
  readonly tradesUntil: string;
  /** Whether that many are of the market that was asked for, or of all that the account traded. */
  readonly tradesOf: 'market' | 'account';
  /** Of a trade's raw record and its order's client id: whether the venue itself ordered it; null: no. */
  readonly forcedBy: (
    info: Readonly<Record<string, unknown>>,
    clientId: string | null,
  ) => NonNullable<Fill['forcedBy']> | null;
  /** Whether an account can be in hedge mode at all. */
  readonly hedgeMode: 'possible' | 'never';
  /** Whether cross margin is a mode of the account or market, or said with each order or leverage. */
  readonly marginMode: 'set' | 'stated';
  /** Whether an order that only reduces may be smaller than the market's least value. */
  readonly reducesBelowMinimum: boolean;
  readonly bookLevels: number;
  readonly barsMax: number;
  readonly fundingIntervalMs: number;
  /** Funding accrues all the time instead of at stamps. */
  readonly isFundingContinuous: boolean;
  readonly fundingHistory: {
    /** Settlements of one answer at most. */
    readonly page: number;
    /** Parameter that ends the window after so many intervals; null: the venue fills it from its beginning. */
    readonly until: { readonly name: string; readonly spanMs: number } | null;
  };
  readonly codes: CodeRules;
};

const HOUR_MS = 3_600_000;

/** The careful default: little is assumed, so that what cannot be known stays unknown. */
export const carefulProfile: Profile = {
  // Which markets are loaded is left to the class: the names of their types differ between classes.
  options: { options: { defaultType: 'swap' } },
  isTestnetGone: false,
  demoHeader: null,
  credentialFields: { apiKey: 'apiKey', secret: 'secret' },
  traffic: {
    limits: {
      orders: { burst: 5, perSecond: 5, reserveShare: 0.4 },
      cancels: 'orders',
      account: { burst: 20, perSecond: 10, reserveShare: 0.2 },
      market: { burst: 20, perSecond: 10, reserveShare: 0 },
    },
    endpoints: [],
    usage: [],
    banMsByStatus: { 418: 120_000 },
  },
  clientId: {
    encode: (id) => id,
    decode: (id) => id,
    param: 'clientOrderId',
    orderField: null,
    tradeField: null,
    repeated: 'unknown',
  },
  lifetime: { kind: 'none' },
  // As long as networks keep packets.
  transferLateMsMax: 120_000,
  lookUp: 'scan',
  forgetsAfterMs: null,
  fillsListedMs: null,
  amounts: 'contracts',
  tradesPage: 50,
  tradesOf: 'market',
  tradesUntil: 'until',
  forcedBy: () => null,
  hedgeMode: 'possible',
  marginMode: 'set',
  reducesBelowMinimum: false,
  bookLevels: 50,
  barsMax: 200,
  fundingIntervalMs: 8 * HOUR_MS,
  isFundingContinuous: false,
  fundingHistory: { page: 100, until: { name: 'until', spanMs: 100 * HOUR_MS } },
  codes: { duplicate: [], refused: [], open: [], gone: [], unchanged: [] },
};
