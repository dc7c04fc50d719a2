/**
 * The drift watch: has a leg left its band since the last decision, whether it traded or stood?
 *
 * A rebalance on drift is worth its cost only beyond twice the band that the plan itself leaves alone, and not sooner than a
 * pause after the last decision, so that a leg that cannot be traded does not ask for one every minute.
 */
import { exposures } from '../domain/leg.ts';
import type { Policy } from '../domain/policy.ts';
import type { Quote } from '../domain/snapshot.ts';
import { costBandShare, tradeCostShare } from '../execution/costBand.ts';
import { attempt } from './attempt.ts';
import { heldBaseOf, legHoldings } from './legHoldings.ts';
import { type loadInstruments, oneForOne } from './observeMarket.ts';
import type { Ports } from './ports.ts';

const bandMultiple = 2;
const pauseMs = 900_000;

export type Drifted = {
  readonly leg: string;
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
    const first = exposures(leg)[0];
    const instrument = instruments.find((one) => one.id === first?.instrument);
    const venue = ports.venues.get(leg.venue);
    if (target === undefined || instrument === undefined || venue === undefined) continue;
    const usd = unit.usdByCoin[instrument.quoteCoin];
    const quote =
      instrument.kind === 'earn'
        ? oneForOne
        : await quoteOf(ports, venue.reader, instrument.symbol);
    if (usd === undefined || quote === null) continue;
    const heldUsd = heldBaseOf(holdings, leg) * quote.mark * usd;
    const { targetUsd } = target;
    const costShare = costBandShare(policy.sizing, {
      equityUsd: explanation.portfolio.equityUsd,
      targetUsd: Math.abs(targetUsd),
      costShare: tradeCostShare(quote, instrument.takerFeeRate),
    });
    const bandShare = Math.max(policy.sizing.driftBandShare, costShare);
    const band = bandMultiple * bandShare * Math.abs(targetUsd);
    if (Math.abs(heldUsd - targetUsd) > band) drifted.push({ leg: leg.id, targetUsd, heldUsd });
  }
  return drifted;
}

async function quoteOf(
  ports: Ports,
  reader: Parameters<typeof loadInstruments>[1]['reader'],
  symbol: string,
): Promise<Quote | null> {
  const read = await attempt(ports, async () => {
    const [instrument] = await reader.instruments([symbol]);
    return instrument === undefined ? null : await reader.quote(instrument);
  });
  return read.kind === 'observed' ? read.value : null;
}
