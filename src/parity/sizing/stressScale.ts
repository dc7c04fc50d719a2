/**
 * How far notionals may go under the stressed-margin rule.
 *
 * Not linear, because tiers rise; headroom is concave in the scale, so a bisection between a scale that holds and one that does
 * not finds the edge.
 */
import type { VenueId } from '../../domain/ids.ts';
import type { StressScenario } from '../../margin/scenarios.ts';
import { stressAt } from './accounts.ts';
import type { Book } from './book.ts';
import { quantitiesOf } from './netting.ts';

const BISECTIONS = 40;

export const stressReason = {
  code: 'STRESSED_MARGIN',
  lifts: 'more equity at the venue, a lower sizing.stressedMarginBuffer, or milder stress floors',
} as const;

/**
 * The largest share in 0…1 at which the rule holds; 0 where it never does.
 *
 * @param notionalsAt unsigned, universe order. @param only one venue, or all.
 */
export function stressScale(
  book: Book,
  scenarios: readonly StressScenario[],
  notionalsAt: (share: number) => readonly number[],
  only: VenueId | null = null,
): number {
  const holds = (share: number) =>
    stressAt(book, quantitiesOf(book, notionalsAt(share)), scenarios, only).kind === 'holds';
  if (holds(1)) return 1;
  let low = 0;
  let high = 1;
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}
