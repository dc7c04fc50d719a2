/**
 * Goal: the daemon's estimate is honest about quiet legs, venues, gaps and legs without history.
 * Method: returns whose moments are known in closed form, then properties over random books.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateRisk, lastEstimateOf } from '../../src/risk/estimateRisk.ts';
import type { LegRiskTraits, RiskEstimate, RiskInput } from '../../src/risk/riskTypes.ts';

const settings: RiskInput['settings'] = {
  barsPerYear: 100,
  volatilityHalfLifeBars: Number.POSITIVE_INFINITY,
  correlationHalfLifeBars: Number.POSITIVE_INFINITY,
  volatilityShrinkageShare: 0,
  correlationShrinkageShare: 0,
  historyBarsMin: 4,
  staleBarsMax: 2,
  impliedShare: 0.5,
  demandRaiseShareMax: 0.1,
};
const plain: LegRiskTraits = {
  volatilityFloorAnnual: 0,
  jump: null,
  desmooth: false,
  venueCapital: [],
  held: false,
  lastEstimate: null,
};
const up = [0.01, -0.01, 0.01, -0.01, 0.01, -0.01, 0.01, -0.01];
const across = [0.01, 0.01, -0.01, -0.01, 0.01, 0.01, -0.01, -0.01];
/** ddof 1 over eight bars of ±1 %. */
const volatility = 0.01 * Math.sqrt(8 / 7) * 10;

function estimated(input: RiskInput): RiskEstimate {
  const estimate = estimateRisk(input);
  if (estimate.kind !== 'estimated') throw new Error(`expected an estimate, was ${estimate.kind}`);
  return estimate;
}

function book(
  returnsByLeg: RiskInput['returnsByLeg'],
  traits: readonly Partial<LegRiskTraits>[] = [],
  venues: RiskInput['venues'] = [],
): RiskInput {
  const legs = returnsByLeg.map((_, leg) => ({ ...plain, ...traits[leg] }));
  return { returnsByLeg, legs, venues, settings };
}

describe('estimateRisk', () => {
  it('gives the annual sample moments where nothing is added', () => {
    const estimate = estimated(book([up, across, up.map((value) => -2 * value)]));
    expect(estimate.volatilityAnnual[0]).toBeCloseTo(volatility, 14);
    expect(estimate.volatilityAnnual[2]).toBeCloseTo(2 * volatility, 14);
    expect(estimate.correlation[0]?.[1]).toBeCloseTo(0, 14);
    expect(estimate.correlation[0]?.[2]).toBeCloseTo(-1, 14);
    expect(estimate.repairs).toEqual([]);
  });

  it('adds jump variance, so that a quiet coin is not levered without end (worked case T01)', () => {
    const quiet = up.map((value) => value * (0.003 / volatility));
    const jump = { factor: 'USDX', ratePerYear: 0.5, sizeRms: 0.1 };
    const estimate = estimated(book([quiet], [{ jump }]));
    expect(estimate.volatilityAnnual[0]).toBeCloseTo(0.070774289116882, 12);
    expect(0.1 / (estimate.volatilityAnnual[0] ?? 0)).toBeCloseTo(1.4129424858630861, 9);
  });

  it('floors the sample before it adds jumps', () => {
    const jump = { factor: 'USDX', ratePerYear: 0.5, sizeRms: 0.1 };
    const constant = up.map(() => 0.00001);
    const estimate = estimated(book([constant], [{ jump, volatilityFloorAnnual: 0.05 }]));
    expect(estimate.volatilityAnnual[0]).toBeCloseTo(Math.sqrt(0.05 ** 2 + 0.005), 14);
    expect(estimate.legs[0]).toMatchObject({ floorApplied: true, sampleVolatilityAnnual: 0 });
  });

  it('lets two legs in one coin fall together', () => {
    const jump = { factor: 'USDX', ratePerYear: 0.5, sizeRms: 0.1 };
    const other = { ...jump, factor: 'USDY' };
    const estimate = estimated(book([up, across, across], [{ jump }, { jump }, { jump: other }]));
    expect(estimate.covarianceAnnual[0]?.[1]).toBeCloseTo(0.005, 14);
    expect(estimate.covarianceAnnual[0]?.[2]).toBeCloseTo(0, 14);
  });

  it('adds PD·LGD²·c·c between legs at the same venue and nowhere else', () => {
    const venues = [
      { defaultProbabilityAnnual: 0.02, lossGivenDefault: 0.5 },
      { defaultProbabilityAnnual: 0.5, lossGivenDefault: 1 },
    ];
    const at = (venueIndex: number, capitalShare: number) => ({
      venueCapital: [{ venueIndex, capitalShare }],
    });
    const traits = [at(0, 0.2), at(0, 1), at(1, 1)];
    const estimate = estimated(book([up, across, across], traits, venues));
    expect(estimate.covarianceAnnual[0]?.[1]).toBeCloseTo(0.02 * 0.25 * 0.2, 14);
    expect(estimate.covarianceAnnual[0]?.[2]).toBeCloseTo(0, 14);
    expect(estimate.covarianceAnnual[2]?.[2]).toBeCloseTo(volatility ** 2 + 0.5, 13);
  });

  it('leaves a leg with too little history out, with the numbers, instead of filling it', () => {
    const young = [null, null, null, null, null, 0.01, -0.02, 0.01];
    const estimate = estimated(book([up, young, across]));
    expect(estimate.legIndices).toEqual([0, 2]);
    expect(estimate.volatilityAnnual).toHaveLength(2);
    expect(estimate.leftOut).toEqual([
      { legIndex: 1, held: false, code: 'HISTORY_TOO_SHORT', barsPresent: 3, barsRequired: 4 },
    ]);
  });

  it('says that there is no answer when no leg has history', () => {
    const estimate = estimateRisk(book([up.map(() => null)]));
    expect(estimate).toMatchObject({ kind: 'insufficientHistory', leftOut: [{ barsPresent: 0 }] });
  });

  it('keeps the last estimate of a held leg whose data stop, and drops one that is not held', () => {
    const before = estimated(book([up, across]));
    const lastEstimate = lastEstimateOf(before, 1);
    const stopped = [...across.slice(0, 5), null, null, null];
    const held = estimated(book([up, stopped], [{}, { held: true, lastEstimate }]));
    expect(held.legs[1]).toMatchObject({ source: 'lastEstimate' });
    expect(held.volatilityAnnual[1]).toBeCloseTo(volatility, 14);
    const free = estimated(book([up, stopped], [{}, { held: false, lastEstimate }]));
    expect(free.leftOut).toMatchObject([{ legIndex: 1, code: 'DATA_STOPPED', barsSinceLast: 3 }]);
    const blind = estimated(book([up, stopped], [{}, { held: true }]));
    expect(blind.leftOut).toMatchObject([{ legIndex: 1, held: true }]);
  });

  it('takes the last correlation, then the mean of the known ones, where bars do not overlap', () => {
    const early = [0.01, -0.01, 0.01, -0.01, null, null, null, null];
    const late = [null, null, null, null, 0.01, -0.01, 0.01, -0.01];
    const loose = { ...settings, staleBarsMax: 8 };
    const legs = [plain, plain, { ...plain }];
    const input = { returnsByLeg: [up, early, late], legs, venues: [], settings: loose };
    const assumed = estimated(input);
    expect(assumed.repairs).toMatchObject([
      { code: 'CORRELATION_ASSUMED', legIndices: [2, 1], commonBars: 0 },
    ]);
    expect(assumed.repairs[0]).toHaveProperty('correlation');
    expect(assumed.correlation[1]?.[2]).toBeCloseTo(1, 12);
    const lastEstimate = { baseVolatilityAnnual: 0.1, correlation: [null, 0.25, null] };
    const known = estimated({
      ...input,
      returnsByLeg: [across, early, late],
      legs: [plain, plain, { ...plain, lastEstimate }],
    });
    expect(known.repairs).toMatchObject([{ correlation: 0.25 }]);
  });

  it('does not believe a correlation from fewer common bars than half the history it asks for', () => {
    const early = [0.01, -0.02, 0.01, -0.01, 0.02, null, null, null];
    const late = [null, null, null, 0.02, 0.01, 0.01, -0.01, 0.01];
    const strict = { ...settings, historyBarsMin: 5, staleBarsMax: 8 };
    const input = { returnsByLeg: [up, early, late], legs: [plain, plain, plain], venues: [] };
    const estimate = estimated({ ...input, settings: strict });
    expect(estimate.repairs[0]).toMatchObject({ code: 'CORRELATION_ASSUMED', commonBars: 2 });
    const loose = estimated({ ...input, settings: { ...strict, historyBarsMin: 4 } });
    expect(loose.repairs.map((repair) => repair.code)).not.toContain('CORRELATION_ASSUMED');
  });

  it('blends the implied variance in and lets demand raise the forecast within its cap only', () => {
    const forecast = (traits: Partial<LegRiskTraits>) =>
      estimated(book([up], [traits])).volatilityAnnual[0] ?? Number.NaN;
    const blend = Math.sqrt(0.5 * volatility ** 2 + 0.5 * 0.3 ** 2);
    expect(forecast({ impliedVolatilityAnnual: 0.3 })).toBeCloseTo(blend, 14);
    expect(forecast({ demandRaiseShare: 5 })).toBeCloseTo(volatility * 1.1, 14);
    expect(forecast({ demandRaiseShare: -5 })).toBeCloseTo(volatility, 14);
  });

  it('is finite, symmetric, positive semi-definite and blind to the order of the legs', () => {
    const value = fc.option(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { freq: 6 });
    const series = fc.array(value, { minLength: 24, maxLength: 24 });
    fc.assert(
      fc.property(fc.array(series, { minLength: 2, maxLength: 6 }), (returnsByLeg) => {
        const traits = returnsByLeg.map(() => ({ volatilityFloorAnnual: 0.01 }));
        const forth = estimateRisk(book(returnsByLeg, traits));
        const back = estimateRisk(book([...returnsByLeg].reverse(), traits));
        expect(back.kind).toBe(forth.kind);
        if (forth.kind !== 'estimated' || back.kind !== 'estimated') return;
        const n = forth.legIndices.length;
        for (let trial = 0; trial < 5; trial++) {
          const x = Array.from({ length: n }, (_, k) => Math.cos((k + 1) * (trial + 1) * 1.7));
          expect(quadratic(forth.correlation, x)).toBeGreaterThan(-1e-9);
        }
        forth.volatilityAnnual.forEach((sigma, k) => {
          expect(sigma).toBeGreaterThan(0);
          expect(back.volatilityAnnual[n - 1 - k]).toBeCloseTo(sigma, 12);
        });
      }),
      { seed: 20250630, numRuns: 150 },
    );
  });
});

function quadratic(matrix: readonly (readonly number[])[], x: readonly number[]): number {
  return matrix.reduce(
    (sum, row, i) => sum + row.reduce((s, v, j) => s + v * (x[i] ?? 0) * (x[j] ?? 0), 0),
    0,
  );
}
