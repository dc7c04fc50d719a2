/** A run as one row a day: what was forecast, what came, what it cost; money in USD of the book's unit. */
import type { Run } from '../../test/e2e/drive.ts';
import { unitUsd } from '../../test/e2e/equity.ts';
import type { Rig } from '../../test/e2e/rig.ts';
import { fillsIn, fundingIn, ordersIn, type TrueCash, yieldIn } from '../../test/e2e/truth.ts';

const dayMs = 86_400_000;
const hoursPerYear = 8760;

export type Day = {
  readonly startMs: number;
  readonly equityUsd: number;
  /** Of the day's last decision. */
  readonly grossLeverage: number;
  readonly forecastVolatilityAnnual: number;
  /** Root of the mean squared hourly return of the account, a year's worth of it. */
  readonly realisedVolatilityAnnual: number;
  /** In universe order. */
  readonly riskShares: readonly number[];
  readonly traded: number;
  readonly decided: number;
  readonly orders: number;
  readonly fills: number;
  readonly feesUsd: number;
  readonly fundingUsd: number;
  readonly yieldUsd: number;
};

export function daysOf(rig: Rig, run: Run): readonly Day[] {
  const count = Math.round((rig.toMs - rig.fromMs) / dayMs);
  const journal = rig.simulator.journal();
  const createdMs = new Map(
    journal.flatMap((entry) =>
      entry.kind === 'order' || entry.kind === 'earnOrder'
        ? [[entry.order.orderId, entry.order.createdMs] as const]
        : [],
    ),
  );
  return Array.from({ length: count }, (_, index) => {
    const startMs = rig.fromMs + index * dayMs;
    const isToday = ({ atMs }: { readonly atMs: number }): boolean =>
      atMs >= startMs && atMs < startMs + dayMs;
    const decisions = run.ended.filter(({ record }) => isToday({ atMs: record.scheduledAtMs }));
    const explained = decisions.at(-1)?.record.decision.explanation;
    const fills = fillsIn(journal).filter(isToday);
    const hours = run.equity.filter(({ atMs }) => atMs >= startMs && atMs <= startMs + dayMs);
    return {
      startMs,
      equityUsd: run.equity[(index + 1) * 24]?.equityUsd ?? Number.NaN,
      grossLeverage: explained?.portfolio.grossLeverage ?? Number.NaN,
      forecastVolatilityAnnual: explained?.portfolio.forecastVolatilityAnnual ?? Number.NaN,
      realisedVolatilityAnnual: realised(hours.map((hour) => hour.equityUsd)),
      riskShares: explained?.legs.map((leg) => leg.riskShare) ?? [],
      traded: decisions.filter(({ record }) => record.decision.kind === 'trade').length,
      decided: decisions.length,
      orders: ordersIn(journal).filter((order) =>
        isToday({ atMs: createdMs.get(order.venueOrderId) ?? Number.NaN }),
      ).length,
      fills: fills.length,
      feesUsd: usd(
        rig,
        fills.map(({ atMs, fee, feeCoin }) => ({ atMs, what: feeCoin, amount: fee })),
      ),
      fundingUsd: usd(
        rig,
        fundingIn(journal)
          .filter(isToday)
          .map((one) => ({ ...one, what: 'USDT' })),
      ),
      yieldUsd: usd(rig, yieldIn(journal).filter(isToday)),
    };
  });
}

/** From equity at the hours. */
export function realised(equityUsd: readonly number[]): number {
  const squares = equityUsd
    .slice(1)
    .map((value, hour) => (value / (equityUsd[hour] ?? value) - 1) ** 2);
  const mean = squares.reduce((sum, square) => sum + square, 0) / squares.length;
  return Math.sqrt(mean * hoursPerYear);
}

const usd = (rig: Rig, amounts: readonly TrueCash[]): number =>
  amounts.reduce(
    (sum, { atMs, what, amount }) => sum + Number(amount) * unitUsd(rig, what, atMs),
    0,
  );
