/** The signals of a decision as a person reads them: per coin basis, demand for protection and liquidity. */
import type { LiquidityExplanation, UnderlyingExplanation } from '../domain/signalsExplanation.ts';
import { percent, table, usd } from './tableText.ts';

const none = '–';

export function describeSignals(signals: readonly UnderlyingExplanation[]): readonly string[] {
  if (signals.length === 0) return [];
  const markets = signals.flatMap((each) => each.liquidity);
  return [
    ...table(
      [
        'coin',
        'basis a year',
        'z',
        'state',
        'carry',
        'break-even',
        'demand',
        'raises',
        'implied',
        'parts',
      ],
      signals.map((each) => [
        `${each.underlying} at ${each.venue}`,
        each.basis === null ? none : `${percent(each.basis.annual)} (${each.basis.of})`,
        figure(each.basis?.z ?? null, (z) => z.toFixed(1)),
        each.basis?.state ?? none,
        figure(each.carryAnnual, percent),
        figure(each.breakEvenDays, (days) => `${days.toFixed(1)} days`),
        figure(each.demand?.score ?? null, (score) => score.toFixed(2)),
        percent(each.forecastRaiseShare),
        figure(each.impliedAnnual, percent),
        Object.entries(each.demand?.parts ?? {})
          .map(([part, score]) => `${part} ${score.toFixed(2)}`)
          .join(', '),
      ]),
    ),
    ...table(
      [
        'market',
        'USD a day',
        'turnover',
        'spread',
        'depth 10 bps',
        '50 bps',
        'Amihud a million',
        'impact',
        'exit',
      ],
      markets.map(marketRow),
    ),
    ...signals.flatMap((each) =>
      each.unread.map((part) => `not read, ${each.underlying} at ${each.venue}, ${part}`),
    ),
  ];
}

const marketRow = (market: LiquidityExplanation): readonly string[] => [
  market.instrument,
  figure(market.volumeDailyUsd, usd),
  figure(market.turnoverRatio, (ratio) => ratio.toFixed(2)),
  figure(market.spreadShare, (share) => `${(share * 10_000).toFixed(1)} bps`),
  figure(market.depth10Usd, usd),
  figure(market.depth50Usd, usd),
  figure(market.amihudPerUsd, (perUsd) => `${(perUsd * 1e10).toFixed(2)} bps`),
  figure(market.impactBps, (bps) => `${bps.toFixed(1)} bps`),
  figure(market.exitDays, duration),
];

const figure = (value: number | null, show: (value: number) => string): string =>
  value === null ? none : show(value);

const duration = (days: number): string => {
  if (days >= 1) return `${days.toFixed(1)} days`;
  const minutes = days * 1440;
  return minutes >= 60 ? `${(minutes / 60).toFixed(1)} h` : `${minutes.toFixed(1)} min`;
};
