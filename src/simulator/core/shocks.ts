/**
 * Moves of prices on top of the market, each a path in time: away over a while, held, and back.
 *
 * factor(t) runs from 1 to the shock's own along a straight line in the logarithm. A shock of the world moves a coin's price in
 * USD, so a quote coin that falls makes everything priced in it dearer; a shock of the venue moves only what trades
 * there and its marks, not the index that it takes from the other venues.
 */

export type Shock = {
  readonly coin: string;
  readonly scope: 'world' | 'venue';
  readonly factor: number;
  readonly fromMs: number;
  /** From the start until the whole factor is reached; 0: a jump. */
  readonly overMs: number;
  /** When it begins to fade; null: it stays. */
  untilMs: number | null;
  readonly backMs: number;
};

/** Product of the shocks of a coin at a time, those of the venue apart from those of the world. */
export function shockFactor(
  shocks: readonly Shock[],
  scope: Shock['scope'],
  coin: string,
  atMs: number,
): number {
  let factor = 1;
  for (const shock of shocks)
    if (shock.coin === coin && shock.scope === scope) factor *= factorAt(shock, atMs);
  return factor;
}

/** Whether every shock of a coin keeps its factor from one time to another. */
export function isSteady(
  shocks: readonly Shock[],
  coins: readonly string[],
  fromMs: number,
  toMs: number,
): boolean {
  return shocks.every((shock) => !coins.includes(shock.coin) || keeps(shock, fromMs, toMs));
}

function factorAt(shock: Shock, atMs: number): number {
  const { factor, fromMs, overMs, untilMs, backMs } = shock;
  if (atMs < fromMs) return 1;
  if (untilMs !== null && atMs >= untilMs) {
    // What is lifted on its way falls back from where it was.
    const share = atMs < untilMs + backMs ? 1 - (atMs - untilMs) / backMs : 0;
    return factor ** (share * shareReached(untilMs - fromMs, overMs));
  }
  return factor ** shareReached(atMs - fromMs, overMs);
}

function shareReached(sinceMs: number, overMs: number): number {
  return sinceMs < overMs ? sinceMs / overMs : 1;
}

function keeps({ fromMs, overMs, untilMs, backMs }: Shock, startMs: number, endMs: number) {
  const before = endMs < fromMs;
  const reached = startMs >= fromMs + overMs || startMs >= (untilMs ?? Number.POSITIVE_INFINITY);
  const held = reached && (untilMs === null || endMs < untilMs);
  const over = untilMs !== null && startMs >= untilMs + backMs;
  return before || held || over;
}
