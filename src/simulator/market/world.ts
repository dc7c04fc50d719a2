/**
 * The generated world's state at every full hour: regime, prices in USD, premiums and pegs, one step after the other.
 *
 * Hourly log returns are elliptical Student-t (4 degrees of freedom) around one common factor: corr(a, b) =
 * sqrt(share_a share_b). A two-state Markov chain scales them: calm 0.785, stressed 2.2, which with 1/11 of the hours
 * stressed keeps the unconditional variance at one. Prices revert to their anchor with a half-life of half a year, so that
 * ticks and lots still fit after years. Premium: first-order autoregression, scaled by the regime. Peg: small noise and
 * rare downward jumps (Poisson, exponential size) that heal. The chain is walked once and remembered; every draw is
 * keyed by its hour, so the memory holds nothing that cannot be computed again.
 */

import type { AssetParameters, StableParameters } from './parameters.ts';
import { normal, streamKey, studentScale, uniform } from './random.ts';

export const HOURS_PER_YEAR = 8760;
const STRESS_START_RATE = 1 / 720;
const STRESS_END_RATE = 1 / 72;
/** Stationary share of stressed hours: start / (start + end). */
export const STRESSED_SHARE = STRESS_START_RATE / (STRESS_START_RATE + STRESS_END_RATE);
export const STRESSED_SCALE = 2.2;
export const CALM_SCALE = Math.sqrt(
  (1 - STRESSED_SHARE * STRESSED_SCALE ** 2) / (1 - STRESSED_SHARE),
);
/** Returns beyond this many standard deviations of the hour's regime are cut: a paper account is not a lottery. */
const SHOCK_MAX = 12;
const ANCHOR_PULL = Math.LN2 / (HOURS_PER_YEAR / 2);

const PREMIUM_MEAN = 0.0001;
const PREMIUM_VOLATILITY = 0.0004;
const PREMIUM_KEEP = 0.5 ** (1 / 6);
/** Perpetuals are sold harder than spot when all falls. */
const PREMIUM_FACTOR_SHARE = 0.25;

const PEG_KEEP = 0.5 ** (1 / 12);
const DEPEG_KEEP = 0.5 ** (1 / 18);
const DEPEG_MAX = 0.25;

export type World = {
  readonly isStressed: (hour: number) => boolean;
  /** Natural logarithm of the asset's price in USD at the start of the hour. */
  readonly logUsd: (asset: number, hour: number) => number;
  /** Perpetual / index - 1 at the start of the hour. */
  readonly premium: (asset: number, hour: number) => number;
  /** Natural logarithm of the stablecoin's price in USD at the start of the hour. */
  readonly pegLog: (stable: number, hour: number) => number;
};

type AssetTrack = {
  readonly parameters: AssetParameters;
  readonly stream: number;
  readonly logUsd: number[];
  readonly premium: number[];
};
type PegTrack = {
  readonly parameters: StableParameters;
  readonly stream: number;
  readonly noise: number[];
  readonly depeg: number[];
};

/** Hours count from 0, the epoch. Cost: about a microsecond an hour and asset, paid once. */
export function createWorld(
  seed: number,
  assets: readonly AssetParameters[],
  stables: readonly StableParameters[],
): World {
  const market = streamKey(seed, 'market');
  const stressed: boolean[] = [uniform(market, 0, 0) < STRESSED_SHARE];
  const assetTracks = assets.map((parameters) => ({
    parameters,
    stream: streamKey(seed, `asset ${parameters.coin}`),
    logUsd: [Math.log(parameters.anchorUsd)],
    premium: [PREMIUM_MEAN],
  }));
  const pegTracks = stables.map((parameters) => ({
    parameters,
    stream: streamKey(seed, `peg ${parameters.coin}`),
    noise: [0],
    depeg: [0],
  }));
  function walkTo(hour: number): void {
    for (let next = stressed.length; next <= hour; next += 1) {
      const wasStressed = stressed[next - 1] === true;
      const shock: Shock = {
        hour: next,
        regimeScale: wasStressed ? STRESSED_SCALE : CALM_SCALE,
        tailScale: studentScale(market, next, 1),
        factor: normal(market, next, 3),
      };
      for (const track of assetTracks) stepAsset(track, shock);
      for (const track of pegTracks) stepPeg(track, next);
      const turn = uniform(market, next, 0);
      stressed.push(wasStressed ? turn >= STRESS_END_RATE : turn < STRESS_START_RATE);
    }
  }
  return {
    isStressed(hour) {
      walkTo(hour);
      return stressed[hour] === true;
    },
    logUsd(asset, hour) {
      walkTo(hour);
      return at(assetTracks[asset]?.logUsd, hour);
    },
    premium(asset, hour) {
      walkTo(hour);
      return at(assetTracks[asset]?.premium, hour);
    },
    pegLog(stable, hour) {
      walkTo(hour);
      return at(pegTracks[stable]?.noise, hour) + at(pegTracks[stable]?.depeg, hour);
    },
  };
}

type Shock = {
  readonly hour: number;
  readonly regimeScale: number;
  readonly tailScale: number;
  readonly factor: number;
};

function stepAsset(track: AssetTrack, shock: Shock): void {
  const { parameters, stream, logUsd, premium } = track;
  const own = normal(stream, shock.hour, 0);
  const share = parameters.factorShare;
  const mixed = Math.sqrt(share) * shock.factor + Math.sqrt(1 - share) * own;
  const tailed = Math.max(-SHOCK_MAX, Math.min(SHOCK_MAX, mixed * shock.tailScale));
  const volatility = parameters.volatilityAnnual / Math.sqrt(HOURS_PER_YEAR);
  const price = at(logUsd, shock.hour - 1);
  const pull = ANCHOR_PULL * (Math.log(parameters.anchorUsd) - price);
  logUsd.push(price + pull + volatility * shock.regimeScale * tailed);

  const push =
    Math.sqrt(PREMIUM_FACTOR_SHARE) * shock.factor +
    Math.sqrt(1 - PREMIUM_FACTOR_SHARE) * normal(stream, shock.hour, 2);
  const spread = PREMIUM_VOLATILITY * shock.regimeScale * Math.sqrt(1 - PREMIUM_KEEP ** 2);
  const excess = at(premium, shock.hour - 1) - PREMIUM_MEAN;
  premium.push(PREMIUM_MEAN + PREMIUM_KEEP * excess + spread * push);
}

function stepPeg(track: PegTrack, hour: number): void {
  const { parameters, stream, noise, depeg } = track;
  const spread = parameters.noiseVolatility * Math.sqrt(1 - PEG_KEEP ** 2);
  noise.push(PEG_KEEP * at(noise, hour - 1) + spread * normal(stream, hour, 0));
  const breaks = uniform(stream, hour, 2) < parameters.depegsPerYear / HOURS_PER_YEAR;
  const size = breaks ? -parameters.depegMean * Math.log(uniform(stream, hour, 3)) : 0;
  depeg.push(Math.max(-DEPEG_MAX, DEPEG_KEEP * at(depeg, hour - 1) - size));
}

function at(values: readonly number[] | undefined, index: number): number {
  const value = values?.[index];
  if (value === undefined) throw new RangeError(`no state for index, was ${index}`);
  return value;
}
