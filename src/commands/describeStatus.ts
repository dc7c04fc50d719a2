/** A status as a person reads it in a terminal. */

import type { Status } from '../dashboard/status.ts';
import type { HedgeReport } from '../domain/hedgeReport.ts';
import { percent, table, usd } from './tableText.ts';

export function describeStatus(status: Status): string {
  const last = status.lastRebalance;
  return [
    `${status.portfolio}: ${status.ready ? 'ready' : 'not ready'}${status.halted ? ', HALTED' : ''}`,
    ...status.reasons.map((reason) => `  ${reason}`),
    ...pegLines(status),
    `equity ${known(usd, status.equityUsd)} USD, volatility ${known(percent, status.forecastVolatilityAnnual)} of ${percent(status.targetVolatilityAnnual)}, gross leverage ${status.grossLeverage?.toFixed(2) ?? '–'}`,
    ...table(
      ['leg', 'budget', 'risk share', 'target USD', 'held USD', 'binds'],
      status.legs.map((leg) => [
        leg.id,
        percent(leg.budget),
        known(percent, leg.riskShare),
        known(usd, leg.targetUsd),
        known(usd, leg.positionUsd),
        leg.leftOut ?? leg.binding?.code ?? '',
      ]),
    ),
    ...table(
      ['venue', 'state', 'equity USD', 'cap USD', 'guard', 'margin ratio', 'to liquidation'],
      status.venues.map((venue) => [
        venue.id,
        venue.state,
        known(usd, venue.equityUsd),
        known(usd, venue.capUsd),
        venue.guardRung ?? '–',
        known(percent, venue.marginRatio),
        known(percent, venue.liquidationDistanceShare),
      ]),
    ),
    ...status.venues.flatMap((venue) => venue.evidence.map((one) => `${venue.id}: ${one}`)),
    ...(status.hedges ?? []).map(hedgeLine),
    last === null
      ? 'no rebalance yet'
      : `last rebalance ${last.id}: ${last.state}, ${last.ordersSent} orders, ${last.fills} fills`,
    ...(last === null ? [] : costLines(last)),
    `open orders ${status.openOrders}, discrepancies ${status.discrepancies.length}`,
  ].join('\n');
}

/** Where it went: before the first request, half the spread, the rest of the price, fees. */
function costLines({ shortfallBps }: NonNullable<Status['lastRebalance']>): readonly string[] {
  if (shortfallBps === undefined || shortfallBps === null) return [];
  const { delay, spread, impact, fees, total } = shortfallBps;
  const text = [delay, spread, impact, fees].map((bps) => bps.toFixed(1));
  return [
    `it cost ${total.toFixed(1)} bps against its decision: delay ${text[0]}, spread ${text[1]}, impact ${text[2]}, fees ${text[3]}`,
  ];
}

const known = (format: (value: number) => string, value: number | null): string =>
  value === null ? '–' : format(value);

const pegLines = ({ pegs = {} }: Status): readonly string[] =>
  Object.entries(pegs).map(
    ([coin, state]) =>
      `  ${coin} is off its peg: ${state === 'exit' ? 'its legs are left' : 'nothing is added'}`,
  );

export function hedgeLine({ chosen, realised, ...hedge }: HedgeReport): string {
  const plan =
    chosen === null
      ? 'no ratio is known'
      : `by ${chosen.leg} at ratio ${chosen.ratio.toFixed(3)}, should take ${percent(chosen.effectiveness)} of the variance, costs ${percent(chosen.costAnnual)} a year`;
  const took =
    realised.kind === 'realised'
      ? `took ${percent(realised.effectiveness)} over ${realised.bars} bars`
      : `too short a time to say what it took, was ${realised.bars} bars`;
  return `hedge of ${hedge.quantityBase} ${hedge.coin} at ${hedge.at}: ${plan}; target ${usd(hedge.targetUsd)} USD, held ${usd(hedge.heldUsd)} USD; ${took}`;
}
