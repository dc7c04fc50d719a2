/** The venue: reads of one account, and the writes that only an approved order may make. */
import type { ApprovedOrder } from '../../checks/approvedOrder.ts';
import type { DecimalText } from '../../domain/decimal.ts';
import type { CashEvent, Fill } from '../../domain/fill.ts';
import type { ClientOrderId, InstrumentId } from '../../domain/ids.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { OrderRecord } from '../../domain/order.ts';
import type { FundingReading, Quote, YieldReading } from '../../domain/snapshot.ts';
import type { AccountReading, VenueIdentity } from '../../domain/venue.ts';
import type { ChainReading, VenueFigures } from '../../signals/solvency/figures.ts';
import type { SignalsReader } from './signals.ts';

export type Bar = { readonly openMs: number; readonly close: number };
export type FundingStamp = { readonly atMs: number; readonly rate: number };

/** What the venue says of its own soundness; undefined fields are not offered there. */
export type VenueSigns = {
  /** `notOffered`: the venue has no such call; `unknown`: it said nothing that can be read. */
  readonly status: 'ok' | 'maintenance' | 'unknown' | 'notOffered';
  /** Coins whose withdrawals are all switched off; null: the venue does not say. */
  readonly withdrawalsHalted: readonly string[] | null;
  /** Of the same coins, each chain with its fee; not there: the venue does not say. */
  readonly chains?: readonly ChainReading[];
  readonly observedAtMs: number;
};

export type KeyPermissions = { readonly trade: boolean; readonly withdraw: boolean | 'unknown' };

/** Reads of one venue account. Each throws OperatingError when the venue does not answer. */
export type VenueReader = VenueIdentity & {
  /** Loads what the symbols name. @throws OperatingError, not retryable, for an unknown symbol. */
  instruments(symbols: readonly string[]): Promise<readonly Instrument[]>;
  quote(instrument: Instrument): Promise<Quote>;
  funding(instrument: Instrument): Promise<FundingReading>;
  yield(instrument: Instrument): Promise<YieldReading>;
  account(): Promise<AccountReading>;
  /** Signed positions of perpetuals and earn products, by symbol; a symbol that is not there is flat. */
  positions(): Promise<Readonly<Record<string, DecimalText>>>;
  /** Our own resting orders and foreign ones. */
  openOrders(instruments: readonly Instrument[]): Promise<readonly VenueOrder[]>;
  fills(instruments: readonly Instrument[], sinceMs: number): Promise<readonly Fill[]>;
  cashEvents(instruments: readonly Instrument[], sinceMs: number): Promise<readonly CashEvent[]>;
  /** @param coins whose withdrawals are looked at. */
  signs(coins: readonly string[]): Promise<VenueSigns>;
  /** What else tells of its soundness, each figure read, unknown or not offered; not there: nothing. @param coins to compare. */
  figures?(coins: readonly string[]): Promise<VenueFigures>;
  permissions(): Promise<KeyPermissions>;
  /** Venue's clock minus ours, the round trip halved. */
  clockOffsetMs(): Promise<number>;
  /** Whole bars with sinceMs ≤ open, oldest first, at most one page. */
  bars(
    instrument: Instrument,
    kind: 'last' | 'mark',
    sinceMs: number,
    barMs: number,
  ): Promise<readonly Bar[]>;
  fundingHistory(instrument: Instrument, sinceMs: number): Promise<readonly FundingStamp[]>;
  /** What the markets say beside prices; not there where nobody asks for it. */
  readonly signals?: SignalsReader;
};

export type VenueOrder = {
  readonly clientOrderId: ClientOrderId | null;
  readonly venueOrderId: string;
  readonly instrument: InstrumentId;
  readonly state: 'working' | 'filled' | 'cancelled' | 'rejected' | 'expired';
  readonly quantityBase: DecimalText;
  readonly filledBase: DecimalText;
  readonly createdAtMs: number;
};

export type SendOutcome =
  | { readonly kind: 'accepted'; readonly venueOrderId: string }
  /** The client id is taken: the order exists. */
  | { readonly kind: 'exists' }
  | { readonly kind: 'rejected'; readonly code: string; readonly message: string }
  /** It may have arrived. */
  | { readonly kind: 'unknown'; readonly reason: string };

export type LookUpOutcome =
  | { readonly kind: 'found'; readonly order: VenueOrder }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown'; readonly reason: string };

export type CancelOutcome =
  | { readonly kind: 'cancelled' }
  /** Filled, cancelled or never there: look it up. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Between wallets of one venue, by ccxt's unified names: spot, swap, funding, trading. */
export type WalletTransfer = {
  readonly coin: string;
  readonly amount: DecimalText;
  readonly from: string;
  readonly to: string;
};

export type VenueTransfer = WalletTransfer & {
  /** The venue's own; it need not be what sending answered. */
  readonly transferId: string;
  /** null: the venue takes none, or it was not ours. */
  readonly clientOrderId: ClientOrderId | null;
  readonly state: 'done' | 'pending' | 'failed';
  readonly atMs: number;
};

/** Moves coins between the wallets of one venue account. */
export type TransferGateway = {
  /** So long beyond the receive window the venue may still take a request that is late: until then one is not absent. */
  readonly lateMsMax: number;
  /** Never throws for what the venue answers. @param askedAtMs as for an order's `send`. */
  send(record: OrderRecord, transfer: WalletTransfer, askedAtMs?: number): Promise<SendOutcome>;
  /** The venue's own history, ascending in time. @throws OperatingError */
  list(coin: string, sinceMs: number): Promise<readonly VenueTransfer[]>;
  /** What may be moved, by wallet. @throws OperatingError */
  free(coin: string): Promise<Readonly<Record<string, DecimalText>>>;
};

/** Writes to one venue account. Nothing but an approved order goes in. Never throws for what the venue answers. */
export type OrderGateway = {
  /** @param askedAtMs when its sender asked for leave: what the request is signed with; absent: now. */
  send(order: ApprovedOrder, record: OrderRecord, askedAtMs?: number): Promise<SendOutcome>;
  lookUp(record: OrderRecord, instrument: Instrument): Promise<LookUpOutcome>;
  /** @param askedAtMs as for `send`. */
  cancel(record: OrderRecord, instrument: Instrument, askedAtMs?: number): Promise<CancelOutcome>;
  /** Fills of one order. */
  fills(record: OrderRecord, instrument: Instrument): Promise<readonly Fill[]>;
  /** How long it keeps an order that ended without a fill; not there: nobody says. */
  readonly forgetsAfterMs?: number;
  /** How far back it lists fills; not there: nobody says. */
  readonly fillsListedMs?: number;
  /** Everything that rests at the venue, ours or not. @returns how many were cancelled. */
  cancelAll(instruments: readonly Instrument[]): Promise<number>;
  /**
   * The venue's dead-man switch: cancels all that rests unless it is armed again within this time; the venue may round it
   * up. Not there where the venue has none over HTTP. @throws OperatingError where it was not armed.
   */
  readonly deadMan?: (timeoutMs: number) => Promise<void>;
  /** Not there where the account is one wallet. */
  readonly transfers?: TransferGateway;
  /** Reads first, sets only what differs: one-way mode, cross margin, leverage. */
  prepare(instruments: readonly Instrument[], leverage: number): Promise<void>;
};

export type Venue = { readonly reader: VenueReader; readonly gateway: OrderGateway };
