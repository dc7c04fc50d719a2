/** The worked cases of jumps and tails come out of the project's own formulas, at their tolerances. */
import { expect, test } from 'vitest';
import { jumpAdjustedVolatility } from '../../src/risk/jumps.ts';
import { paretoTailRisk } from '../../src/risk/peaksOverThreshold.ts';
import { domainCase } from '../domainCase.ts';

function compare(found: Readonly<Record<string, number>>, at: ReturnType<typeof domainCase>) {
  const expected = at.expected as Readonly<Record<string, number>>;
  expect(at.tolerance.kind).toBe('rel');
  expect(Object.keys(found).toSorted()).toEqual(Object.keys(expected).toSorted());
  for (const [field, wanted] of Object.entries(expected)) {
    const gap = Math.abs((found[field] ?? Number.NaN) / wanted - 1);
    expect(gap, field).toBeLessThanOrEqual(at.tolerance.value);
  }
}

test('T01: jumps keep a quiet coin from being levered without end', () => {
  const at = domainCase<
    Readonly<Record<'sigma' | 'lam_per_year' | 'jump' | 'target', number>>,
    Readonly<Record<string, number>>
  >('T01');
  const { sigma, lam_per_year: ratePerYear, jump, target } = at.inputs;
  const adjusted = jumpAdjustedVolatility(sigma, {
    factor: 'USDX',
    ratePerYear,
    sizeRms: Math.abs(jump),
  });
  const none = { factor: 'USDX', ratePerYear: 0, sizeRms: 0 };
  const quiet = jumpAdjustedVolatility(sigma, none);
  compare({ sigma_adj: adjusted, lev_naive: target / quiet, lev_adj: target / adjusted }, at);
});

test('T03: the tail beyond a threshold', () => {
  const at = domainCase<
    Readonly<Record<'u' | 'beta' | 'xi' | 'n' | 'n_exceed' | 'q', number>>,
    Readonly<Record<string, number>>
  >('T03');
  const { u, beta, xi, n, n_exceed, q } = at.inputs;
  const { valueAtRisk, expectedShortfall } = paretoTailRisk(
    { thresholdLoss: u, scale: beta, shape: xi, observations: n, exceedances: n_exceed },
    q,
  );
  compare({ var: valueAtRisk, es: expectedShortfall }, at);
});
