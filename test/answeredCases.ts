/** Worked cases of the domain whose answers are what formulas return: one test a case. */
import { describe, expect, test } from 'vitest';
import { domainCases } from './domainCase.ts';

type Tolerance = (typeof domainCases)[number]['tolerance'];
/** Inputs have a shape of their own in each case; the answer to a case states the one it reads. */
type Answers = Readonly<Record<string, (inputs: never) => Readonly<Record<string, unknown>>>>;

/** A test for every case of the topic: each field of `expected` is compared with the answer's at the case's tolerance. */
export function testAnswers(topic: string, answers: Answers): void {
  describe('worked cases of the domain', () => {
    for (const each of domainCases.filter((one) => one.topic === topic)) {
      test(`${each.name}: ${each.title}`, () => {
        const answer = answers[each.name];
        expect(answer, `no formula of ours answers ${each.name}`).toBeDefined();
        const actual = answer?.(each.inputs as never) ?? {};
        for (const [field, wanted] of Object.entries(each.expected as object)) {
          compare(actual[field], wanted, each.tolerance, field);
        }
      });
    }
  });
}

function compare(actual: unknown, wanted: unknown, tolerance: Tolerance, path: string) {
  if (Array.isArray(wanted)) {
    expect(actual, path).toHaveLength(wanted.length);
    for (const [i, each] of wanted.entries()) {
      compare((actual as readonly unknown[])[i], each, tolerance, `${path}[${i}]`);
    }
  } else if (typeof wanted === 'number') {
    const room = tolerance.kind === 'abs' ? tolerance.value : tolerance.value * Math.abs(wanted);
    expect(typeof actual, path).toBe('number');
    expect(
      Math.abs(Number(actual) - wanted),
      `${path}: ${actual} for ${wanted}`,
    ).toBeLessThanOrEqual(room);
  } else {
    expect(actual, path).toEqual(wanted);
  }
}
