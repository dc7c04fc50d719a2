/**
 * Goal: every reference problem is answered as known from elsewhere, at its stated tolerance.
 * Method: one test per case; risk shares are also recomputed here from the weights and the input.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { solveUnchecked } from '../../src/parity/weights.ts';
import type { WeightsAnswer } from '../../src/parity/weightsAnswer.ts';
import { sharesOf } from './randomProblems.ts';

type Expected = {
  kind?: string;
  weights?: (number | null)[];
  riskShares?: (number | null)[];
  volatility?: number;
  repairs?: boolean;
  faultMentions?: string;
  accept?: Expected[];
};
type Case = {
  name: string;
  input: { covariance?: number[][]; returns?: number[][] };
  expected: Expected;
  tolerance: { weights?: number; riskShares?: number; volatility?: number };
};
const cases = JSON.parse(readFileSync('test/cases/weights.json', 'utf8')) as Case[];

test.each(cases.map((item) => [item.name, item] as const))('%s', (_, item) => {
  const answer = solveUnchecked(item.input);
  expect(JSON.stringify(answer)).not.toMatch(/[:,[]null/);
  const accepted = item.expected.accept ?? [item.expected];
  const faults = accepted.map((expected) => differences(answer, expected, item.tolerance));
  expect(faults.some((list) => list.length === 0) ? [] : faults).toEqual([]);
  if (answer.kind === 'converged' && item.input.covariance) {
    const recomputed = sharesOf(item.input.covariance, answer.weights);
    for (const [i, share] of recomputed.entries()) {
      expect(Math.abs(share - (answer.riskShares[i] as number))).toBeLessThan(1e-9);
    }
    expect(answer.weights.reduce((sum, w) => sum + Math.abs(w), 0)).toBeCloseTo(1, 12);
  }
});

/** What of the expected answer the given one does not have. */
function differences(
  answer: WeightsAnswer,
  expected: Expected,
  tolerance: Case['tolerance'],
): string[] {
  const out: string[] = [];
  if (answer.kind !== expected.kind) out.push(`kind ${answer.kind}`);
  if (answer.kind === 'invalid') {
    const text = answer.faults.map((fault) => `${fault.path} ${fault.message}`).join('\n');
    if (answer.faults.length === 0) out.push('no faults');
    if (!text.includes(expected.faultMentions ?? '')) out.push(`faults ${text}`);
    return out;
  }
  if (expected.repairs && answer.repairs.length === 0) out.push('no repairs');
  if (answer.kind !== 'converged') return answer.reason === '' ? [...out, 'no reason'] : out;
  for (const key of ['weights', 'riskShares'] as const) {
    for (const [i, value] of expected[key]?.entries() ?? []) {
      if (value === null) continue;
      const miss = Math.abs(value - (answer[key][i] as number));
      if (!(miss <= (tolerance[key] as number))) out.push(`${key}[${i}] misses by ${miss}`);
    }
  }
  if (expected.volatility !== undefined) {
    const miss = Math.abs(answer.volatility / expected.volatility - 1);
    if (!(miss <= (tolerance.volatility as number))) out.push(`volatility misses by ${miss}`);
  }
  return out;
}
