/** Why an order may not be sent: a stable code, which is a metric label and a ledger value, with its numbers. */
import type { InstrumentId } from './ids.ts';

export const denialCodes = {
  HALTED: 'trading is halted by a person or by a limit',
  NO_INCREASE: 'the margin guard forbids increases at this moment',
  NOT_RECONCILED: 'the ledger and the venue disagree',
  STALE_DATA: 'an input is older than the limit, or was never read',
  CLOCK_SKEW: 'the venue’s clock and ours differ by more than the limit',
  HEDGE_MODE: 'the account is in hedge mode; one-way mode is required',
  VENUE_RESTRICTED: 'the venue’s state forbids new risk, or is unknown',
  RESTRICTED_INSTRUMENT: 'the instrument is on the restricted list',
  PRICE_COLLAR: 'the limit price is further from the mark than the collar',
  ORDER_VALUE: 'the order’s value is above the limit',
  ORDER_VOLUME: 'the order is too large for the depth of the book',
  MESSAGE_RATE: 'too many orders in the last minute',
  REPEATED_EXECUTION: 'the same order was repeated too often without a fill',
  UNKNOWN_ORDER: 'an order in this instrument has an unknown outcome',
  FOREIGN_ORDER: 'somebody else trades this instrument in the same account',
  GROSS_LEVERAGE: 'gross leverage after the trade would exceed the limit',
  CONCENTRATION: 'one leg would hold too large a share of the equity',
  INSUFFICIENT_CASH: 'the wallet does not hold what the order needs',
  INITIAL_MARGIN: 'initial margin after the trade would exceed its share of equity',
  STRESSED_MARGIN: 'under stress the venue would fall below maintenance × buffer',
  LIQUIDATION_DISTANCE: 'the liquidation price would be too near',
  DRAWDOWN: 'equity is too far under its peak',
  DAILY_LOSS: 'today’s loss is above the limit',
  DEADLINE: 'the decision’s deadline has passed',
  NOTHING_TO_REDUCE: 'the order only reduces, and there is no position to reduce',
} as const;

export type DenialCode = keyof typeof denialCodes;

export type Denial = {
  readonly code: DenialCode;
  /** null: it concerns the whole plan. */
  readonly instrument: InstrumentId | null;
  /** Ends in ", was X". */
  readonly message: string;
  readonly limit: number | null;
  readonly found: number | null;
};
