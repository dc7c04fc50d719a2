/**
 * Goal: a carry pair opens and closes by the funding that it can expect, with hysteresis, and the others are not raised for it.
 * Method: the gate over hurdles, settlements and round trips whose terms can be written down.
 */
import { describe, expect, test } from 'vitest';
import { observed, unknown } from '../../../src/domain/observed.ts';
import type { InstrumentObservation } from '../../../src/domain/snapshot.ts';
import { carryLeg } from '../../rebalance/legsGiven.ts';
import { policyOf } from '../../rebalance/policyGiven.ts';
import { nowMs, snapshotOf } from '../../rebalance/snapshotWorld.ts';
import { btc, size } from './sizedGiven.ts';

describe('the carry gate', () => {
  const policy = policyOf([btc, carryLeg], {
    sizing: { carryOpenAnnual: 0.1, carryCloseAnnual: 0.02 },
  });
  const gate = (annual: number, wasOpen: boolean | null, held = 0) =>
    size(policy, {
      fundingRate: annual / (365 * 3),
      held: [0, held],
      snapshot:
        wasOpen === null
          ? {}
          : {
              previous: {
                rebalanceId: snapshotOf(policy).rebalanceId,
                decidedAtMs: nowMs,
                weights: {},
                volatilityAnnual: {},
                gatesOpen: { 'eth-carry': wasOpen },
              },
            },
    }).sized;

  test('opens above the upper hurdle, closes below the lower, and between them stays as it was', () => {
    expect(gate(0.11, false).standings[1]?.gateOpen).toBe(true);
    expect(gate(0.09, false).standings[1]?.gateOpen).toBe(false);
    expect(gate(0.09, true).standings[1]?.gateOpen).toBe(true);
    expect(gate(0.01, true).standings[1]?.gateOpen).toBe(false);
    expect(gate(0.09, null, 1_000).standings[1]?.gateOpen).toBe(true);
    expect(gate(0.09, null).standings[1]?.gateOpen).toBe(false);
  });

  test('funding is expected at the mean of the last settlements and the next one', () => {
    const settled = (annual: number) =>
      size(policy, {
        fundingRate: 0.2 / (365 * 3),
        observation: (seen) =>
          seen.funding === null
            ? seen
            : { ...seen, settledFundingRates: Array.from({ length: 9 }, () => annual / (365 * 3)) },
      }).sized.standings[1]?.gateOpen;
    // (9 x + 0.2) ÷ 10 against 0.1.
    expect(settled(0.0889)).toBe(true);
    expect(settled(0.0888)).toBe(false);
  });

  test('what was settled every eight hours counts for eight, when a spike shortens the interval to one', () => {
    const eightHoursMs = 28_800_000;
    const hourly = (annual: number) =>
      size(policy, {
        observation: (seen) =>
          seen.funding === null
            ? seen
            : {
                ...seen,
                funding: observed(
                  { rate: 0.5 / (365 * 24), intervalMs: 3_600_000, nextMs: nowMs + 1 },
                  nowMs,
                ),
                settledFunding: Array.from({ length: 22 }, (_, index) => ({
                  atMs: nowMs - (21 - index) * eightHoursMs,
                  rate: index === 0 ? 1 : annual / (365 * 3),
                })),
              },
      }).sized.standings[1]?.gateOpen;
    // (168 x + 0.5) ÷ 169 against 0.1.
    expect(hourly(0.0977)).toBe(true);
    expect(hourly(0.0976)).toBe(false);
  });

  test('to open, the round trip is paid within a month; to stay open it is spent', () => {
    const withFees = (annual: number, held: number) =>
      size(policy, {
        fundingRate: annual / (365 * 3),
        held: [0, held],
        observation: (seen) => ({
          ...seen,
          instrument: { ...seen.instrument, takerFeeRate: 0.0005 },
        }),
      }).sized.standings[1]?.gateOpen;
    // 2 · (5 + 5 bps) · 365 ÷ 30.
    const costAnnual = (0.002 * 365) / 30;
    expect(withFees(0.1 + costAnnual + 1e-6, 0)).toBe(true);
    expect(withFees(0.1 + costAnnual - 1e-6, 0)).toBe(false);
    expect(withFees(0.02 + 1e-6, 1_000)).toBe(true);
    expect(withFees(0.02 - 1e-6, 1_000)).toBe(false);
  });

  test('closed, the leg goes to nothing and the others are not raised', () => {
    const sized = gate(0.01, true, 30_000);
    expect(sized.notionalsUsd[1]).toBe(0);
    expect(sized.notionalsUsd[0]).toBeCloseTo(sized.uncappedUsd[0] ?? 0, 6);
    expect(sized.bindings[1]?.code).toBe('CARRY_GATE');
  });

  test('with unknown funding a held pair is kept and a new one is not opened', () => {
    const observation = (seen: InstrumentObservation): InstrumentObservation =>
      seen.funding === null ? seen : { ...seen, funding: unknown('no answer') };
    expect(size(policy, { observation, held: [0, 9_000] }).sized.notionalsUsd[1]).toBe(9_000);
    expect(size(policy, { observation }).sized.notionalsUsd[1]).toBe(0);
  });
});
