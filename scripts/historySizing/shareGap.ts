/** How far the legs' shares of the risk are from what sizing wants, once a decision has traded. */
import type { Decision } from '../../src/domain/decision.ts';
import { exposures } from '../../src/domain/leg.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { readBook } from '../../src/parity/sizing/book.ts';
import { riskInput } from '../../src/parity/sizing/riskInput.ts';
import { overRows } from '../../src/parity/sizing/sizingProblem.ts';
import { contributions } from '../../src/risk/contributions.ts';
import { estimateRisk } from '../../src/risk/estimateRisk.ts';
import type { Parts } from './snapshot.ts';

/** @returns the most over the legs, a share of the variance; null where nothing was sized or is held. */
export function shareGap(
  snapshot: Snapshot,
  policy: Policy,
  decision: Decision,
  held: Parts,
): number | null {
  const reading = readBook(snapshot, policy);
  const wanted = decision.explanation?.legs;
  if (reading.kind === 'unknown' || wanted === undefined) return null;
  const { book } = reading;
  const estimate = estimateRisk(riskInput(book));
  if (estimate.kind === 'insufficientHistory') return null;
  const heldUsd = book.legs.map((leg) => {
    const first = exposures(leg)[0];
    const seen = first === undefined ? undefined : book.instrumentById.get(first.instrument);
    const quantity = first === undefined ? 0 : (held.get(leg.id)?.get(first.instrument) ?? 0);
    return Math.abs(quantity * (seen?.markUsd ?? 0));
  });
  const shares = (usd: readonly number[]) =>
    contributions(overRows(estimate, usd), estimate.covarianceAnnual).riskShares;
  const found = shares(heldUsd);
  const asked = shares(wanted.map((leg) => Math.abs(leg.targetUsd)));
  const gaps = found.map((share, row) => Math.abs(share - (asked[row] ?? 0)));
  return gaps.every(Number.isFinite) ? Math.max(...gaps) : null;
}
