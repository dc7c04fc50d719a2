/** What a week of bars with volume says of a market: how much trades, how far it moves, and what a traded coin moves it by. */
import type { TradedSigns } from '../../domain/marketSignals.ts';
import { amihudPerUsd, kyleLambda } from './illiquidity.ts';

export type VolumeBar = {
  readonly open: number;
  readonly close: number;
  readonly volumeBase: number;
};

/** Of a market with fewer bars no day's volume is known. */
const BARS_MIN = 24;

/**
 * Without trades the side of a bar's volume is that of its move, so Kyle's lambda is one of bulk volume.
 *
 * @returns null below a day of hours.
 */
export function tradedSigns(hours: readonly VolumeBar[]): TradedSigns | null {
  if (hours.length < BARS_MIN) return null;
  const days = hours.length / 24;
  const returns = hours.map(({ open, close }) => close / open - 1);
  const volumesQuote = hours.map(({ volumeBase, close }) => volumeBase * close);
  const squares = returns.reduce((sum, each) => sum + each * each, 0);
  const changes = hours.map(({ open, close }) => close - open);
  return {
    volumeDailyQuote: volumesQuote.reduce((sum, each) => sum + each, 0) / days,
    volatilityDaily: Math.sqrt((squares / hours.length) * 24),
    amihudPerQuote: amihudPerUsd(returns, volumesQuote),
    kyleLambda: kyleLambda(
      changes,
      hours.map(({ volumeBase }, i) => Math.sign(changes[i] ?? 0) * volumeBase),
    ),
  };
}
