/** The explanation of a decision: every leg, every instrument and the portfolio, in the units a person reads. */

import { toNumber } from '../../domain/decimal.ts';
import type {
  Binding,
  Explanation,
  InstrumentTarget,
  LegTarget,
  PortfolioTarget,
} from '../../domain/decision.ts';
import type { InstrumentId } from '../../domain/ids.ts';
import { isFunded } from '../../domain/leg.ts';
import { initialMarginUsd } from '../../margin/tier.ts';
import type { RiskEstimate, RiskInput } from '../../risk/riskTypes.ts';
import type { Book } from './book.ts';
import { marginLeverage } from './capital.ts';
import { explainRisk } from './explainRisk.ts';
import { explainSignals } from './explainSignals.ts';
import { hedgeReports } from './hedgeReports.ts';
import { directionOf } from './legState.ts';
import type { Netted } from './netting.ts';
import type { SizedBook } from './sizeBook.ts';
import { overRows, volatilityUsd } from './sizingProblem.ts';
import { transfersOf } from './transfers.ts';
import { timesCovariance } from './weigh.ts';

type Explained = {
  readonly book: Book;
  readonly input: RiskInput;
  readonly estimate: RiskEstimate;
  readonly sized: SizedBook;
  readonly targets: readonly Netted[];
  readonly withheld: ReadonlyMap<InstrumentId, InstrumentTarget['withheld']>;
  readonly denied: ReadonlySet<InstrumentId>;
};

export function explain(input: Explained): Explanation {
  const { targets, withheld, denied } = input;
  const signals = explainSignals(input.book, targets);
  const transfers = transfersOf(input.book, input.sized);
  const hedges = hedgeReports(input.book, input.sized.notionalsUsd);
  return {
    legs: legTargets(input),
    instruments: targets.map((target) => ({
      ...target,
      withheld: denied.has(target.instrument)
        ? 'denied'
        : (withheld.get(target.instrument) ?? null),
    })),
    portfolio: portfolioTarget(input),
    risk: explainRisk(input.book, input.estimate, input.input, input.sized.notionalsUsd),
    ...(signals.length === 0 ? {} : { signals }),
    ...(transfers.length === 0 ? {} : { transfers }),
    ...(hedges.length === 0 ? {} : { hedges }),
  };
}

function legTargets({ book, estimate, sized }: Explained): readonly LegTarget[] {
  const { notionalsUsd } = sized;
  const rows = overRows(estimate, notionalsUsd);
  const marginal = timesCovariance(estimate, rows);
  const variance = rows.reduce((sum, usd, row) => sum + usd * (marginal[row] ?? 0), 0);
  const grossUsd = notionalsUsd.reduce((sum, usd) => sum + usd, 0);
  return book.legs.map((leg, index) => {
    const row = estimate.legIndices.indexOf(index);
    const standing = sized.standings[index];
    const notionalUsd = notionalsUsd[index] ?? 0;
    const sign = directionOf(leg);
    const state = standing?.state;
    return {
      leg: leg.id,
      budget: sized.budgets[index] ?? 0,
      weight: grossUsd > 0 ? (sign * notionalUsd) / grossUsd : 0,
      riskShare: variance > 0 && row >= 0 ? (notionalUsd * (marginal[row] ?? 0)) / variance : 0,
      volatilityAnnual: estimate.volatilityAnnual[row] ?? null,
      targetUsd: sign * notionalUsd,
      heldUsd: book.snapshot.heldUsdByLeg[index] ?? 0,
      binding: sized.bindings[index] ?? null,
      gateOpen: standing?.gateOpen ?? null,
      leftOut: state === undefined || state.kind === 'sized' ? null : state.reason,
    };
  });
}

function portfolioTarget({ book, estimate, sized, targets }: Explained): PortfolioTarget {
  const { notionalsUsd } = sized;
  let grossUsd = 0;
  let marginUsd = 0;
  for (const { instrument, parts, markUsd, targetBase } of targets) {
    const held = book.instrumentById.get(instrument)?.instrument;
    const usd = Math.abs(toNumber(targetBase)) * markUsd;
    // Coins that only wait to be lent are no leg's.
    if (parts.length > 0) grossUsd += usd;
    if (held?.kind === 'perpetual') {
      marginUsd += initialMarginUsd(usd, marginLeverage(book.policy.sizing, held.tiers, usd));
    }
  }
  return {
    equityUsd: book.equityUsd,
    targetVolatilityAnnual: book.policy.sizing.targetVolatilityAnnual,
    forecastVolatilityAnnual: volatilityUsd(estimate, notionalsUsd) / book.equityUsd,
    grossLeverage: grossUsd / book.equityUsd,
    fundedUsd: book.legs.reduce(
      (sum, leg, index) => sum + (isFunded(leg) ? (notionalsUsd[index] ?? 0) : 0),
      0,
    ),
    initialMarginUsd: marginUsd,
    binding: tightest(sized.bindings),
    solver: sized.solver,
    repairs: sized.repairs,
  };
}

/** What holds most of the book back, with all that it holds back. */
function tightest(bindings: readonly (Binding | null)[]): Binding | null {
  const byCode = new Map<Binding['code'], Binding>();
  for (const binding of bindings) {
    if (binding === null) continue;
    const before = byCode.get(binding.code);
    const shortfallUsd = (before?.shortfallUsd ?? 0) + binding.shortfallUsd;
    byCode.set(binding.code, { ...(before ?? binding), shortfallUsd });
  }
  return [...byCode.values()].reduce<Binding | null>(
    (most, each) => (most === null || each.shortfallUsd > most.shortfallUsd ? each : most),
    null,
  );
}
