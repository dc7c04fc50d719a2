/**
 * The drift watch: has a leg left its band since the last decision, whether it traded or stood?
 *
 * A rebalance on drift is worth its cost only beyond twice the band that the plan itself leaves alone, and not sooner than a
 * pause after the last decision, so that a leg that cannot be traded does not ask for one every minute.
 */
import type { Instrument } from '../domain/instrument.ts';
import { exposures } from '../domain/leg.ts';
import type { Policy } from '../domain/policy.ts';
import type { Quote } from '../domain/snapshot.ts';
import { costBandShare, tradeCostShare } from '../execution/costBand.ts';
import { attempt } from './attempt.ts';
import { heldBaseOf, legHoldings } from './legHoldings.ts';
import { oneForOne } from './observeMarket.ts';
import type { Ports } from './ports.ts';

const bandMultiple = 2;
const pauseMs = 900_000;

export type Drifted = {
  readonly leg: string;
  /** The first of the leg's that is out of its band; target and holding are of it. */
  readonly instrument: string;
  readonly targetUsd: number;
  readonly heldUsd: number;
};

/** @returns the legs out of their bands; none while the last decision is young or could size nothing, or prices are unknown. */
export async function watchDrift(ports: Ports, policy: Policy): Promise<readonly Drifted[]> {
  const latest = await ports.decisions.latest(policy.portfolio);
  const explanation = latest?.decision.explanation ?? null;
  if (latest === null || explanation === null) return [];
  if (ports.clock.nowMs() - latest.decision.decidedAtMs < pauseMs) return [];
  const { unit, instruments: observed } = latest.snapshot;
  if (unit.kind === 'unknown') return [];
  const instruments = observed.map((one) => one.instrument);
  const balances = await ports.ledger.balances(policy.portfolio);
  const holdings = legHoldings(balances, policy.legs, instruments);
  const drifted: Drifted[] = [];
  for (const leg of policy.legs) {
    const target = explanation.legs.find((one) => one.leg === leg.id);
    const [first] = exposures(leg);
    if (target === undefined || first === undefined) continue;
    // Half a pair may be gone while the other stands where it should.
    for (const exposure of exposures(leg)) {
      const instrument = instruments.find((one) => one.id === exposure.instrument);
      const usd = instrument === undefined ? undefined : unit.usdByCoin[instrument.quoteCoin];
      const quote = instrument === undefined ? null : await quoteOf(ports, instrument);
      if (instrument === undefined || usd === undefined || quote === null) continue;
      const heldUsd = heldBaseOf(holdings, leg, exposure) * quote.mark * usd;
      const targetUsd = target.targetUsd * exposure.sign * first.sign;
      const band = bandUsd(policy, explanation.portfolio.equityUsd, targetUsd, {
        quote,
        instrument,
      });
      if (Math.abs(heldUsd - targetUsd) <= band) continue;
      drifted.push({ leg: leg.id, instrument: instrument.id, targetUsd, heldUsd });
      break;
    }
  }
  return drifted;
}

function bandUsd(
  { sizing }: Policy,
  equityUsd: number,
  targetUsd: number,
  { quote, instrument }: { readonly quote: Quote; readonly instrument: Instrument },
): number {
  const costShare = costBandShare(sizing, {
    equityUsd,
    targetUsd: Math.abs(targetUsd),
    costShare: tradeCostShare(quote, instrument.takerFeeRate),
  });
  return bandMultiple * Math.max(sizing.driftBandShare, costShare) * Math.abs(targetUsd);
}

/** null: the venue is not configured, or gave no answer. */
async function quoteOf(ports: Ports, { venue, kind, symbol }: Instrument): Promise<Quote | null> {
  const reader = ports.venues.get(venue)?.reader;
  if (reader === undefined) return null;
  if (kind === 'earn') return oneForOne;
  const read = await attempt(ports, async () => {
    const [instrument] = await reader.instruments([symbol]);
    return instrument === undefined ? null : await reader.quote(instrument);
  });
  return read.kind === 'observed' ? read.value : null;
}
