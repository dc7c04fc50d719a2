/**
 * Goal: a venue worsens at once and for the right reason, improves slowly, and is never healthy for want of knowledge.
 * Method: one observation changed at a time, then properties over random histories.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { observed, unknown } from '../../../src/domain/observed.ts';
import {
  assessVenue,
  calmAgain,
  type PreviousAssessment,
  type VenueAssessment,
} from '../../../src/signals/solvency/assessVenue.ts';
import {
  NOTHING_OFFERED,
  type SolvencyObservations,
  switchObservations,
} from '../../../src/signals/solvency/observations.ts';
import { SOLVENCY_RULES } from '../../../src/signals/solvency/rules.ts';

const NOW_MS = 1_700_000_000_000;
const HOUR_MS = 3_600_000;
const calm: SolvencyObservations = {
  ...NOTHING_OFFERED,
  status: observed('ok', NOW_MS),
  withdrawals: observed({ halted: [], partial: [] }, NOW_MS),
};
const assess = (
  change: Partial<SolvencyObservations>,
  previous: PreviousAssessment | null = null,
  nowMs = NOW_MS,
) => assessVenue({ ...calm, ...change }, previous, nowMs);
const stateOf = (change: Partial<SolvencyObservations>) => assess(change).state;

describe('state of a venue', () => {
  test('is healthy at the base rate of default while its switches are open', () => {
    const result = assess({});
    expect(result).toMatchObject({ state: 'healthy', evidence: [] });
    expect(result.defaultProbabilityAnnual).toBeCloseTo(0.077, 12);
  });

  test('is healthy where nothing is offered, so that a test environment can trade', () => {
    expect(assessVenue(NOTHING_OFFERED, null, NOW_MS).state).toBe('healthy');
  });

  test('is exit at once when withdrawals of any main coin are halted, with the coin as evidence', () => {
    for (const coin of SOLVENCY_RULES.mainCoins) {
      const result = assess({ withdrawals: observed({ halted: [coin], partial: [] }, NOW_MS) });
      expect(result.state).toBe('exit');
      expect(result.evidence).toEqual([`halt withdrawals: halted ${coin}`]);
      expect(result.defaultProbabilityAnnual).toBeGreaterThan(0.8);
    }
  });

  test('is watch for another coin, a shut chain, or maintenance', () => {
    expect(stateOf({ withdrawals: observed({ halted: ['DOGE'], partial: [] }, NOW_MS) })).toBe(
      'watch',
    );
    expect(stateOf({ withdrawals: observed({ halted: [], partial: ['BTC'] }, NOW_MS) })).toBe(
      'watch',
    );
    expect(stateOf({ status: observed('maintenance', NOW_MS) })).toBe('watch');
  });

  test('is restrict for one family however many of its signals alarm, exit for two families', () => {
    const drained = {
      netflow24h: observed({ share: -0.25, robustZ: -9 }, NOW_MS),
      netflow7dShare: observed(-0.37, NOW_MS),
      stableReserve7dShare: observed(-0.6, NOW_MS),
    };
    expect(stateOf(drained)).toBe('restrict');
    expect(stateOf({ ...drained, ownTokenExcess24h: observed(-0.3, NOW_MS) })).toBe('exit');
  });

  test('counts a daily outflow only if it is also unusual, or if nothing is known of the usual', () => {
    const flow = (robustZ: number | null) =>
      stateOf({ netflow24h: observed({ share: -0.05, robustZ }, NOW_MS) });
    expect([flow(-3.9), flow(-4), flow(null)]).toEqual(['healthy', 'restrict', 'restrict']);
  });

  test('takes a price off the others more seriously while coins cannot leave, whatever its sign', () => {
    const shut = { withdrawals: observed({ halted: [], partial: ['USDT'] }, NOW_MS) };
    const off = (share: number) => ({ priceDislocationShare: observed(share, NOW_MS) });
    expect(stateOf(off(-0.02))).toBe('watch');
    expect(stateOf({ ...off(-0.02), ...shut })).toBe('restrict');
    expect([stateOf(off(0.031)), stateOf(off(-0.031))]).toEqual(['restrict', 'restrict']);
  });

  test('sees a reserve report that is short, and one that is old', () => {
    const report = (ageDays: number, ratio: number) =>
      stateOf({
        proofOfReserves: observed({ asOfMs: NOW_MS - ageDays * 24 * HOUR_MS, ratio }, NOW_MS),
      });
    expect([report(10, 1.02), report(46, 1.02), report(10, 0.99)]).toEqual([
      'healthy',
      'watch',
      'restrict',
    ]);
  });
});

describe('absence of knowledge', () => {
  test('about the switches is unknown: failed, or older than the limit', () => {
    const failed = assessVenue(switchObservations(unknown('timeout')), null, NOW_MS);
    expect(failed).toMatchObject({ state: 'unknown' });
    expect(failed.evidence).toEqual(['unknown status: timeout', 'unknown withdrawals: timeout']);
    const old = NOW_MS - SOLVENCY_RULES.switchAgeMsMax;
    expect(assess({ status: observed('ok', old) }).state).toBe('healthy');
    expect(assess({ status: observed('ok', old - 1) }).state).toBe('unknown');
  });

  test('about a feed is watch, and hides no alarm elsewhere', () => {
    const stale = { netflow7dShare: observed(0, NOW_MS - SOLVENCY_RULES.feedAgeMsMax - 1) };
    expect(stateOf(stale)).toBe('watch');
    expect(stateOf({ ...stale, depthRatio: observed(0.2, NOW_MS) })).toBe('restrict');
    expect(
      stateOf({
        status: unknown('timeout'),
        withdrawals: observed({ halted: ['BTC'], partial: [] }, NOW_MS),
      }),
    ).toBe('exit');
  });

  test('never lifts a state', () => {
    const before = { state: 'exit', confirmedAtMs: NOW_MS - 90 * 24 * HOUR_MS } as const;
    const result = assess({ status: unknown('timeout') }, before);
    expect(result).toMatchObject({ state: 'exit', confirmedAtMs: NOW_MS });
    expect(result.evidence).toContain('held: signals say unknown');
  });
});

describe('switches as an adapter reads them', () => {
  test('a venue that does not say whether coins can leave offers no such signal', () => {
    const read = { status: 'ok', withdrawalsHalted: null, observedAtMs: NOW_MS } as const;
    const result = switchObservations(observed(read, NOW_MS));
    expect(result.withdrawals.kind).toBe('notOffered');
    expect(assessVenue(result, null, NOW_MS).state).toBe('healthy');
  });

  test('a halt of a main coin is exit, and a status that is not stated is unknown unless the venue has none', () => {
    const read = (status: 'ok' | 'unknown' | 'notOffered', withdrawalsHalted: readonly string[]) =>
      assessVenue(
        switchObservations(observed({ status, withdrawalsHalted, observedAtMs: NOW_MS }, NOW_MS)),
        null,
        NOW_MS,
      ).state;
    expect([
      read('ok', []),
      read('ok', ['USDT']),
      read('unknown', []),
      read('notOffered', []),
    ]).toEqual(['healthy', 'exit', 'unknown', 'healthy']);
  });
});

describe('hysteresis', () => {
  test('gives back one step a day after a halt has ended', () => {
    let previous: PreviousAssessment = { state: 'exit', confirmedAtMs: NOW_MS };
    const states: string[] = [];
    for (let hour = 1; hour <= 73; hour += 1) {
      const nowMs = NOW_MS + hour * HOUR_MS;
      const open = {
        status: observed('ok' as const, nowMs),
        withdrawals: observed({ halted: [], partial: [] }, nowMs),
      };
      const result: VenueAssessment = assess(open, previous, nowMs);
      previous = result;
      if (result.state !== states.at(-1)) states.push(result.state);
      if (hour === 23) expect(states).toEqual(['exit']);
      if (hour === 47) expect(states).toEqual(['exit', 'restrict']);
    }
    expect(states).toEqual(['exit', 'restrict', 'watch', 'healthy']);
  });

  test('starts the calm again when the signal comes back', () => {
    const previous = { state: 'restrict', confirmedAtMs: NOW_MS - 23 * HOUR_MS } as const;
    const alarmed = assess({ depthRatio: observed(0.1, NOW_MS) }, previous);
    expect(alarmed).toMatchObject({ state: 'restrict', confirmedAtMs: NOW_MS });
    const later = NOW_MS + 2 * HOUR_MS;
    const open = {
      status: observed('ok' as const, later),
      withdrawals: observed({ halted: [], partial: [] }, later),
    };
    expect(assess(open, alarmed, later).state).toBe('restrict');
  });

  test('never lets a state improve by more than one step, nor sooner than the calm, over any history', () => {
    const rank = { healthy: 0, watch: 1, unknown: 1, restrict: 2, exit: 3 } as const;
    const change = fc.constantFrom<Partial<SolvencyObservations>>(
      {},
      { status: unknown('timeout') },
      { depthRatio: observed(0.4, NOW_MS + 1e9) },
      { depthRatio: observed(0.1, NOW_MS + 1e9) },
      { withdrawals: observed({ halted: ['BTC'], partial: [] }, NOW_MS + 1e9) },
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(change, fc.integer({ min: 1, max: 40 })), { maxLength: 30 }),
        (history) => {
          let previous: PreviousAssessment | null = null;
          let nowMs = NOW_MS;
          for (const [observations, hours] of history) {
            nowMs += hours * HOUR_MS;
            const open = {
              status: observed('ok' as const, nowMs),
              withdrawals: observed({ halted: [], partial: [] }, nowMs),
            };
            const fresh = Object.fromEntries(
              Object.entries(observations).map(([key, signal]) => [
                key,
                signal.kind === 'observed' ? { ...signal, observedAtMs: nowMs } : signal,
              ]),
            );
            const result: VenueAssessment = assess({ ...open, ...fresh }, previous, nowMs);
            if (previous !== null && rank[result.state] < rank[previous.state]) {
              expect(rank[previous.state] - rank[result.state]).toBe(1);
              if (previous.state !== 'unknown') {
                expect(nowMs - previous.confirmedAtMs).toBeGreaterThanOrEqual(
                  SOLVENCY_RULES.calmMs,
                );
              }
            }
            previous = result;
          }
        },
      ),
      { seed: 21 },
    );
  });

  test('a worse state never has a lower probability of default', () => {
    const states = ['healthy', 'watch', 'restrict', 'exit'] as const;
    const probabilities = states.map(
      (state) => assess({}, { state, confirmedAtMs: NOW_MS - 1 }).defaultProbabilityAnnual,
    );
    expect(probabilities).toEqual(probabilities.toSorted((a, b) => a - b));
    expect(new Set(probabilities).size).toBe(4);
  });

  test('keeps what holds new risk back while any signal is dark, however long the rest is quiet', () => {
    const short = { proofOfReserves: observed({ asOfMs: NOW_MS, ratio: 0.8 }, NOW_MS) };
    let previous: PreviousAssessment = assess(short);
    expect(previous.state).toBe('restrict');
    for (let day = 1; day <= 30; day += 1) {
      const nowMs = NOW_MS + day * 24 * HOUR_MS;
      const lit = { ...calm, status: observed('ok' as const, nowMs) };
      const open = { ...lit, withdrawals: observed({ halted: [], partial: [] }, nowMs) };
      previous = assessVenue({ ...open, proofOfReserves: unknown('timeout') }, previous, nowMs);
      expect(previous).toMatchObject({ state: 'restrict', confirmedAtMs: nowMs });
    }
  });

  test('a watched venue that goes dark for a look is watched again, for the whole calm', () => {
    const dark: Partial<SolvencyObservations> = { status: unknown('timeout') };
    const watched = assess({ depthRatio: observed(0.4, NOW_MS) });
    const steps: [Partial<SolvencyObservations>, number][] = [
      [dark, 1],
      [dark, 2],
      [{}, 3],
      [{}, 25],
      [{}, 26],
    ];
    let previous: PreviousAssessment = watched;
    const states = steps.map(([change, hours]) => {
      const nowMs = NOW_MS + hours * HOUR_MS;
      const open = {
        status: observed('ok' as const, nowMs),
        withdrawals: observed({ halted: [], partial: [] }, nowMs),
      };
      previous = assess({ ...open, ...change }, previous, nowMs);
      return previous.state;
    });
    expect(watched.state).toBe('watch');
    expect(states).toEqual(['unknown', 'unknown', 'watch', 'watch', 'healthy']);
  });

  test('one that was dark from the first look on is healthy as soon as it is lit', () => {
    const dark = assess({ status: unknown('timeout') });
    expect(assess({}, dark).state).toBe('healthy');
  });

  test('time that nobody looked is no calm', () => {
    const before = { state: 'restrict', confirmedAtMs: NOW_MS - 25 * HOUR_MS } as const;
    const seen = (lookedAtMs: number) => calmAgain({ ...before, lookedAtMs }, NOW_MS, HOUR_MS);
    expect(assess({}, seen(NOW_MS - HOUR_MS)).state).toBe('watch');
    expect(assess({}, seen(NOW_MS - HOUR_MS - 1))).toMatchObject({
      state: 'restrict',
      confirmedAtMs: NOW_MS,
    });
    expect(calmAgain(before, NOW_MS, HOUR_MS)).toBe(before);
    expect(calmAgain(null, NOW_MS, HOUR_MS)).toBeNull();
  });
});
