/** The worst day on record of a stream of returns: compounded over every window of one day. */

/**
 * max over windows of |prod(1 + r) - 1|, `barsPerDay` bars each, windows with a missing bar left out.
 *
 * @param returns T simple returns, oldest first; null: missing.
 * @returns a share of the notional; null: no whole day is known.
 */
export function worstDay(returns: readonly (number | null)[], barsPerDay: number): number | null {
  let worst: number | null = null;
  for (let end = barsPerDay; end <= returns.length; end += 1) {
    let growth: number | null = 1;
    for (let bar = end - barsPerDay; bar < end && growth !== null; bar += 1) {
      const move = returns[bar] ?? null;
      growth = move === null ? null : growth * (1 + move);
    }
    if (growth !== null) worst = Math.max(worst ?? 0, Math.abs(growth - 1));
  }
  return worst;
}
