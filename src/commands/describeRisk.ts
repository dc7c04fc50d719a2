/** The risk of a decision as a person reads it: who contributes what, what a bad day costs, and what it was lately. */
import type { LegTarget } from '../domain/decision.ts';
import type { RiskExplanation, SharedContribution, TailFigure } from '../domain/riskExplanation.ts';
import { percent, table, usd } from './tableText.ts';

export function describeRisk(risk: RiskExplanation, legs: readonly LegTarget[]): readonly string[] {
  const { volatilityAnnual, collateral, tail, realised } = risk;
  const day = percent(tail.confidence);
  const historical = tail.historical ?? tail.normal;
  return [
    `with idle collateral the volatility is ${percent(volatilityAnnual)}; of it`,
    ...table(
      ['part', 'share', 'USD a year', 'marginal', `${day} day`],
      [
        ...risk.legs.map((leg, index) => [
          leg.leg,
          percent(leg.relativeShare),
          usd(leg.absoluteUsd),
          leg.marginal.toFixed(3),
          legs[index]?.targetUsd === 0 ? '' : usd(historical.shortfallByLegUsd[index] ?? 0),
        ]),
        ...collateral.map((pool) => [
          `${pool.coin} idle at ${pool.venue}`,
          percent(pool.relativeShare),
          usd(pool.absoluteUsd),
          pool.marginal.toFixed(3),
          '',
        ]),
      ],
    ),
    ...shares('groups', risk.groups),
    ...shares('venues', risk.venues),
    ...shares('factors of the legs', risk.factors),
    `a day at ${day}, value at risk / expected shortfall in USD: ${[
      `normal ${figure(tail.normal)}`,
      `Cornish–Fisher ${figure(tail.cornishFisher)}`,
      `historical ${figure(tail.historical)}`,
    ].join(', ')}`,
    ...bets(risk),
    realised.kind === 'realised'
      ? `over the last ${realised.bars} bars the book moved ${percent(realised.volatilityAnnual)} a year`
      : `realised contributions need a day of holdings, was ${realised.bars} bars`,
  ];
}

const shares = (title: string, parts: readonly SharedContribution[]): readonly string[] =>
  parts.length === 0
    ? []
    : [
        `${title}: ${parts.map((part) => `${part.name} ${percent(part.relativeShare)}`).join(', ')}`,
      ];

const figure = (tail: TailFigure | null): string =>
  tail === null ? 'unknown' : `${usd(tail.valueAtRiskUsd)} / ${usd(tail.expectedShortfallUsd)}`;

const bets = ({ effectiveBets, diversificationRatio }: RiskExplanation): readonly string[] =>
  effectiveBets === null || diversificationRatio === null
    ? []
    : [
        `effective bets ${effectiveBets.toFixed(2)}, diversification ratio ${diversificationRatio.toFixed(2)}`,
      ];
