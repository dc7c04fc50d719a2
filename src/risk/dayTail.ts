/**
 * What the book may lose within a day: value at risk, expected shortfall, and whose shortfall it is.
 *
 *   normal          by the forecast covariance, mean zero: VaR = -z s, ES = f(z) s / a, components by Euler
 *   Cornish–Fisher  by the moments of the days on record (`tailRisk.ts`)
 *   historical      the worst days on record (`historicalTail.ts`)
 * Days on record are windows of one day at every bar, today's exposures held through each; a window in which a leg with an
 * exposure is missing is left out.
 */
import { bookMoments } from './bookMoments.ts';
import { contributions } from './contributions.ts';
import { historicalTailRisk } from './historicalTail.ts';
import { normalDensity, normalQuantile } from './normal.ts';
import { type TailRisk, tailOfMoments } from './tailRisk.ts';

export type DayFigure = {
  readonly valueAtRisk: number;
  readonly expectedShortfall: number;
  /** Adds up to the expected shortfall. */
  readonly components: readonly number[];
};

export type DayTail = {
  readonly normal: DayFigure;
  /** null: fewer than twenty days' worth of windows. */
  readonly cornishFisher: DayFigure | null;
  readonly historical: DayFigure | null;
  /** Windows with every leg. */
  readonly windows: number;
};

const DAYS_PER_YEAR = 365;
const DAYS_MIN = 20;

/**
 * @param book.exposures shape (N,), not negative, in money.
 * @param book.covarianceAnnual N×N.
 * @param book.returnsByLeg N × T simple returns, null = missing.
 * @param book.barsPerDay at least 1.
 */
export function dayTail(
  book: {
    readonly exposures: readonly number[];
    readonly covarianceAnnual: readonly (readonly number[])[];
    readonly returnsByLeg: readonly (readonly (number | null)[])[];
    readonly barsPerDay: number;
  },
  confidence: number,
): DayTail {
  const { exposures, covarianceAnnual, returnsByLeg, barsPerDay } = book;
  const normal = normalDay(exposures, covarianceAnnual, confidence);
  const profits = dayProfits(exposures, returnsByLeg, barsPerDay);
  const windows = profits[0]?.length ?? 0;
  if (windows < DAYS_MIN * barsPerDay) {
    return { normal, cornishFisher: null, historical: null, windows };
  }
  const whole = exposures.map(() => 1);
  const moments = bookMoments(whole, profits);
  const bent = (measure: 'value-at-risk' | 'expected-shortfall') =>
    tailOfMoments(moments, { measure, method: 'cornish-fisher', confidence });
  const past = (measure: 'value-at-risk' | 'expected-shortfall') =>
    historicalTailRisk(whole, profits, { measure, confidence });
  return {
    normal,
    cornishFisher: figureOf(bent('value-at-risk'), bent('expected-shortfall')),
    historical: figureOf(past('value-at-risk'), past('expected-shortfall')),
    windows,
  };
}

const figureOf = (value: TailRisk, shortfall: TailRisk): DayFigure => ({
  valueAtRisk: value.risk,
  expectedShortfall: shortfall.risk,
  components: shortfall.components,
});

function normalDay(
  exposures: readonly number[],
  covarianceAnnual: readonly (readonly number[])[],
  confidence: number,
): DayFigure {
  const { volatility, absolute } = contributions(exposures, covarianceAnnual);
  const day = 1 / Math.sqrt(DAYS_PER_YEAR);
  const quantile = normalQuantile(1 - confidence);
  const level = normalDensity(quantile) / (1 - confidence);
  return {
    valueAtRisk: -quantile * volatility * day,
    expectedShortfall: level * volatility * day,
    components: absolute.map((value) => level * value * day),
  };
}

/** N × windows: what each exposure made in each whole day. */
function dayProfits(
  exposures: readonly number[],
  returnsByLeg: readonly (readonly (number | null)[])[],
  barsPerDay: number,
): readonly Float64Array[] {
  const ends = wholeDays(exposures, returnsByLeg, barsPerDay);
  return returnsByLeg.map((series, leg) => {
    const exposure = exposures[leg] ?? 0;
    const profits = new Float64Array(ends.length);
    if (exposure === 0) return profits;
    const sums = new Float64Array(series.length + 1);
    for (let bar = 0; bar < series.length; bar++) {
      sums[bar + 1] = (sums[bar] as number) + (series[bar] ?? 0);
    }
    for (let at = 0; at < ends.length; at++) {
      const end = ends[at] as number;
      profits[at] = exposure * ((sums[end] as number) - (sums[end - barsPerDay] as number));
    }
    return profits;
  });
}

/** Ends, one past the last bar, of the windows in which every leg with an exposure is present. */
function wholeDays(
  exposures: readonly number[],
  returnsByLeg: readonly (readonly (number | null)[])[],
  barsPerDay: number,
): readonly number[] {
  const bars = returnsByLeg[0]?.length ?? 0;
  const missing = new Uint8Array(bars);
  for (const [leg, series] of returnsByLeg.entries()) {
    if (exposures[leg] === 0) continue;
    for (let bar = 0; bar < bars; bar++) if (typeof series[bar] !== 'number') missing[bar] = 1;
  }
  const ends: number[] = [];
  let run = 0;
  for (let bar = 0; bar < bars; bar++) {
    run = missing[bar] === 0 ? run + 1 : 0;
    if (run >= barsPerDay) ends.push(bar + 1);
  }
  return ends;
}
