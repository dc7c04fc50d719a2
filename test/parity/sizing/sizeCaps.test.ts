/**
 * Goal: each cap of a leg, an issuer or a venue cuts what it concerns, says so, and leaves the others.
 * Method: closed forms: one cap at a time binds, and the figure that it leaves can be written down.
 */
import { describe, expect, test } from 'vitest';
import { legId } from '../../../src/domain/ids.ts';
import type { Leg } from '../../../src/domain/leg.ts';
import { observed, unknown } from '../../../src/domain/observed.ts';
import type { InstrumentObservation, VenueObservation } from '../../../src/domain/snapshot.ts';
import { beta, lendingLeg } from '../../rebalance/legsGiven.ts';
import { policyOf } from '../../rebalance/policyGiven.ts';
import { nowMs, quoteOf } from '../../rebalance/snapshotWorld.ts';
import { btc, size, sol, within } from './sizedGiven.ts';

describe('closed forms', () => {
  test('cash: what is lent and bought plus margin is at most the usable share', () => {
    const policy = policyOf([btc, lendingLeg], { sizing: { usableEquityShare: 0.5 } });
    const { sized } = size(policy, { volatilities: [0.5, 0.01] });
    const [btcUsd = 0, lentUsd = 0] = sized.notionalsUsd;
    within(btcUsd / 10 + lentUsd, 50_000, 1e-9);
    expect(sized.bindings[1]?.code).toBe('CASH');
    expect(sized.bindings[1]?.lifts).toContain('usableEquityShare');
  });

  test('cash is counted per venue: what lies at one is of no use at the other', () => {
    const legs: Leg[] = [{ ...btc, venue: beta }, lendingLeg];
    const policy = policyOf(legs, { sizing: { whenCapped: 'exposure' } });
    const { sized } = size(policy, { volatilities: [0.5, 0.01] });
    within(sized.notionalsUsd[1], 50_000, 1e-9);
    expect(sized.bindings[0]).toBeNull();
  });

  test('an issuer is capped over all legs that hold its coin', () => {
    const lendBeta: Leg = { ...lendingLeg, id: legId('beta-earn'), venue: beta };
    const policy = policyOf([btc, lendingLeg, lendBeta], { sizing: { issuerShareMax: 0.2 } });
    const { sized } = size(policy, { volatilities: [0.5, 0.01, 0.01] });
    within((sized.notionalsUsd[1] ?? 0) + (sized.notionalsUsd[2] ?? 0), 20_000, 1e-9);
    expect(sized.bindings[1]?.code).toBe('ISSUER_CAP');
  });

  test('what legs tie up at a venue is at most its loss budget ÷ (PD·LGD) of the equity', () => {
    const venue = (seen: VenueObservation) => ({
      ...seen,
      health: { ...seen.health, defaultProbabilityAnnual: 0.2 },
    });
    const policy = policyOf([btc, lendingLeg], { sizing: { venueLossBudgetShare: 0.03 } });
    const { sized } = size(policy, { volatilities: [0.5, 0.01], venue, held: [20_000, 60_000] });
    // 0.03 ÷ (0.2·0.5) = 0.3 of 100 000; one tenth of a perpetual's notional lies there.
    within((sized.notionalsUsd[0] ?? 0) / 10 + (sized.notionalsUsd[1] ?? 0), 30_000, 1e-9);
    expect(sized.bindings[1]?.code).toBe('VENUE_CAP');
    expect(sized.bindings[1]?.lifts).toContain('default probability');
  });

  test('liquidity: what the book takes within the deadline at the allowed share', () => {
    const observation = (seen: InstrumentObservation): InstrumentObservation =>
      seen.instrument.symbol === 'SOL/USDT:USDT' && seen.quote.kind === 'observed'
        ? { ...seen, quote: observed({ ...seen.quote.value, depthQuote: 1_000 }, nowMs) }
        : seen;
    const policy = policyOf([btc, sol], { execution: { participationShareMax: 0.5 } });
    const { sized } = size(policy, { volatilities: [0.5, 1], observation });
    within(sized.notionalsUsd[1], 1_000 * 0.5 * 12, 1e-9);
    expect(sized.bindings[1]?.code).toBe('LIQUIDITY');
  });

  test('a book that has gone thin stops growth, forces nothing out, and leaves the others their size', () => {
    const observation = (seen: InstrumentObservation): InstrumentObservation =>
      seen.instrument.symbol.startsWith('SOL')
        ? { ...seen, quote: observed(quoteOf(seen.instrument.symbol, { depthQuote: 0 }), nowMs) }
        : seen;
    const at = (held: number) =>
      size(policyOf([btc, sol]), { volatilities: [0.5, 1], observation, held: [0, held] }).sized;
    const { notionalsUsd, uncappedUsd, standings } = at(3_000);
    expect(notionalsUsd[1]).toBe(3_000);
    within(notionalsUsd[0], uncappedUsd[0] ?? 0, 1e-9);
    expect(standings[1]?.state).toMatchObject({ kind: 'held', code: 'LIQUIDITY' });
    // More than its own size still comes down to it.
    const [, own = 0] = uncappedUsd;
    within(at(2 * own).notionalsUsd[1], own, 1e-9);
    expect(at(0).standings[1]?.state).toMatchObject({ kind: 'out', code: 'LIQUIDITY' });
  });

  test('a quota caps what is lent at what is there already plus what is left', () => {
    const observation = (seen: InstrumentObservation): InstrumentObservation =>
      seen.yield === null
        ? seen
        : {
            ...seen,
            yield: observed({ yieldAnnual: 0.04, quotaBase: 500, available: true }, nowMs),
          };
    const { sized } = size(policyOf([btc, lendingLeg]), {
      volatilities: [0.5, 0.01],
      observation,
      held: [0, 2_000],
      positions: { 'earn:USDC': '2000' },
    });
    within(sized.notionalsUsd[1], 2_500, 1e-9);
    expect(sized.bindings[1]?.code).toBe('QUOTA');
  });

  test('an earn product that is closed and not held is left out, and the others keep their own size', () => {
    const observation = (seen: InstrumentObservation): InstrumentObservation =>
      seen.yield === null ? seen : { ...seen, yield: unknown('no answer') };
    const policy = policyOf([btc, sol, lendingLeg]);
    const { sized } = size(policy, { volatilities: [0.5, 1, 0.05], observation });
    expect(sized.notionalsUsd[2]).toBe(0);
    within(sized.notionalsUsd[0], (0.2 * 100_000) / (0.5 * Math.sqrt(3)));
    expect(sized.bindings[2]?.code).toBe('QUOTA');
  });
});
