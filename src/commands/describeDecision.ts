/** A decision as a person reads it: legs with what binds, orders, denials. */
import type { Decision, Explanation } from '../domain/decision.ts';
import type { PlannedOrder } from '../domain/order.ts';
import type { TransferAdvice } from '../domain/transfer.ts';
import { describeRisk } from './describeRisk.ts';
import { describeSignals } from './describeSignals.ts';
import { hedgeLine } from './describeStatus.ts';
import { percent, table, usd } from './tableText.ts';

export function describeDecision(decision: Decision): string {
  const head =
    decision.kind === 'trade'
      ? `${decision.rebalanceId}: trade, ${decision.orders.length} orders`
      : `${decision.rebalanceId}: stand, ${decision.code}: ${decision.reason}`;
  const { explanation } = decision;
  return [
    head,
    ...(explanation === null ? [] : describeExplanation(explanation)),
    ...(decision.kind === 'trade' ? describeOrders(decision.orders) : []),
    ...decision.denials.map(
      ({ code, instrument, message }) => `denied ${instrument ?? 'the plan'}: ${code}, ${message}`,
    ),
  ].join('\n');
}

function describeExplanation(explanation: Explanation): readonly string[] {
  const { legs, portfolio, risk, hedges } = explanation;
  const realised = risk?.realised.kind === 'realised' ? risk.realised.riskShares : [];
  const rows = legs.map((leg, index) => [
    leg.leg,
    percent(leg.budget),
    percent(leg.riskShare),
    realised[index] === undefined ? '–' : percent(realised[index]),
    leg.volatilityAnnual === null ? '–' : percent(leg.volatilityAnnual),
    usd(leg.targetUsd),
    usd(leg.heldUsd),
    leg.leftOut ?? (leg.binding === null ? '' : `${leg.binding.code}: ${leg.binding.lifts}`),
  ]);
  const { equityUsd, targetVolatilityAnnual, forecastVolatilityAnnual, grossLeverage } = portfolio;
  const gap = portfolio.solver.worstGap.toExponential(1);
  return [
    ...table(
      ['leg', 'budget', 'risk share', 'realised', 'volatility', 'target USD', 'held USD', 'binds'],
      rows,
    ),
    `equity ${usd(equityUsd)} USD, volatility ${percent(forecastVolatilityAnnual)} of ${percent(targetVolatilityAnnual)}, gross leverage ${grossLeverage.toFixed(2)}, solver ${portfolio.solver.method}, gap ${gap}, ${portfolio.solver.iterations} iterations`,
    ...(portfolio.binding === null
      ? []
      : [`the book is bound by ${portfolio.binding.code}: ${portfolio.binding.lifts}`]),
    ...portfolio.repairs.map((repair) => `repaired: ${repair}`),
    ...(risk === undefined ? [] : describeRisk(risk, legs)),
    ...describeSignals(explanation.signals ?? []),
    ...(explanation.transfers ?? []).map(transferLine),
    ...(hedges ?? []).map(hedgeLine),
  ];
}

function transferLine(advice: TransferAdvice): string {
  const what =
    advice.kind === 'exchange'
      ? `exchange ${usd(advice.usd)} USD of ${advice.coin} for another coin`
      : `move ${usd(advice.usd)} USD from ${advice.from} to ${advice.to ?? 'another venue'}`;
  return `for a person: ${what}, as ${advice.reason}`;
}

const describeOrders = (orders: readonly PlannedOrder[]): readonly string[] =>
  table(
    ['stage', 'order', 'quantity', 'limit', 'USD', 'style', 'risk'],
    orders.map((order) => [
      String(order.stage),
      `${order.action} ${order.instrument}`,
      order.quantityBase,
      order.limitPrice ?? '–',
      usd(order.notionalUsd),
      order.style,
      order.risk,
    ]),
  );
