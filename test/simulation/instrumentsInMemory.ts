/** The markets of the venue in memory, with its lots, ticks, fees and one tier. */
import { decimal } from '../../src/domain/decimal.ts';
import { instrumentId, venueId } from '../../src/domain/ids.ts';
import type { Instrument, InstrumentKind } from '../../src/domain/instrument.ts';

export const alpha = venueId('alpha');

const instrument = (
  kind: InstrumentKind,
  symbol: string,
  step: string,
  tick: string,
): Instrument => {
  const [pair = '', settle] = symbol.split(':');
  const [base = '', quote = ''] = kind === 'earn' ? [settle, settle] : pair.split('/');
  return {
    id: instrumentId(alpha, symbol),
    venue: alpha,
    kind,
    symbol,
    baseCoin: base ?? '',
    quoteCoin: quote ?? '',
    quantityStepBase: decimal(step),
    quantityMinBase: decimal(step),
    quantityMaxBase: null,
    priceTick: decimal(tick),
    notionalMinQuote: kind === 'earn' ? 0 : 5,
    takerFeeRate: kind === 'earn' ? 0 : 0.0005,
    makerFeeRate: kind === 'earn' ? 0 : 0.0002,
    tiers:
      kind === 'perpetual'
        ? [
            {
              floorUsd: 0,
              capUsd: null,
              maintenanceMarginRate: 0.005,
              deductionUsd: 0,
              leverageMax: 100,
            },
          ]
        : [],
    fundingIntervalMs: kind === 'perpetual' ? 28_800_000 : 0,
    redemptionMs: 0,
  };
};

export const instruments: readonly Instrument[] = [
  instrument('perpetual', 'BTC/USDT:USDT', '0.001', '0.1'),
  instrument('perpetual', 'ETH/USDT:USDT', '0.01', '0.01'),
  instrument('spot', 'ETH/USDT', '0.0001', '0.01'),
  instrument('spot', 'USDC/USDT', '0.01', '0.0001'),
  instrument('earn', 'earn:USDC', '0.01', '1'),
];
