/** Gates on the account after the order: leverage, concentration, margin now and under stress, liquidation, and losses so far. */
import type { Finding, Gate, GateFacts } from './gate.ts';
import { atMost } from './orderGates.ts';
import type { PortfolioFacts } from './portfolioFacts.ts';

const gate = (
  code: Gate['code'],
  explanation: string,
  judge: (portfolio: PortfolioFacts, facts: GateFacts) => Finding | null,
): Gate => ({
  code,
  holdsForReductions: false,
  holdsForRepairs: false,
  explanation,
  judge: (_, facts) => (facts.portfolio === null ? null : judge(facts.portfolio, facts)),
});

export const portfolioGates: readonly Gate[] = [
  gate(
    'GROSS_LEVERAGE',
    'A book above the limit must be able to come down step by step.',
    (after) =>
      atMost('gross leverage after the trade', after.grossLeverage, after.grossLeverageMax),
  ),
  gate('CONCENTRATION', 'A leg above its share must be able to come down step by step.', (after) =>
    atMost('share of equity per leg after the trade', after.legShare, after.legShareMax),
  ),
  gate('INITIAL_MARGIN', 'Reductions free margin.', (after) =>
    after.initialMarginShare === null
      ? { limit: 0, found: null, message: 'equity at the venue must be above 0, was not' }
      : atMost(
          'initial margin as a share of the venue’s equity',
          after.initialMarginShare,
          after.initialMarginShareMax,
        ),
  ),
  gate('STRESSED_MARGIN', 'Reductions lower the stressed loss by definition.', ({ stress }) =>
    stress.kind === 'holds'
      ? null
      : {
          limit: stress.worst.requiredUsd,
          found: stress.worst.equityUsd,
          message: `equity of ${stress.worst.venue} in ${stress.worst.scenario} must be at least ${stress.worst.requiredUsd}, was ${stress.worst.equityUsd}`,
        },
  ),
  gate('LIQUIDATION_DISTANCE', 'Reductions move the price away.', (after, { limits }) => {
    const found = after.liquidationDistanceShare;
    const limit = limits.liquidationDistanceShareMin;
    if (found === null || found >= limit) return null;
    const message = `distance to the liquidation price must be at least ${limit}, was ${found}`;
    return { limit, found, message };
  }),
  gate('DRAWDOWN', 'A loss is a reason to reduce.', (after, { limits }) =>
    lossSince('equity below its peak', after.peakEquityUsd, after, limits.drawdownHaltShare),
  ),
  gate('DAILY_LOSS', 'A loss is a reason to reduce.', (after, { limits }) =>
    lossSince(
      'loss since the start of the day',
      after.dayStartEquityUsd,
      after,
      limits.dailyLossHaltShare,
    ),
  ),
];

/** Before the first decision there is no mark to have lost from. */
function lossSince(
  what: string,
  fromUsd: number | null,
  { equityUsd }: PortfolioFacts,
  limit: number,
): Finding | null {
  if (fromUsd === null || !(fromUsd > 0)) return null;
  return atMost(`${what} as a share`, 1 - equityUsd / fromUsd, limit);
}
