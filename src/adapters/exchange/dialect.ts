/** What a venue says in its own way; the unified dialect asks ccxt's unified methods, others the venue's own endpoints. */
import type { DecimalText } from '../../domain/decimal.ts';
import type { CashEvent, Fill } from '../../domain/fill.ts';
import type { Instrument, MarginTier } from '../../domain/instrument.ts';
import type { OrderRecord } from '../../domain/order.ts';
import type { YieldReading } from '../../domain/snapshot.ts';
import type { AccountReading } from '../../domain/venue.ts';
import type {
  KeyPermissions,
  LookUpOutcome,
  TransferGateway,
  VenueOrder,
} from '../../rebalance/ports/venue.ts';
import type { WriteOptions } from './session.ts';
import type { Market } from './unified/market.ts';

/** Every function throws OperatingError where the venue does not answer. */
export type Dialect = {
  /** @param perpetuals the symbols in use: position modes are asked for them. */
  account(perpetuals: readonly string[]): Promise<AccountReading>;
  positions(): Promise<Readonly<Record<string, DecimalText>>>;
  openOrders(instruments: readonly Instrument[]): Promise<readonly VenueOrder[]>;
  lookUp(record: OrderRecord, instrument: Instrument): Promise<LookUpOutcome>;
  /** Ascending in time. */
  fills(instrument: Instrument, sinceMs: number): Promise<readonly Fill[]>;
  /** Of several at once, where the venue lists them together. */
  fillsOfAll?(instruments: readonly Instrument[], sinceMs: number): Promise<readonly Fill[]>;
  fillsOf(record: OrderRecord, instrument: Instrument): Promise<readonly Fill[]>;
  cashEvents(instruments: readonly Instrument[], sinceMs: number): Promise<readonly CashEvent[]>;
  permissions(): Promise<KeyPermissions>;
  prepare(instruments: readonly Instrument[], leverage: number): Promise<void>;
  cancelAll(instruments: readonly Instrument[]): Promise<number>;
  /** One request, by the venue's id or by ours; throws what ccxt throws. */
  cancel(record: OrderRecord): Promise<void>;
  /** Cancels all that rests unless it is called again within this time; not there where the venue cannot. */
  readonly deadMan?: (timeoutMs: number) => Promise<void>;
  /** The account's own rates, where ccxt's unified ones are not to be had or wrong. */
  fees?(market: Market): Promise<FeeRates>;
  /** Where ccxt has no unified form of them. */
  tiers?(market: Market): Promise<readonly MarginTier[]>;
  /** Mark and index of a perpetual, where ccxt's ticker has none. */
  readonly marks?: (
    market: Market,
  ) => Promise<{ readonly mark: number; readonly index: number | null }>;
  /** Not there where the account is one wallet. */
  readonly transfers?: TransferGateway;
  readonly earn: EarnDialect | null;
};

export type FeeRates = { readonly taker: number; readonly maker: number };

/** Coins lent to the venue. */
export type EarnDialect = {
  /** Whether this process has asked for a product. */
  isInUse(): boolean;
  instrument(coin: string): Promise<Instrument>;
  yield(instrument: Instrument): Promise<YieldReading>;
  /** Signed and sent once; throws what ccxt throws. */
  place(record: OrderRecord, options: WriteOptions): Promise<unknown>;
  orderIdIn(answer: unknown): string;
  positions(): Promise<Readonly<Record<string, DecimalText>>>;
  openOrders(): Promise<readonly VenueOrder[]>;
  lookUp(record: OrderRecord): Promise<LookUpOutcome>;
  fills(instrument: Instrument, sinceMs: number): Promise<readonly Fill[]>;
  fillsOf(record: OrderRecord): Promise<readonly Fill[]>;
};
