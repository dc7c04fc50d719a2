/**
 * Sizing: weights × volatility target → notionals, brought under every cap, each with what holds it back.
 *
 * The uncapped book is risk parity over all legs with an estimate, at the share of the volatility target that their
 * budgets give them. From there notionals only fall: a leg that is left out or capped leaves its risk idle. `parity`
 * solves again over the legs that can be sized and scales them together, so that their shares hold; `exposure` cuts
 * only the legs that a cap concerns. Legs that may not grow are fixed beside them.
 */
import type { Binding, PortfolioTarget } from '../../domain/decision.ts';
import type { RiskEstimate } from '../../risk/riskTypes.ts';
import { bookScenarios } from './accounts.ts';
import type { Book } from './book.ts';
import { budgetsOf } from './budgets.ts';
import { type Cap, linearCaps } from './caps.ts';
import { type FixedLegs, fixLegs } from './fixedLegs.ts';
import { type LegStanding, legStandings } from './legState.ts';
import { type Scaling, scaleEach, scaleTogether } from './scaling.ts';
import type { SizingProblem } from './sizingProblem.ts';
import { scaleToVolatility, type Weighing, weigh } from './weigh.ts';

export type SizedBook = {
  readonly kind: 'sized';
  /** Unsigned, universe order. */
  readonly notionalsUsd: readonly number[];
  /** What parity at the volatility target would give; 0 where there is no estimate. */
  readonly uncappedUsd: readonly number[];
  readonly budgets: readonly number[];
  readonly standings: readonly LegStanding[];
  readonly bindings: readonly (Binding | null)[];
  readonly caps: readonly Cap[];
  readonly solver: PortfolioTarget['solver'];
  readonly repairs: readonly string[];
};

type NotSized = { readonly kind: 'notConverged'; readonly reason: string };

/** Notionals of all legs; `notConverged` when the weights could not be solved. */
export function sizeBook(book: Book, estimate: RiskEstimate): SizedBook | NotSized {
  const budgets = budgetsOf(book.policy);
  const observed = legStandings(book, estimate);
  const caps = linearCaps(
    book,
    observed.map((standing) => standing.heldUsd),
  );
  const rowBudgets = estimate.legIndices.map((leg) => budgets[leg] ?? 0);
  const allRows = estimate.legIndices
    .map((_, row) => row)
    .filter((row) => (rowBudgets[row] ?? 0) > 0);
  if (allRows.length === 0)
    return { kind: 'notConverged', reason: 'no leg with a budget has an estimate' };

  const estimated = Math.min(1, sumOf(rowBudgets));
  const whole = { rows: allRows, budgets: rowBudgets, grossShare: estimated };
  const full = weigh(book, estimate, whole);
  if (full.kind === 'notConverged') return full;
  const uncapped = atTarget(book, estimate, full.weights, rowBudgets);
  const uncappedUsd = overUniverse(book, estimate, uncapped);
  const standings = withoutRoomless(observed, caps, uncappedUsd);

  const sizedRows = allRows.filter(
    (row) => standings[estimate.legIndices[row] ?? -1]?.state.kind === 'sized',
  );
  const again = solveAgain(book, estimate, { full, allRows, sizedRows, rowBudgets });
  if (again.kind === 'notConverged') return again;

  const scenarios = bookScenarios(book);
  const fixed = fixLegs(book, { standings, uncappedUsd, caps, scenarios });
  const problem: SizingProblem = {
    book,
    estimate,
    standings,
    caps,
    scenarios,
    uncappedUsd,
    fixedUsd: fixed.notionalsUsd,
  };
  const scaling: Scaling =
    book.policy.sizing.whenCapped === 'parity'
      ? scaleTogether(problem, overUniverse(book, estimate, again.weights))
      : scaleEach(problem);
  return {
    kind: 'sized',
    notionalsUsd: scaling.notionalsUsd,
    uncappedUsd,
    budgets,
    standings,
    bindings: bindingsOf(problem, scaling, fixed),
    caps,
    solver: { method: full.method, iterations: full.iterations, worstGap: full.worstGap },
    repairs: [...full.repairs, ...estimate.repairs.map((repair) => repair.code)],
  };
}

/**
 * A leg whose own caps leave it nothing is left out, so that in `parity` it does not hold the others at nothing; one whose
 * book is too thin for what it holds, and which would grow, stays as it is, and the others keep their own sizes beside it.
 */
function withoutRoomless(
  standings: readonly LegStanding[],
  caps: readonly Cap[],
  uncappedUsd: readonly number[],
): readonly LegStanding[] {
  return standings.map((standing, index) => {
    const { state, heldUsd } = standing;
    if (state.kind !== 'sized') return standing;
    const grows = (uncappedUsd[index] ?? 0) > heldUsd;
    const full = caps.find((cap) => {
      const least = cap.code === 'LIQUIDITY' && grows ? heldUsd : 0;
      return cap.limitUsd <= least && (cap.coefficients[index] ?? 0) > 0;
    });
    if (full === undefined) return standing;
    const { row } = state;
    const { code } = full;
    const reason = `no room under ${code}; it would take ${full.lifts}`;
    return heldUsd > 0 && full.limitUsd > 0
      ? { ...standing, state: { kind: 'held', row, keeps: false, code, reason } }
      : { ...standing, state: { kind: 'out', row, code, reason } };
  });
}

/** Budgets of legs without an estimate stay idle: volatility adds in squares, so the target falls by the root. */
function atTarget(
  book: Book,
  estimate: RiskEstimate,
  weights: readonly number[],
  rowBudgets: readonly number[],
): readonly number[] {
  const share = Math.min(1, sumOf(rowBudgets));
  const limitUsd = book.policy.sizing.targetVolatilityAnnual * Math.sqrt(share) * book.equityUsd;
  const none = weights.map(() => 0);
  const scale = scaleToVolatility(estimate, weights, none, limitUsd);
  return weights.map((weight) => scale * weight);
}

function solveAgain(
  book: Book,
  estimate: RiskEstimate,
  at: {
    readonly full: Extract<Weighing, { kind: 'weighed' }>;
    readonly allRows: readonly number[];
    readonly sizedRows: readonly number[];
    readonly rowBudgets: readonly number[];
  },
): Weighing {
  if (at.sizedRows.length === at.allRows.length) return at.full;
  if (at.sizedRows.length === 0) return { ...at.full, weights: at.full.weights.map(() => 0) };
  const part = sumOf(at.sizedRows.map((row) => at.full.weights[row] ?? 0));
  const grossShare = part * Math.min(1, sumOf(at.rowBudgets));
  return weigh(book, estimate, { rows: at.sizedRows, budgets: at.rowBudgets, grossShare });
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0);

function overUniverse(
  book: Book,
  estimate: RiskEstimate,
  rows: readonly number[],
): readonly number[] {
  return book.legs.map((_, index) => rows[estimate.legIndices.indexOf(index)] ?? 0);
}

/** Less than this share below its uncapped size is rounding. */
const ROUNDING_SHARE = 1e-9;

function bindingsOf(
  problem: SizingProblem,
  scaling: Scaling,
  fixed: FixedLegs,
): readonly (Binding | null)[] {
  return problem.standings.map(({ state }, index) => {
    const wantedUsd = problem.uncappedUsd[index] ?? 0;
    const shortfallUsd = Math.max(0, wantedUsd - (scaling.notionalsUsd[index] ?? 0));
    if (state.kind !== 'sized') {
      const { code, lifts } = fixed.heldBackBy[index] ?? { code: state.code, lifts: state.reason };
      return { code, shortfallUsd, lifts };
    }
    const reason = scaling.heldBackBy[index] ?? null;
    if (reason === null || shortfallUsd <= ROUNDING_SHARE * wantedUsd) return null;
    return { code: reason.code, shortfallUsd, lifts: reason.lifts };
  });
}
