/** Observes: reads the world once, into the snapshot. Nobody reads again while deciding. */
import { bookUnitOf } from '../domain/bookUnit.ts';
import type { LegTarget } from '../domain/decision.ts';
import type { LegId, VenueId } from '../domain/ids.ts';
import { exposures } from '../domain/leg.ts';
import type { Policy } from '../domain/policy.ts';
import type { RiskExplanation } from '../domain/riskExplanation.ts';
import type {
  BookUnit,
  InstrumentObservation,
  PreviousDecision,
  Snapshot,
} from '../domain/snapshot.ts';
import { requiredSymbols, stablecoinsOf } from '../domain/universe.ts';
import { worstDay } from '../risk/worstDay.ts';
import { bookValue } from './bookValue.ts';
import { foreignInstruments } from './foreignActivity.ts';
import { heldBaseOf, legHoldings } from './legHoldings.ts';
import { observeHedged } from './observeHedged.ts';
import { observeHeld } from './observeHeld.ts';
import { observeMarket } from './observeMarket.ts';
import { observeReturns } from './observeReturns.ts';
import { observeSignals } from './observeSignals.ts';
import { pegsInForce } from './pegMemory.ts';
import type { DecisionRecord } from './ports/stores.ts';
import type { Ports } from './ports.ts';
import { flowsSinceMark } from './recordEquity.ts';
import { readRepeats } from './repeatLatch.ts';
import type { Slot } from './slot.ts';

const dayMs = 86_400_000;

/**
 * @param asked of other venues only what is remembered is there; absent: all are asked.
 * @throws OperatingError when the database cannot be read; what else fails is unknown in the snapshot.
 */
export async function observe(
  ports: Ports,
  policy: Policy,
  slot: Slot,
  asked?: ReadonlySet<VenueId>,
): Promise<Snapshot> {
  const { portfolio, risk } = policy;
  // What closes waits for no more than it needs: no look at the venues, no signals of markets.
  const looks = slot.trigger !== 'guard' && slot.trigger !== 'flatten';
  const market = await observeMarket(ports, portfolio, requiredSymbols(policy), { asked, looks });
  const observedAtMs = ports.clock.nowMs();
  const lastBarCloseMs = Math.floor(observedAtMs / risk.barMs) * risk.barMs;
  const dayStartMs = Math.floor(observedAtMs / dayMs) * dayMs;
  const unit = unitOf(policy, market.instruments);
  const [
    returnsByLeg,
    latest,
    equity,
    halt,
    openOrders,
    discrepancies,
    repeats,
    balances,
    installation,
    signals,
    hedgedReturns,
    pegs,
    flowsUsd,
    foreign,
  ] = await Promise.all([
    observeReturns(ports, policy, lastBarCloseMs),
    ports.decisions.latest(portfolio),
    ports.state.equityMarks(portfolio, dayStartMs),
    ports.state.halt(portfolio),
    ports.orders.unended(portfolio),
    ports.state.discrepancies(portfolio),
    readRepeats(ports, policy),
    ports.ledger.balances(portfolio),
    ports.state.installation(),
    looks ? observeSignals(ports, policy, market.instruments) : null,
    observeHedged(ports, policy, lastBarCloseMs),
    pegsInForce(ports, portfolio, stablecoinsOf(policy)),
    flowsSinceMark(ports, portfolio, unit),
    foreignInstruments(
      ports,
      policy,
      market.instruments.map((one) => one.instrument.id),
    ),
  ]);
  const holdings = legHoldings(
    balances,
    policy.legs,
    market.instruments.map((one) => one.instrument),
  );
  const { instruments } = market;
  const heldUsdByLegByBar = await observeHeld(ports, policy, {
    lastBarCloseMs,
    holdings,
    instruments,
    unit,
  });
  return {
    schema: 1,
    portfolio,
    installation,
    rebalanceId: slot.rebalanceId,
    trigger: slot.trigger,
    observedAtMs,
    unit,
    legs: policy.legs.map((leg) => leg.id),
    returnsByLeg,
    ...(Object.keys(hedgedReturns).length === 0 ? {} : { hedgedReturns }),
    lastBarCloseMs,
    worstDayByLeg: returnsByLeg.map((returns) => worstDay(returns, Math.round(dayMs / risk.barMs))),
    holdings,
    heldUsdByLeg: policy.legs.map((leg) => {
      const first = exposures(leg)[0];
      const held = heldBaseOf(holdings, leg);
      const value =
        first === undefined
          ? null
          : bookValue(first.instrument, market.instruments, unit, stablecoinsOf(policy));
      return held === 0 || value === null ? 0 : held * value;
    }),
    ...(heldUsdByLegByBar.length === 0 ? {} : { heldUsdByLegByBar }),
    instruments,
    venues: market.venues,
    openOrders,
    halt,
    ...(signals === null ? {} : { signals }),
    ...(Object.keys(pegs).length === 0 ? {} : { pegs }),
    discrepancies: discrepancies.length,
    ...(foreign.length === 0 ? {} : { foreignInstruments: foreign }),
    previous: latest === null ? null : previousOf(latest),
    peakEquityUsd: raised(equity.peakEquityUsd, flowsUsd),
    dayStartEquityUsd: raised(equity.dayStartEquityUsd, flowsUsd),
    repeatsByInstrument: repeats,
  };
}

/** A deposit since the mark would have raised it too. */
const raised = (markUsd: number | null, flowsUsd: number): number | null =>
  markUsd === null ? null : markUsd + flowsUsd;

/** USDT's worth from USDC/USDT wherever it trades; other coins from their spot or perpetual against USDT. */
function unitOf(policy: Policy, instruments: readonly InstrumentObservation[]): BookUnit {
  const usdc: number[] = [];
  const marks: Record<string, number[]> = {};
  for (const { instrument, quote } of instruments) {
    if (quote.kind !== 'observed' || instrument.quoteCoin !== 'USDT') continue;
    if (instrument.symbol === 'USDC/USDT') usdc.push(quote.value.mark);
    const found = marks[instrument.baseCoin] ?? [];
    marks[instrument.baseCoin] = [...found, quote.value.mark];
  }
  return bookUnitOf(policy.bookUnit, usdc, marks);
}

function previousOf(record: DecisionRecord): PreviousDecision | null {
  const { decision, snapshot, rebalanceId } = record;
  const { legs, risk } = decision.explanation ?? {};
  if (legs === undefined) return snapshot.previous;
  const by = <T>(value: (leg: LegTarget) => T | null): Record<LegId, T> =>
    Object.fromEntries(
      legs.flatMap((leg) => {
        const found = value(leg);
        return found === null ? [] : [[leg.leg, found]];
      }),
    );
  return {
    rebalanceId,
    decidedAtMs: decision.decidedAtMs,
    weights: by((leg) => leg.weight),
    volatilityAnnual: by((leg) => leg.volatilityAnnual),
    ...(risk === undefined ? {} : { lastEstimates: estimatesOf(risk) }),
    gatesOpen: by((leg) => leg.gateOpen),
  };
}

const estimatesOf = ({ legs }: RiskExplanation): NonNullable<PreviousDecision['lastEstimates']> =>
  Object.fromEntries(
    legs.flatMap(({ leg, estimate }) => (estimate === null ? [] : [[leg, estimate]])),
  );
