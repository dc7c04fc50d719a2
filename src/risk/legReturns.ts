/**
 * Returns per bar of the four kinds of leg, per USD of the leg's notional at the bar's start, in the book's unit.
 *
 * Simple returns, not logarithms: weights times simple returns is exactly the book's return, and funding and yield
 * add to them. All series lie on one grid of T + 1 closes; bar k runs from close k to close k + 1.
 * `unitUsd` is USD per quote coin on the same grid: what a price in USDT is worth. Where it is null, or a price is
 * missing or not above zero, the bar is null: unknown, not unchanged.
 */

/** T + 1 values, one per close, oldest first; null = missing. */
export type GridSeries = readonly (number | null)[];
/** T simple returns, oldest first; null = missing. */
export type BarReturns = (number | null)[];

export type Grid = {
  /** Time of close 0. */
  readonly startMs: number;
  readonly barMs: number;
};

/** What longs pay shorts per unit of notional, at a settlement. Each settlement once. */
export type FundingStamp = { readonly timestampMs: number; readonly rate: number };

const YEAR_MS = 365 * 24 * 3600 * 1000;

/**
 * `perpetual`: ±(p - f (1 + p)) in the settlement coin, p the move and f the funding settled in the bar; the result
 * alone is turned into the unit, since no principal lies in the coin.
 *
 * A settlement at the very end of a bar falls in it: who held through the bar pays.
 */
export function perpetualReturns(input: {
  readonly closes: GridSeries;
  readonly funding: readonly FundingStamp[];
  readonly grid: Grid;
  readonly unitUsd: GridSeries;
  readonly direction: 'long' | 'short';
}): BarReturns {
  const moves = movesOf(input.closes);
  const units = movesOf(input.unitUsd);
  const funding = fundingByBar(input.funding, input.grid, moves.length);
  const sign = input.direction === 'long' ? 1 : -1;
  return moves.map((move, bar) => {
    const unit = units[bar] ?? null;
    if (move === null || unit === null) return null;
    return sign * (move - (funding[bar] ?? 0) * (1 + move)) * (1 + unit);
  });
}

/**
 * `carry`: (s - p + f (1 + p)) (1 + u) + u: long spot, short perpetual of the same notional.
 *
 * The pair is a synthetic holding of the quote coin, so the coin's own move u stays in it. Without funding stamps
 * it is the carry of a dated future.
 */
export function carryReturns(input: {
  readonly spotCloses: GridSeries;
  readonly perpetualCloses: GridSeries;
  readonly funding: readonly FundingStamp[];
  readonly grid: Grid;
  readonly unitUsd: GridSeries;
}): BarReturns {
  const spot = movesOf(input.spotCloses);
  const perpetual = movesOf(input.perpetualCloses);
  const units = movesOf(input.unitUsd);
  const funding = fundingByBar(input.funding, input.grid, spot.length);
  return spot.map((spotMove, bar) => {
    const move = perpetual[bar] ?? null;
    const unit = units[bar] ?? null;
    if (spotMove === null || move === null || unit === null) return null;
    return (spotMove - move + (funding[bar] ?? 0) * (1 + move)) * (1 + unit) + unit;
  });
}

/**
 * `lending`: (1 + y dt)(1 + u) - 1: the yield accrued on a coin and the coin's move against the unit.
 *
 * @param input.yieldAnnual T simple annual rates in force during each bar; null: unknown, and so is the bar.
 */
export function lendingReturns(input: {
  readonly coinUsd: GridSeries;
  readonly yieldAnnual: readonly (number | null)[];
  readonly grid: Grid;
}): BarReturns {
  return withYield(movesOf(input.coinUsd), input.yieldAnnual, input.grid);
}

/** `stable`: (1 + y dt)(1 + s)(1 + u) - 1: a coin bought spot at s against a quote coin that moves by u itself. */
export function stableReturns(input: {
  readonly closes: GridSeries;
  readonly unitUsd: GridSeries;
  readonly yieldAnnual: readonly (number | null)[];
  readonly grid: Grid;
}): BarReturns {
  const units = movesOf(input.unitUsd);
  const moves = movesOf(input.closes).map((move, bar) => {
    const unit = units[bar] ?? null;
    return move === null || unit === null ? null : (1 + move) * (1 + unit) - 1;
  });
  return withYield(moves, input.yieldAnnual, input.grid);
}

function withYield(
  moves: BarReturns,
  yieldAnnual: readonly (number | null)[],
  grid: Grid,
): BarReturns {
  const barYears = grid.barMs / YEAR_MS;
  return moves.map((move, bar) => {
    const rate = yieldAnnual[bar] ?? null;
    return move === null || rate === null ? null : (1 + rate * barYears) * (1 + move) - 1;
  });
}

function movesOf(closes: GridSeries): BarReturns {
  return Array.from({ length: Math.max(0, closes.length - 1) }, (_, bar) => {
    const from = closes[bar];
    const to = closes[bar + 1];
    return isPrice(from) && isPrice(to) ? to / from - 1 : null;
  });
}

const isPrice = (value: number | null | undefined): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value > 0;

function fundingByBar(stamps: readonly FundingStamp[], grid: Grid, bars: number): Float64Array {
  const sums = new Float64Array(bars);
  for (const { timestampMs, rate } of stamps) {
    const bar = Math.ceil((timestampMs - grid.startMs) / grid.barMs) - 1;
    if (bar >= 0 && bar < bars) sums[bar] = (sums[bar] ?? 0) + rate;
  }
  return sums;
}
