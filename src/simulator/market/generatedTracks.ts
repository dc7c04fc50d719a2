/** The generated instruments: each a track that answers candles, hour shapes and premiums out of the world's state. */

import {
  bridgeLine,
  drawShape,
  drawVolumeUsd,
  type LogMove,
  type PriceLine,
  scaleLine,
} from './generatedHour.ts';
import type { HourShape } from './hour.ts';
import { linearInstrument, spotInstrument } from './instruments.ts';
import type { Candle, CandleKind, SimulatedInstrument } from './market.ts';
import { type AssetParameters, STABLE_VOLUME_USD, STABLES } from './parameters.ts';
import { streamKey } from './random.ts';
import { hundredth, parseStep, roundToStep, type Step } from './step.ts';
import { CALM_SCALE, HOURS_PER_YEAR, STRESSED_SCALE, type World } from './world.ts';

/** An hour's range of a random walk is 1.6 times its volatility in the mean, sqrt(8 / pi) (Feller 1951). */
const RANGE_PER_VOLATILITY = Math.sqrt(8 / Math.PI);
/** Part of an hour's volatility that shows as excursions beyond open and close. */
const BRIDGE_SHARE = 0.8;
/** Bid-ask noise of a stablecoin's pair within the hour, a fraction. */
const STABLE_VOLATILITY = 0.00005;

export type Track = {
  readonly instrument: SimulatedInstrument;
  readonly candle: (kind: CandleKind, hour: number, openMs: number) => Candle;
  readonly shape: (hour: number) => HourShape;
  /** Perpetual / index - 1 at the start of the hour; 0 for spot. */
  readonly premium: (hour: number) => number;
};

/** What an underlying gives both its instruments. */
type Underlying = {
  readonly stream: number;
  readonly move: (hour: number) => LogMove;
  readonly volatility: (hour: number) => number;
  readonly usualRange: number;
};

/** Tracks by `category symbol`; `assets` in the order in which the world was made. */
export function createGeneratedTracks(
  seed: number,
  launchMs: number,
  world: World,
  assets: readonly AssetParameters[],
): ReadonlyMap<string, Track> {
  const tracks: Track[] = [];
  for (const [i, asset] of assets.entries()) {
    const hourly = asset.volatilityAnnual / Math.sqrt(HOURS_PER_YEAR);
    const underlying: Underlying = {
      stream: streamKey(seed, `hour ${asset.coin}`),
      move: (hour) => ({
        openLog: world.logUsd(i, hour) - world.pegLog(0, hour),
        closeLog: world.logUsd(i, hour + 1) - world.pegLog(0, hour + 1),
      }),
      volatility: (hour) =>
        BRIDGE_SHARE * hourly * (world.isStressed(hour) ? STRESSED_SCALE : CALM_SCALE),
      usualRange: hourly * RANGE_PER_VOLATILITY,
    };
    const perpetual = linearInstrument(asset.coin, launchMs);
    if (perpetual !== undefined) {
      const premium = (hour: number) => world.premium(i, hour);
      tracks.push(createTrack(perpetual, underlying, asset.perpetualVolumeUsd, premium));
    }
    const spot = spotInstrument(asset.coin, launchMs);
    if (spot !== undefined)
      tracks.push(createTrack(spot, underlying, asset.spotVolumeUsd, noPremium));
  }
  for (const [i, stable] of STABLES.entries()) {
    const instrument = spotInstrument(stable.coin, launchMs);
    if (instrument === undefined) continue;
    const underlying: Underlying = {
      stream: streamKey(seed, `hour ${stable.coin}`),
      move: (hour) => ({
        openLog: world.pegLog(i, hour) - world.pegLog(0, hour),
        closeLog: world.pegLog(i, hour + 1) - world.pegLog(0, hour + 1),
      }),
      volatility: () => STABLE_VOLATILITY,
      usualRange: STABLE_VOLATILITY * RANGE_PER_VOLATILITY,
    };
    tracks.push(createTrack(instrument, underlying, STABLE_VOLUME_USD, noPremium));
  }
  return new Map(
    tracks.map((track) => [`${track.instrument.category} ${track.instrument.symbol}`, track]),
  );
}

function noPremium(): number {
  return 0;
}

function createTrack(
  instrument: SimulatedInstrument,
  underlying: Underlying,
  meanVolumeUsd: number,
  premium: (hour: number) => number,
): Track {
  const tick = parseStep(instrument.tickSize);
  const fineTick = hundredth(tick);
  const volumeDraw = instrument.category === 'linear' ? 20 : 22;
  const { stream } = underlying;
  const shape = (hour: number) => drawShape(underlying.move(hour), stream, hour);

  function markPremium(hour: number): number {
    const hours = [hour, hour - 1, hour - 2].filter((candidate) => candidate >= 0);
    return hours.reduce((sum, candidate) => sum + premium(candidate), 0) / hours.length;
  }

  function lineOf(kind: CandleKind, index: PriceLine, hour: number): PriceLine {
    if (kind === 'index' || instrument.category === 'spot') return index;
    const factor = kind === 'last' ? premium : markPremium;
    return scaleLine(index, 1 + factor(hour), 1 + factor(hour + 1), shape(hour));
  }

  function volumeBase(index: PriceLine, hour: number): number {
    const rangeRatio = (index.high - index.low) / index.open / underlying.usualRange;
    const volumeUsd = drawVolumeUsd(meanVolumeUsd, rangeRatio, stream, hour, volumeDraw);
    return roundToStep(volumeUsd / index.open, parseStep(instrument.quantityStep));
  }

  return {
    instrument,
    premium,
    shape,
    candle(kind, hour, openMs) {
      const volatility = underlying.volatility(hour);
      const index = bridgeLine(underlying.move(hour), volatility, stream, hour);
      const line = roundLine(lineOf(kind, index, hour), kind === 'last' ? tick : fineTick);
      return { openMs, ...line, volumeBase: kind === 'last' ? volumeBase(index, hour) : 0 };
    },
  };
}

function roundLine(line: PriceLine, step: Step): PriceLine {
  return {
    open: roundToStep(line.open, step),
    high: roundToStep(line.high, step),
    low: roundToStep(line.low, step),
    close: roundToStep(line.close, step),
  };
}
