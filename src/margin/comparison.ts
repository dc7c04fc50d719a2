/**
 * The venue's own margin figures against the model's, and the correction by which the worse of the two counts.
 *
 * Figures count as different when they differ by more than a share of the larger one, and by more than a thousandth of the
 * equity: the marks of two readings are never of one moment. Only a figure that is worse at the venue corrects the model.
 */
import type { MarginTier } from '../domain/instrument.ts';

export type MarginFigures = {
  /** After haircuts: what maintenance is held against. */
  readonly balanceUsd: number;
  readonly initialMarginUsd: number;
  readonly maintenanceMarginUsd: number;
  /** By symbol; left out where there is none. */
  readonly liquidationPrices?: Readonly<Record<string, number>> | undefined;
};

export type MarginDifference = {
  /** Field, or `liquidationPrice SYMBOL`. */
  readonly figure: string;
  readonly model: number;
  readonly venue: number;
};

/** Factors ≥ 1 on the model's margins, and what its balance overstates, ≥ 0. */
export type MarginCorrection = {
  readonly maintenanceRatio: number;
  readonly initialRatio: number;
  readonly balanceUsd: number;
};

export type MarginComparison = {
  readonly differences: readonly MarginDifference[];
  readonly correction: MarginCorrection;
};

export const noCorrection: MarginCorrection = {
  maintenanceRatio: 1,
  initialRatio: 1,
  balanceUsd: 0,
};

/** Tiers that ask for what the venue asks for. */
export function correctedTiers(
  tiers: readonly MarginTier[],
  maintenanceRatio: number,
): readonly MarginTier[] {
  if (maintenanceRatio === 1) return tiers;
  return tiers.map((tier) => ({
    ...tier,
    maintenanceMarginRate: tier.maintenanceMarginRate * maintenanceRatio,
    deductionUsd: tier.deductionUsd * maintenanceRatio,
  }));
}

/** Smaller differences are marks read a moment apart, whatever their share. */
const EQUITY_SHARE = 0.001;

/** @param toleranceShare of the larger figure; a price's tolerance is the same share of it. */
export function compareMargin(
  model: MarginFigures,
  venue: MarginFigures,
  toleranceShare: number,
): MarginComparison {
  const leastUsd = EQUITY_SHARE * Math.max(Math.abs(model.balanceUsd), Math.abs(venue.balanceUsd));
  const differs = (a: number, b: number, least: number): boolean =>
    Math.abs(a - b) > Math.max(least, toleranceShare * Math.max(Math.abs(a), Math.abs(b)));
  const figures = ['balanceUsd', 'initialMarginUsd', 'maintenanceMarginUsd'] as const;
  const different = figures.filter((name) => differs(model[name], venue[name], leastUsd));
  const worse = (name: (typeof figures)[number]): number =>
    different.includes(name) && model[name] > 0 ? Math.max(1, venue[name] / model[name]) : 1;
  return {
    differences: [
      ...different.map((figure) => ({ figure, model: model[figure], venue: venue[figure] })),
      ...priceDifferences(model, venue, (a, b) => differs(a, b, 0)),
    ],
    correction: {
      maintenanceRatio: worse('maintenanceMarginUsd'),
      initialRatio: worse('initialMarginUsd'),
      balanceUsd: different.includes('balanceUsd')
        ? Math.max(0, model.balanceUsd - venue.balanceUsd)
        : 0,
    },
  };
}

function priceDifferences(
  model: MarginFigures,
  venue: MarginFigures,
  differs: (a: number, b: number) => boolean,
): readonly MarginDifference[] {
  return Object.entries(venue.liquidationPrices ?? {}).flatMap(([symbol, price]) => {
    const own = model.liquidationPrices?.[symbol];
    return own === undefined || !differs(own, price)
      ? []
      : [{ figure: `liquidationPrice ${symbol}`, model: own, venue: price }];
  });
}
