/**
 * The venue as a risk factor: a default takes lossGivenDefault of the capital held there.
 *
 * A Poisson default of probability PD a year, losing LGD of capital c per USD of notional, has the annual second
 * moment PD·LGD²·c_i·c_j between legs i and j at the same venue. It is added to the covariance. Legs' returns carry
 * their direction already, so capital is never negative: a default costs a short as much as a long.
 */
import type { VenueCapital, VenueRisk } from './riskTypes.ts';

export function venueCovarianceAnnual(
  a: readonly VenueCapital[],
  b: readonly VenueCapital[],
  venues: readonly VenueRisk[],
): number {
  let sum = 0;
  for (const left of a) {
    for (const right of b) {
      if (left.venueIndex !== right.venueIndex) continue;
      const venue = venues[left.venueIndex];
      if (venue === undefined) continue;
      const { defaultProbabilityAnnual, lossGivenDefault } = venue;
      sum +=
        defaultProbabilityAnnual * lossGivenDefault ** 2 * left.capitalShare * right.capitalShare;
    }
  }
  return sum;
}
