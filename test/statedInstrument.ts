/** An instrument as a venue states it, made of its symbol, lot, tick and fees: the kind and coins follow from the symbol. */
import { decimal } from '../src/domain/decimal.ts';
import { instrumentId } from '../src/domain/ids.ts';
import type { Instrument } from '../src/domain/instrument.ts';

type Stated = {
  readonly venue: Instrument['venue'];
  /** `BASE/QUOTE:SETTLE`, `BASE/QUOTE` or `earn:COIN`. */
  readonly symbol: string;
  /** Also the least quantity. */
  readonly step: string;
  readonly tick: string;
  /** Savings have none. */
  readonly takerFeeRate: number;
  readonly makerFeeRate: number;
};

/** Perpetuals have one tier, of maintenance 0.5 % at up to 100 times. */
export function statedInstrument(stated: Stated): Instrument {
  const { venue, symbol, step, tick } = stated;
  const [pair = '', settle = ''] = symbol.split(':');
  const isEarn = pair === 'earn';
  const isPerpetual = !isEarn && settle !== '';
  const [base = '', quote = ''] = isEarn ? [settle, settle] : pair.split('/');
  return {
    id: instrumentId(venue, symbol),
    venue,
    kind: isEarn ? 'earn' : isPerpetual ? 'perpetual' : 'spot',
    symbol,
    baseCoin: base,
    quoteCoin: quote,
    quantityStepBase: decimal(step),
    quantityMinBase: decimal(step),
    quantityMaxBase: null,
    priceTick: decimal(tick),
    notionalMinQuote: isEarn ? 0 : 5,
    takerFeeRate: isEarn ? 0 : stated.takerFeeRate,
    makerFeeRate: isEarn ? 0 : stated.makerFeeRate,
    tiers: isPerpetual
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
    fundingIntervalMs: isPerpetual ? 28_800_000 : 0,
    redemptionMs: 0,
  };
}
