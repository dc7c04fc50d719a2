/**
 * Pace: when each stage of a plan may begin, so that its orders are spread over time instead of sent one after another.
 *
 *   twap: stage s of S at s·span ÷ S.  participation: when the stages before it have had the time in which their quantities are
 *   at most a share of what the market trades: Σ max(quantity ÷ (share · volume a ms)).
 * Almgren and Chriss (2001) call the first the schedule of one who minds impact alone.
 */
import type { PlannedOrder } from '../domain/order.ts';

export type PaceSettings = {
  readonly style: 'twap' | 'participation';
  readonly spanMs: number;
  /** Slices leave at most so often. */
  readonly everyMs: number;
  /** Of the market's volume that our orders may be. */
  readonly volumeShare: number;
};

/**
 * The value of one slice.
 *
 * @param volumeUsdPerMs what the market trades; null: not known, and the order is spread evenly.
 */
export function sliceUsd(
  pace: PaceSettings,
  orderUsd: number,
  volumeUsdPerMs: number | null,
): number {
  const even = orderUsd / Math.max(1, Math.floor(pace.spanMs / pace.everyMs));
  if (pace.style === 'twap' || volumeUsdPerMs === null) return even;
  return pace.volumeShare * volumeUsdPerMs * pace.everyMs;
}

/**
 * Orders with the time from which they may leave.
 *
 * @param stages in the order in which they are worked; what neither buys nor sells has no pace.
 * @param volumeUsdPerMs by order; null: not known.
 * @returns the stages without what would increase risk after the span: it is the next decision's. What reduces goes at its end at the
 * latest.
 */
export function paced(
  stages: readonly (readonly PlannedOrder[])[],
  pace: PaceSettings,
  startMs: number,
  volumeUsdPerMs: (order: PlannedOrder) => number | null,
): readonly (readonly PlannedOrder[])[] {
  const even = pace.spanMs / Math.max(1, stages.filter(isTraded).length);
  let offsetMs = 0;
  const kept: (readonly PlannedOrder[])[] = [];
  for (const stage of stages) {
    const atMs = Math.floor(Math.min(offsetMs, pace.spanMs));
    const isLate = offsetMs > pace.spanMs;
    const staying = stage.filter((order) => !isLate || order.risk === 'reduces');
    kept.push(staying.map((order) => ({ ...order, notBeforeMs: startMs + atMs })));
    if (isTraded(stage)) offsetMs += Math.max(...stage.map((order) => needMs(order)));
  }
  return kept.filter((stage) => stage.length > 0);

  function needMs(order: PlannedOrder): number {
    const volume = volumeUsdPerMs(order);
    if (pace.style === 'twap' || volume === null || !(volume > 0)) return even;
    return order.notionalUsd / (pace.volumeShare * volume);
  }
}

const isTraded = (stage: readonly PlannedOrder[]): boolean =>
  stage.some((order) => order.style !== 'earn');
