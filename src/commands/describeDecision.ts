/** A decision as a person reads it: legs with what binds, orders, denials. */
import type { Decision, Explanation } from '../domain/decision.ts';
import type { PlannedOrder } from '../domain/order.ts';

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const usd = (value: number): string => Math.round(value).toLocaleString('en-US');

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

function describeExplanation({ legs, portfolio }: Explanation): readonly string[] {
  const rows = legs.map((leg) => [
    leg.leg,
    percent(leg.budget),
    percent(leg.riskShare),
    leg.volatilityAnnual === null ? '–' : percent(leg.volatilityAnnual),
    usd(leg.targetUsd),
    usd(leg.heldUsd),
    leg.leftOut ?? (leg.binding === null ? '' : `${leg.binding.code}: ${leg.binding.lifts}`),
  ]);
  const { equityUsd, targetVolatilityAnnual, forecastVolatilityAnnual, grossLeverage } = portfolio;
  const gap = portfolio.solver.worstGap.toExponential(1);
  return [
    ...table(
      ['leg', 'budget', 'risk share', 'volatility', 'target USD', 'held USD', 'binds'],
      rows,
    ),
    `equity ${usd(equityUsd)} USD, volatility ${percent(forecastVolatilityAnnual)} of ${percent(targetVolatilityAnnual)}, gross leverage ${grossLeverage.toFixed(2)}, solver ${portfolio.solver.method}, gap ${gap}`,
    ...(portfolio.binding === null
      ? []
      : [`the book is bound by ${portfolio.binding.code}: ${portfolio.binding.lifts}`]),
    ...portfolio.repairs.map((repair) => `repaired: ${repair}`),
  ];
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

/** Columns as wide as their widest cell; the last one as it is. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const last = head.length - 1;
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === last ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(head), ...rows.map(line)];
}
