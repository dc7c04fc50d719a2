/**
 * decide(snapshot, policy): risk → weights → targets → plan → checks, pure; the whole explanation with the answer.
 *
 * The same snapshot and policy give the same decision, to the last digit, wherever and whenever it is asked again.
 */
import { checkPlan } from '../checks/checkPlan.ts';
import type { Decision, Explanation, StandCode } from '../domain/decision.ts';
import type { Policy } from '../domain/policy.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { planOrders } from '../execution/planOrders.ts';
import { bandGuard } from '../parity/sizing/bandGuard.ts';
import { readBook } from '../parity/sizing/book.ts';
import { explain } from '../parity/sizing/explain.ts';
import { netTargets } from '../parity/sizing/netting.ts';
import { riskInput } from '../parity/sizing/riskInput.ts';
import { sizeBook } from '../parity/sizing/sizeBook.ts';
import { estimateRisk } from '../risk/estimateRisk.ts';

/** Trade with approved orders, or stand with the reason; JSON-safe. Never throws for what a snapshot can hold. */
export function decide(snapshot: Snapshot, policy: Policy): Decision {
  const reading = readBook(snapshot, policy);
  if (reading.kind === 'unknown')
    return stand(snapshot, policy, reading.code, reading.reason, null);
  const { book } = reading;

  const input = riskInput(book);
  const estimate = estimateRisk(input);
  if (estimate.kind === 'insufficientHistory') {
    const reason = `no leg has ${policy.risk.historyBarsMin} bars of history`;
    return stand(snapshot, policy, 'INSUFFICIENT_HISTORY', reason, null);
  }
  const sized = sizeBook(book, estimate);
  if (sized.kind === 'notConverged') {
    return stand(snapshot, policy, 'NOT_CONVERGED', sized.reason, null);
  }
  const targets = netTargets(book, sized.notionalsUsd);
  const plan = planOrders(book, targets, bandGuard(book, sized));
  const checked = checkPlan(book, plan.orders);

  const denied = new Set(checked.denials.flatMap((denial) => denial.instrument ?? []));
  const explanation = explain({
    book,
    input,
    estimate,
    sized,
    targets,
    withheld: plan.withheld,
    denied,
  });
  const { halt } = snapshot;
  if (halt.halted) {
    const reason = `trading is halted: ${halt.reason ?? 'no reason was given'}`;
    return stand(snapshot, policy, 'HALTED', reason, explanation);
  }
  if (plan.orders.length === 0) {
    return stand(snapshot, policy, 'WITHIN_BANDS', 'nothing is worth an order', explanation);
  }
  if (checked.approved.length === 0) {
    const first = checked.denials[0];
    const reason = `all orders were denied, the first for ${first?.code}: ${first?.message}`;
    return {
      ...stand(snapshot, policy, 'ALL_DENIED', reason, explanation),
      denials: checked.denials,
    };
  }
  return asStored({
    kind: 'trade',
    ...headOf(snapshot, policy),
    orders: checked.approved,
    denials: checked.denials,
    explanation,
  });
}

function headOf(snapshot: Snapshot, policy: Policy) {
  return {
    rebalanceId: snapshot.rebalanceId,
    decidedAtMs: snapshot.observedAtMs,
    deadlineMs: snapshot.observedAtMs + policy.execution.deadlineMs,
  };
}

function stand(
  snapshot: Snapshot,
  policy: Policy,
  code: StandCode,
  reason: string,
  explanation: Explanation | null,
): Extract<Decision, { kind: 'stand' }> {
  const head = headOf(snapshot, policy);
  return asStored({ kind: 'stand', ...head, code, reason, denials: [], explanation });
}

/** As the database gives it back: no -0, no keys without a value; so a replay can compare whole decisions. */
function asStored<D extends Decision>(decision: D): D {
  return JSON.parse(JSON.stringify(decision)) as D;
}
