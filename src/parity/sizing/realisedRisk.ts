/**
 * Contributions as they were: what each leg really held at the start of each past bar, times what it then returned.
 *
 * By the ledger's quantities and the legs' own returns, so without the moves inside the bar of a trade and without fees.
 */
import type { RealisedRisk } from '../../domain/riskExplanation.ts';
import { realisedContributions } from '../../risk/realisedContributions.ts';
import type { Book } from './book.ts';
import { directionOf } from './legState.ts';

const YEAR_MS = 365 * 24 * 3600 * 1000;
/** A day of hourly bars: shares of less are chance. */
const BARS_MIN = 24;

export function realisedRisk(book: Book): RealisedRisk {
  const { heldUsdByLegByBar = [], returnsByLeg } = book.snapshot;
  const profits = book.legs.map((leg, index) => {
    const held = heldUsdByLegByBar[index] ?? [];
    const returns = returnsByLeg[index] ?? [];
    const first = returns.length - held.length;
    return held.map((usd, bar) => {
      const move = returns[first + bar] ?? null;
      // Nothing held earns nothing, whether the market could be seen or not.
      if (usd === 0) return 0;
      return move === null ? null : usd * directionOf(leg) * move;
    });
  });
  const realised = realisedContributions(profits);
  if (realised.kind === 'insufficientHistory' || realised.bars < BARS_MIN) {
    return { kind: 'insufficientHistory', bars: realised.bars };
  }
  const perYear = Math.sqrt(YEAR_MS / book.policy.risk.barMs);
  const { bars, riskShares, volatility } = realised;
  const volatilityAnnual = (volatility * perYear) / book.equityUsd;
  return { kind: 'realised', bars, volatilityAnnual, riskShares };
}
