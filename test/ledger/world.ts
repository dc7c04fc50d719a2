/** Instruments and fills for the ledger's tests. */
import { type DecimalText, decimal } from '../../src/domain/decimal.ts';
import type { Fill } from '../../src/domain/fill.ts';
import { instrumentId, legId, venueId } from '../../src/domain/ids.ts';
import type { Instrument, InstrumentKind } from '../../src/domain/instrument.ts';

export const alpha = venueId('alpha');
export const a = legId('a');
export const b = legId('b');
export const c = legId('c');

const instrument = (
  kind: InstrumentKind,
  symbol: string,
  baseCoin: string,
  quoteCoin: string,
): Instrument => ({
  id: instrumentId(alpha, symbol),
  venue: alpha,
  kind,
  symbol,
  baseCoin,
  quoteCoin,
  quantityStepBase: decimal('0.001'),
  quantityMinBase: decimal('0.001'),
  quantityMaxBase: null,
  priceTick: decimal('0.1'),
  notionalMinQuote: 5,
  takerFeeRate: 0.00055,
  makerFeeRate: 0.0002,
  tiers: [],
  fundingIntervalMs: kind === 'perpetual' ? 28_800_000 : 0,
  redemptionMs: 0,
});

export const perpetual = instrument('perpetual', 'ETH/USDT:USDT', 'ETH', 'USDT');
export const spot = instrument('spot', 'ETH/USDT', 'ETH', 'USDT');
export const earn = instrument('earn', 'earn:USDC', 'USDC', 'USDC');

export const fillOf = (
  of: Instrument,
  fillId: string,
  signedBase: string | number,
  price: string | number,
  fee: { readonly amount: DecimalText; readonly coin: string } = {
    amount: decimal(0),
    coin: 'USDT',
  },
): Fill => ({
  fillId,
  venue: of.venue,
  instrument: of.id,
  clientOrderId: null,
  venueOrderId: `order-${fillId}`,
  side: Number(signedBase) >= 0 ? 'buy' : 'sell',
  quantityBase: decimal(String(signedBase).replace('-', '')),
  price: decimal(price),
  fee: fee.amount,
  feeCoin: fee.coin,
  isMaker: false,
  filledAtMs: 1_000,
});
