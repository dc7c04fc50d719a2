/** A book of four legs at one venue, what a venue that may fail adds to it, and how its risk is explained. */
import type { Leg } from '../../../src/domain/leg.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import type { RiskExplanation } from '../../../src/domain/riskExplanation.ts';
import type { VenueObservation } from '../../../src/domain/snapshot.ts';
import { decide } from '../../../src/rebalance/decide.ts';
import { carryLeg, lendingLeg, perpetualLeg } from '../../rebalance/legsGiven.ts';
import { type Scene, snapshotOf, walshReturns } from '../../rebalance/snapshotWorld.ts';

export const btc = perpetualLeg('btc', 'BTC/USDT:USDT');
export const sol = perpetualLeg('sol', 'SOL/USDT:USDT', 'short');
export const legs: readonly Leg[] = [
  { ...btc, group: 'coins' },
  { ...sol, group: 'coins' },
  carryLeg,
  lendingLeg,
];
export const volatilities = [0.5, 1, 0.1, 0.05];
/** The quiet coin turns at every bar, so that nothing is taken for staleness. */
export const quiet: Scene = {
  snapshot: {
    returnsByLeg: volatilities.map((volatility, leg) => walshReturns((leg + 1) % 4, volatility)),
  },
};
export const failing =
  (defaultProbabilityAnnual: number) =>
  (seen: VenueObservation): VenueObservation => ({
    ...seen,
    health: { ...seen.health, defaultProbabilityAnnual },
  });

export function explained(policy: Policy, scene: Scene) {
  const decision = decide(snapshotOf(policy, scene), policy);
  const risk = decision.explanation?.risk;
  if (!risk || !decision.explanation) throw new Error(JSON.stringify(decision));
  return { risk, explanation: decision.explanation };
}
export const sum = (values: readonly number[]) => values.reduce((total, each) => total + each, 0);
export const share = (risk: RiskExplanation, name: string) =>
  risk.factors.find((factor) => factor.name === name)?.relativeShare ?? Number.NaN;
