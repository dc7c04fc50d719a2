/** The legs' part of the status: what each should hold, what it holds, and what keeps it from more. */

import { exposures } from '../domain/leg.ts';
import type { Policy } from '../domain/policy.ts';
import type { RiskContribution, RiskExplanation } from '../domain/riskExplanation.ts';
import type { Balance } from '../ledger/book.ts';
import { bookValue } from '../rebalance/bookValue.ts';
import { heldBaseOf, legHoldings } from '../rebalance/legHoldings.ts';
import type { DecisionRecord } from '../rebalance/ports/stores.ts';
import type { LegStatus } from './status.ts';

/** @param budgets in universe order, summing to one. */
export function legStatuses(
  policy: Policy,
  budgets: readonly number[],
  latest: DecisionRecord | null,
  balances: readonly Balance[],
): readonly LegStatus[] {
  const instruments = latest?.snapshot.instruments ?? [];
  const holdings = legHoldings(
    balances,
    policy.legs,
    instruments.map((one) => one.instrument),
  );
  const risk = latest?.decision.explanation?.risk;
  return policy.legs.map((leg, index) => {
    const contribution = risk?.legs.find((one) => one.leg === leg.id);
    const target = latest?.decision.explanation?.legs.find((one) => one.leg === leg.id);
    const first = exposures(leg)[0];
    const valueUsd =
      first === undefined || latest === null
        ? null
        : bookValue(first.instrument, instruments, latest.snapshot.unit);
    return {
      id: leg.id,
      group: leg.group,
      kind: leg.kind,
      venue: leg.venue,
      weight: target?.weight ?? null,
      budget: budgets[index] ?? 0,
      riskShare: target?.riskShare ?? null,
      contribution: contribution === undefined ? null : contributionOf(contribution),
      realisedRiskShare: risk === undefined ? null : realisedShare(risk, leg.id),
      targetUsd: target?.targetUsd ?? null,
      positionUsd: valueUsd === null ? null : heldBaseOf(holdings, leg) * valueUsd,
      binding: target?.binding ?? null,
      leftOut: target?.leftOut ?? null,
    };
  });
}

const contributionOf = (found: RiskContribution): RiskContribution => {
  const { marginal, absoluteUsd, relativeShare } = found;
  return { marginal, absoluteUsd, relativeShare };
};

function realisedShare({ legs, realised }: RiskExplanation, id: string): number | null {
  if (realised.kind !== 'realised') return null;
  return realised.riskShares[legs.findIndex((one) => one.leg === id)] ?? null;
}
