/** The markets of the venue in memory, with their lots, ticks and fees. */
import { venueId } from '../../src/domain/ids.ts';
import type { Instrument } from '../../src/domain/instrument.ts';
import { statedInstrument } from '../statedInstrument.ts';

export const alpha = venueId('alpha');

const fees = { takerFeeRate: 0.0005, makerFeeRate: 0.0002 };
const instrument = (symbol: string, step: string, tick: string): Instrument =>
  statedInstrument({ venue: alpha, symbol, step, tick, ...fees });

export const instruments: readonly Instrument[] = [
  instrument('BTC/USDT:USDT', '0.001', '0.1'),
  instrument('ETH/USDT:USDT', '0.01', '0.01'),
  instrument('ETH/USDT', '0.0001', '0.01'),
  instrument('USDC/USDT', '0.01', '0.0001'),
  instrument('earn:USDC', '0.01', '1'),
];
