/** Decisions on books of one leg, with signals and without. */
import type { Decision, Explanation } from '../../src/domain/decision.ts';
import type { MarketSignals } from '../../src/domain/marketSignals.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { SignalsPolicy } from '../../src/domain/signalsPolicy.ts';
import { decide } from '../../src/rebalance/decide.ts';
import { perpetualLeg } from './legsGiven.ts';
import { policyOf } from './policyGiven.ts';
import { marketOf, signalsPolicy } from './signalsGiven.ts';
import { type Scene, snapshotOf } from './snapshotWorld.ts';

export const symbol = 'BTC/USDT:USDT';
export const btc = policyOf([perpetualLeg('btc', symbol)]);
export const rich = marketOf(symbol, 1e12);
export const withSignals = (policy: Policy, change: Partial<SignalsPolicy> = {}): Policy => ({
  ...policy,
  signals: { ...signalsPolicy, ...change },
});
export const decided = (
  policy: Policy,
  signals: MarketSignals | null,
  scene: Scene = {},
): Decision =>
  decide(
    snapshotOf(policy, {
      volatilities: [0.5],
      ...scene,
      snapshot: { ...scene.snapshot, ...(signals === null ? {} : { signals }) },
    }),
    policy,
  );
export const explained = (...parts: Parameters<typeof decided>): Explanation => {
  const { explanation } = decided(...parts);
  if (explanation === null) throw new Error('it was sized');
  return explanation;
};
export const legOf = (...parts: Parameters<typeof decided>) => {
  const [leg] = explained(...parts).legs;
  if (leg === undefined) throw new Error('it has a leg');
  return leg;
};
export const base = legOf(btc, null);
export const volatilityOf = (leg: { volatilityAnnual: number | null }) => leg.volatilityAnnual ?? 0;
