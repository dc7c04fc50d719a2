/**
 * Historical value at risk and expected shortfall with their components: the book's own worst bars.
 *
 * With a = 1 - confidence: VaR is the loss of order ceil(aT) from the worst; shortfall is the mean of the worst aT
 * bars, the last of them in part (Acerbi and Tasche 2002). A component is the leg's loss on those bars; they add up.
 */
import { invariant } from '../math/invariant.ts';
import type { TailMeasure, TailRisk } from './tailRisk.ts';

/**
 * @param exposures shape (N,), signed.
 * @param returnsByLeg N × T complete simple returns, T ≥ 1.
 */
export function historicalTailRisk(
  exposures: readonly number[],
  returnsByLeg: readonly ArrayLike<number>[],
  options: { readonly measure: TailMeasure; readonly confidence: number },
): TailRisk {
  const bars = returnsByLeg[0]?.length ?? 0;
  invariant(bars > 0, `needs a bar, was ${bars}`);
  const book = new Float64Array(bars);
  for (const [leg, series] of returnsByLeg.entries()) {
    const exposure = exposures[leg] ?? 0;
    for (let bar = 0; bar < bars; bar++) {
      book[bar] = (book[bar] as number) + exposure * (series[bar] ?? 0);
    }
  }
  // Rounding of 1 - confidence must not add a bar: 1 - 0.99 is a little more than 0.01.
  const share = Math.max((1 - options.confidence) * bars, 1e-9);
  const count = Math.min(bars, Math.max(1, Math.ceil(share - 1e-9)));
  const edge = book.toSorted()[count - 1] as number;
  const order = Array.from(book.keys())
    .filter((bar) => (book[bar] as number) <= edge)
    .sort((a, b) => (book[a] as number) - (book[b] as number));
  const weights =
    options.measure === 'value-at-risk'
      ? order.slice(count - 1, count).map((bar) => ({ bar, weight: 1 }))
      : order.slice(0, count).map((bar, rank) => ({
          bar,
          weight: share < 1 ? 1 : Math.min(1, share - rank) / share,
        }));
  const components = exposures.map((exposure, leg) =>
    weights.reduce(
      (sum, { bar, weight }) => sum - weight * exposure * (returnsByLeg[leg]?.[bar] ?? 0),
      0,
    ),
  );
  return { risk: components.reduce((sum, value) => sum + value, 0), components };
}
