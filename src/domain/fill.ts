/** What a venue really did: fills, and changes of cash that are not fills. Both carry the venue's own id. */
import type { DecimalText } from './decimal.ts';
import type { ClientOrderId, InstrumentId, VenueId } from './ids.ts';

export type Fill = {
  /** The venue's execution id; for an earn order its order id. */
  readonly fillId: string;
  readonly venue: VenueId;
  readonly instrument: InstrumentId;
  /** null: not an order of ours. */
  readonly clientOrderId: ClientOrderId | null;
  readonly venueOrderId: string;
  /** Subscribing is buying the earn product, redeeming is selling it. */
  readonly side: 'buy' | 'sell';
  readonly quantityBase: DecimalText;
  readonly price: DecimalText;
  /** Positive: paid; negative: a rebate. */
  readonly fee: DecimalText;
  readonly feeCoin: string;
  readonly isMaker: boolean;
  /** The venue's own doing; left out for a trade that somebody ordered. */
  readonly forcedBy?: 'liquidation' | 'deleveraging';
  readonly filledAtMs: number;
};

export type CashEventKind =
  | 'funding'
  | 'yield'
  | 'interest'
  | 'deposit'
  | 'withdrawal'
  | 'liquidation'
  | 'other';

export type CashEvent = {
  /** The venue's own id of the record. */
  readonly eventId: string;
  readonly venue: VenueId;
  readonly kind: CashEventKind;
  /** The perpetual of a funding payment, the product of a yield; null otherwise. */
  readonly instrument: InstrumentId | null;
  readonly coin: string;
  /** Positive: received. */
  readonly amount: DecimalText;
  /** Where it was credited. */
  readonly account: 'wallet' | 'earn';
  readonly atMs: number;
};
