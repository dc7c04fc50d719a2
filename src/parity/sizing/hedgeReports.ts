/** The hedge overlay as a person sees it: per coin that lies elsewhere what is planned, what is held, how well it worked. */
import type { HedgeReport, RealisedEffectiveness } from '../../domain/hedgeReport.ts';
import { hedgeEffectiveness } from '../../risk/hedgeEffectiveness.ts';
import type { Book } from './book.ts';
import { type HedgeLeg, hedgePlans, isHedgeLeg } from './hedges.ts';
import { directionOf } from './legState.ts';

/** @param notionalsUsd unsigned, universe order. @returns one report per coin; none without hedge legs. */
export function hedgeReports(book: Book, notionalsUsd: readonly number[]): readonly HedgeReport[] {
  const legs = book.legs.filter(isHedgeLeg);
  if (legs.length === 0) return [];
  const plans = hedgePlans(book);
  return [...new Set(legs.map((leg) => leg.hedge.coin))].map((coin) => {
    const own = legs.filter((leg) => leg.hedge.coin === coin);
    const { at, quantityBase } = own[0]?.hedge ?? { at: '', quantityBase: 0 };
    const leg = own.find((one) => (plans.get(one.id)?.chosen ?? null) !== null);
    const chosen = leg === undefined ? null : (plans.get(leg.id)?.chosen ?? null);
    return {
      coin,
      at,
      quantityBase,
      chosen:
        leg === undefined || chosen === null
          ? null
          : { leg: leg.id, ...chosen.ratio, costAnnual: chosen.costAnnual },
      targetUsd: sumOver(book, own, (index) => -(notionalsUsd[index] ?? 0)),
      heldUsd: sumOver(book, own, (index) => book.snapshot.heldUsdByLeg[index] ?? 0),
      realised: realisedOf(book, own),
    };
  });
}

const sumOver = (book: Book, legs: readonly HedgeLeg[], of: (index: number) => number): number =>
  legs.reduce((sum, leg) => sum + of(book.legs.indexOf(leg)), 0);

/** The holding per USD of today's value would do as well: shares of variance have no scale, so its size is the coin's quantity. */
function realisedOf(book: Book, legs: readonly HedgeLeg[]): RealisedEffectiveness {
  const { hedgedReturns, heldUsdByLegByBar = [], returnsByLeg } = book.snapshot;
  const [first] = legs;
  const returns = first === undefined ? [] : (hedgedReturns?.[first.hedge.coin] ?? []);
  const bars = heldUsdByLegByBar[0]?.length ?? 0;
  const start = returns.length - bars;
  if (first === undefined || start < 0) return { kind: 'insufficientHistory', bars: 0 };
  const values = valuesBefore(
    returns.slice(start),
    priceOf(book, first) * first.hedge.quantityBase,
  );
  const holding = values.map((valueUsd, bar) => {
    const move = returns[start + bar] ?? null;
    return move === null ? null : valueUsd * move;
  });
  const hedge = values.map((_, bar) => profitOf(book, legs, returnsByLeg, bar, bars));
  return hedgeEffectiveness(holding, hedge);
}

/** Value at the start of each bar, from its value after the last; a missing bar moves nothing. */
function valuesBefore(returns: readonly (number | null)[], nowUsd: number): readonly number[] {
  const values: number[] = [];
  let valueUsd = nowUsd;
  for (const move of returns.toReversed()) {
    valueUsd /= 1 + (move ?? 0);
    values.unshift(valueUsd);
  }
  return values;
}

/** null: nothing stood, or a held leg's bar is missing. */
function profitOf(
  book: Book,
  legs: readonly HedgeLeg[],
  returnsByLeg: Book['snapshot']['returnsByLeg'],
  bar: number,
  bars: number,
): number | null {
  let profitUsd = 0;
  let stands = false;
  for (const leg of legs) {
    const index = book.legs.indexOf(leg);
    const heldUsd = book.snapshot.heldUsdByLegByBar?.[index]?.[bar] ?? 0;
    if (heldUsd === 0) continue;
    const returns = returnsByLeg[index] ?? [];
    const move = returns[returns.length - bars + bar] ?? null;
    if (move === null) return null;
    stands = true;
    profitUsd += heldUsd * directionOf(leg) * move;
  }
  return stands ? profitUsd : null;
}

function priceOf(book: Book, leg: HedgeLeg): number {
  const coin = leg.hedge.coin;
  const seen = [...book.instrumentById.values()].find(
    ({ instrument, markUsd }) => instrument.baseCoin === coin && markUsd !== null,
  );
  return seen?.markUsd ?? 0;
}
