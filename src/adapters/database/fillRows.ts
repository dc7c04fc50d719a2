/** Fills as rows: kept beside the entries that they became. */
import { decimal } from '../../domain/decimal.ts';
import type { Fill } from '../../domain/fill.ts';
import { type InstrumentId, readClientOrderId, venueId } from '../../domain/ids.ts';
import type { FillRow } from './schema.ts';

export const writeFill = (portfolio: string, fill: Fill): Omit<FillRow, 'sequence'> => ({
  portfolio,
  venue: fill.venue,
  instrument: fill.instrument,
  fill_id: fill.fillId,
  client_order_id: fill.clientOrderId,
  venue_order_id: fill.venueOrderId,
  side: fill.side,
  quantity_base: fill.quantityBase,
  price: fill.price,
  fee: fill.fee,
  fee_coin: fill.feeCoin,
  is_maker: fill.isMaker,
  filled_at_ms: fill.filledAtMs,
});

export const readFill = (row: Omit<FillRow, 'sequence'>): Fill => ({
  fillId: row.fill_id,
  venue: venueId(row.venue),
  instrument: row.instrument as InstrumentId,
  clientOrderId: row.client_order_id === null ? null : readClientOrderId(row.client_order_id),
  venueOrderId: row.venue_order_id,
  side: row.side as Fill['side'],
  quantityBase: decimal(row.quantity_base),
  price: decimal(row.price),
  fee: decimal(row.fee),
  feeCoin: row.fee_coin,
  isMaker: row.is_maker,
  filledAtMs: row.filled_at_ms,
});
