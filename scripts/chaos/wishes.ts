/** What a slot changes of the policy: who is held long or short, how much, in what style; a pure function of the seed. */
import type { Policy } from '../../src/domain/policy.ts';
import type { GuardSettings } from '../../src/rebalance/marginWatch.ts';
import { drawOf } from './draw.ts';

/** The same universe, other wishes: what is decided in a slot follows from the seed and what the venues hold. */
export function policyOfSlot(base: Policy, seed: number, slot: number): Policy {
  const draw = drawOf(seed, 'wishes', slot);
  // Where budgets are stated some legs are wanted at times only: what they hold is redeemed, or sold back into the other wallet.
  const wanted = drawOf(seed, 'wanted', slot);
  const legs = base.legs.map((leg) => {
    if (leg.kind === 'perpetual')
      return { ...leg, direction: draw.oneOf(['long', 'short'] as const) };
    return leg.budget === null || wanted.share() < 0.6 ? leg : { ...leg, budget: 0 };
  });
  const isCarryOpen = draw.share() < 0.7;
  return {
    ...base,
    legs,
    sizing: {
      ...base.sizing,
      targetVolatilityAnnual: 0.1 + 0.3 * draw.share(),
      grossLeverageMax: 0.5 + 1.5 * draw.share(),
      carryOpenAnnual: isCarryOpen ? -1 : 5,
      carryCloseAnnual: isCarryOpen ? -1 : 5,
    },
    execution: { ...base.execution, style: draw.share() < 0.3 ? 'passive' : 'ioc' },
    limits: { ...base.limits, orderUsdMax: draw.whole(700, 2_500) },
  };
}

const guardEvery = 3;
const tightShare = 0.5;
/** A venue whose books are of the usual size is taken down by a part. */
const tightRatioAt = { warn: 0.001, noIncrease: 0.0013, deleverage: 0.0016, flatten: 0.9 };

/** The margin guard looks beside every third rebalance, and in half of these finds the account in need of less. */
export const isGuarded = (slot: number): boolean => slot % guardEvery === 2;

export function guardOfSlot(base: GuardSettings, seed: number, slot: number): GuardSettings {
  if (drawOf(seed, 'guards', slot).share() >= tightShare) return base;
  return { ...base, limits: { ...base.limits, ratioAt: tightRatioAt } };
}
