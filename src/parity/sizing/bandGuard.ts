/** Which legs no drift band may protect: those in a cap that would be exceeded, and those at a venue that would break the stress rule. */
import { bookScenarios, type Quantities, stressAt } from './accounts.ts';
import type { Book } from './book.ts';
import { usedUsd } from './caps.ts';
import type { SizedBook } from './sizeBook.ts';

/** Above a cap by less than this share is rounding. */
const ROUNDING_SHARE = 1e-9;

/** @returns per leg of the universe, from the notionals that the legs would hold and the quantities that the accounts would. */
export function bandGuard(
  book: Book,
  sized: SizedBook,
): (notionalsUsd: readonly number[], quantities: Quantities) => readonly boolean[] {
  const scenarios = bookScenarios(book);
  return (notionalsUsd, quantities) => {
    const exceeded = sized.caps.filter(
      (cap) => usedUsd(cap, notionalsUsd) > cap.limitUsd * (1 + ROUNDING_SHARE),
    );
    const broken = new Set(
      book.venues.flatMap(({ venue }) =>
        stressAt(book, quantities, scenarios, venue).kind === 'breached' ? [venue] : [],
      ),
    );
    return book.legs.map(
      (leg, index) =>
        broken.has(leg.venue) || exceeded.some((cap) => (cap.coefficients[index] ?? 0) > 0),
    );
  };
}
