/** What a venue says in its own way; the unified dialect asks ccxt's unified methods, others the venue's own endpoints. */
import type { DecimalText } from '../../domain/decimal.ts';
import type { CashEvent, Fill } from '../../domain/fill.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { OrderRecord } from '../../domain/order.ts';
import type { YieldReading } from '../../domain/snapshot.ts';
import type { AccountReading } from '../../domain/venue.ts';
import type { KeyPermissions, LookUpOutcome, VenueOrder } from '../../rebalance/ports/venue.ts';

/** Every function throws OperatingError where the venue does not answer. */
export type Dialect = {
  /** @param perpetuals the symbols in use: position modes are asked for them. */
  account(perpetuals: readonly string[]): Promise<AccountReading>;
  positions(): Promise<Readonly<Record<string, DecimalText>>>;
  openOrders(instruments: readonly Instrument[]): Promise<readonly VenueOrder[]>;
  lookUp(record: OrderRecord, instrument: Instrument): Promise<LookUpOutcome>;
  /** Ascending in time. */
  fills(instrument: Instrument, sinceMs: number): Promise<readonly Fill[]>;
  fillsOf(record: OrderRecord, instrument: Instrument): Promise<readonly Fill[]>;
  cashEvents(instruments: readonly Instrument[], sinceMs: number): Promise<readonly CashEvent[]>;
  permissions(): Promise<KeyPermissions>;
  prepare(instruments: readonly Instrument[], leverage: number): Promise<void>;
  cancelAll(instruments: readonly Instrument[]): Promise<number>;
  /** Parameters that name an order to `cancelOrder` when only its client id is known. */
  cancelParams(record: OrderRecord): Readonly<Record<string, unknown>>;
  readonly earn: EarnDialect | null;
};

/** Coins lent to the venue. */
export type EarnDialect = {
  /** Whether this process has asked for a product. */
  isInUse(): boolean;
  instrument(coin: string): Promise<Instrument>;
  yield(instrument: Instrument): Promise<YieldReading>;
  /** Signed and sent once, until `untilMs` or not at all; throws what ccxt throws. @returns the venue's order id. */
  place(record: OrderRecord, untilMs: number): Promise<unknown>;
  orderIdIn(answer: unknown): string;
  positions(): Promise<Readonly<Record<string, DecimalText>>>;
  openOrders(): Promise<readonly VenueOrder[]>;
  lookUp(record: OrderRecord): Promise<LookUpOutcome>;
  fills(instrument: Instrument, sinceMs: number): Promise<readonly Fill[]>;
  fillsOf(record: OrderRecord): Promise<readonly Fill[]>;
};
