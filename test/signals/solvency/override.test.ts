/**
 * Goal: a person's word always makes a venue safer, and makes it less safe only as far as, and as long as, it was meant.
 * Method: the table of words against signals, then the property over all of it.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { VenueState } from '../../../src/domain/venue.ts';
import {
  leastDefaultProbabilityAnnual,
  type VenueAssessment,
} from '../../../src/signals/solvency/assessVenue.ts';
import {
  allowsMore,
  OVERRIDE_STATES,
  overridden,
  type VenueOverride,
} from '../../../src/signals/solvency/override.ts';
import { SOLVENCY_RULES } from '../../../src/signals/solvency/rules.ts';

const nowMs = 1_700_000_000_000;
const { hazards } = SOLVENCY_RULES;
const states: readonly VenueState[] = ['healthy', 'watch', 'unknown', 'restrict', 'exit'];

const says = (state: VenueState): VenueAssessment => ({
  state,
  defaultProbabilityAnnual: leastDefaultProbabilityAnnual(state, hazards),
  evidence: ['as the signals say'],
  assessedAtMs: nowMs,
  confirmedAtMs: nowMs,
});
const word = (more: Partial<VenueOverride>): VenueOverride => ({
  state: 'exit',
  signalsSaid: 'healthy',
  reason: 'rumours',
  by: 'anna',
  givenAtMs: nowMs - 1,
  untilMs: null,
  ...more,
});
const stateUnder = (signals: VenueState, override: VenueOverride | null, atMs = nowMs) =>
  overridden(says(signals), override, atMs, hazards).state;

describe('a word towards less risk', () => {
  test('counts while the signals say better, and names who and why', () => {
    const found = overridden(says('healthy'), word({ state: 'restrict' }), nowMs, hazards);
    expect(found.state).toBe('restrict');
    expect(found.evidence).toEqual([
      'as the signals say',
      'override: restrict by anna until lifted: rumours; the signals say healthy',
    ]);
  });

  test('is a floor: worse signals are heeded', () => {
    expect(stateUnder('exit', word({ state: 'restrict' }))).toBe('exit');
    expect(stateUnder('unknown', word({ state: 'watch' }))).toBe('unknown');
  });

  test('raises the probability of default to that of the state, so that watching has an effect', () => {
    const found = overridden(says('healthy'), word({ state: 'watch' }), nowMs, hazards);
    expect(found.defaultProbabilityAnnual).toBeCloseTo(-Math.expm1(Math.log1p(-0.077) - 0.08), 12);
  });

  test('ends when it was to end', () => {
    const until = word({ untilMs: nowMs + 1 });
    expect(stateUnder('healthy', until)).toBe('exit');
    expect(stateUnder('healthy', until, nowMs + 1)).toBe('healthy');
  });
});

describe('a word towards more risk', () => {
  const lifted = word({ state: 'watch', signalsSaid: 'restrict', untilMs: nowMs + 1000 });

  test('counts against what the person saw, and leaves the probability of default as it was', () => {
    const found = overridden(says('restrict'), lifted, nowMs, hazards);
    expect(found.state).toBe('watch');
    expect(found.defaultProbabilityAnnual).toBe(says('restrict').defaultProbabilityAnnual);
  });

  test('is void once the signals are worse, or the venue has gone dark', () => {
    expect(stateUnder('exit', lifted)).toBe('exit');
    expect(stateUnder('unknown', lifted)).toBe('unknown');
    expect(overridden(says('exit'), lifted, nowMs, hazards).evidence.at(-1)).toMatch(
      /^override void, the signals have become worse than restrict: watch by anna/,
    );
  });

  test('does not hold a venue down that has recovered', () => {
    expect(stateUnder('healthy', lifted)).toBe('healthy');
  });

  test('ends', () => {
    expect(stateUnder('restrict', lifted, nowMs + 1000)).toBe('restrict');
  });
});

test('no word of any kind allows more than the signals unless it was given against such signals, and none when it is over', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...states),
      fc.constantFrom(...states),
      fc.constantFrom(...OVERRIDE_STATES),
      fc.option(fc.integer({ min: -5, max: 5 })),
      (signals, signalsSaid, state, until) => {
        const untilMs = until === null ? null : nowMs + until;
        const found = stateUnder(signals, word({ state, signalsSaid, untilMs }));
        if (untilMs !== null && untilMs <= nowMs) expect(found).toBe(signals);
        if (allowsMore(found, signals)) {
          expect(allowsMore(state, signalsSaid)).toBe(true);
          expect(allowsMore(signalsSaid, signals)).toBe(false);
          expect(found).toBe(state);
        }
      },
    ),
    { seed: 9, numRuns: 500 },
  );
});
