/**
 * Goal: `estimate` answers the reference cases at their tolerance and a wrong problem with its faults, never with an exception.
 * Method: every case through the command as a person pipes it in; then malformed problems by the thousand (fast-check).
 */
import { readFileSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateCommand, solveEstimate } from '../../src/commands/estimate.ts';
import { covarianceEstimators } from '../../src/risk/estimators/estimateCovariance.ts';
import { ohlcEstimators } from '../../src/risk/ohlc/estimateOhlc.ts';

type Expected = {
  readonly covariance?: readonly (readonly number[])[];
  readonly volatility?: readonly number[] | number;
  readonly shrinkage?: number;
  readonly accept?: readonly { readonly kind: string }[];
};
type Case = {
  readonly name: string;
  readonly input: unknown;
  readonly expected: Expected;
  readonly tolerance: Readonly<Record<string, number>>;
};
type Answer = Expected & { readonly kind: string; readonly faults?: readonly { path: string }[] };

const cases = JSON.parse(
  readFileSync(new URL('../cases/estimates.json', import.meta.url), 'utf8'),
) as readonly Case[];

async function run(input: string, ...flags: string[]) {
  let printed = '';
  let code = -1;
  const stdout = new Writable({
    write(chunk: Buffer, _encoding, done) {
      printed += chunk.toString();
      done();
    },
  });
  const exit = (value: number) => {
    code = value;
  };
  const command = estimateCommand({ stdin: Readable.from([input]), stdout, exit });
  await command.parseAsync(flags, { from: 'user' });
  return { lines: printed.trimEnd().split('\n'), code };
}

describe('reference cases', () => {
  it('are all answered in one stream, in order', async () => {
    const problems = cases.map((one) => JSON.stringify(one.input)).join('\n');
    const { lines, code } = await run(problems, '--ndjson', '--input', '-');
    expect(code).toBe(0);
    expect(lines).toHaveLength(cases.length);
  });

  it.each(cases.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const { lines, code } = await run(JSON.stringify(one.input), '--json');
    const answer = JSON.parse(lines[0] ?? '') as Answer;
    const { expected, tolerance } = one;
    if (expected.accept !== undefined) {
      expect(expected.accept.map(({ kind }) => kind)).toContain(answer.kind);
      expect(answer.faults?.length).toBeGreaterThan(0);
      expect(code).toBe(2);
      return;
    }
    expect(code).toBe(0);
    if (expected.covariance !== undefined) {
      const largest = Math.max(...expected.covariance.flat().map(Math.abs));
      const found = answer.covariance?.flat() ?? [];
      expected.covariance.flat().forEach((value, at) => {
        const error = Math.abs((found[at] ?? Number.NaN) - value) / largest;
        expect(error).toBeLessThanOrEqual(tolerance['covariance'] ?? 0);
      });
    }
    if (expected.volatility !== undefined) {
      const found = [answer.volatility ?? []].flat();
      [expected.volatility].flat().forEach((value, at) => {
        const error = Math.abs((found[at] ?? Number.NaN) / value - 1);
        expect(error).toBeLessThanOrEqual(tolerance['volatility'] ?? 0);
      });
    }
    if (expected.shrinkage !== undefined) {
      const error = Math.abs((answer.shrinkage ?? Number.NaN) - expected.shrinkage);
      expect(error).toBeLessThanOrEqual(tolerance['shrinkage'] ?? 0);
    }
  });
});

describe('estimate', () => {
  it('answers a wrong line in its place and goes on', async () => {
    const good = JSON.stringify({ returns: [[0.01], [-0.01]], estimator: 'sample' });
    const { lines, code } = await run(`${good}\n{nonsense\n${good}\n`, '--ndjson');
    expect(lines.map((line) => (JSON.parse(line) as Answer).kind)).toEqual([
      'estimated',
      'invalid',
      'estimated',
    ]);
    expect(code).toBe(0);
  });

  it('lists every fault with its path', () => {
    const answer = solveEstimate({
      returns: [[0.1, 0.2], [0.1], ['x', null]],
      estimator: 'magic',
      barsPerYear: -1,
      halflife: 3,
    });
    expect(answer.kind === 'invalid' && answer.faults.map(({ path }) => path)).toEqual([
      'halflife',
      'barsPerYear',
      'estimator',
      'returns[1]',
      'returns[2][0]',
    ]);
  });

  it('says no with exit code 3 where history is short', async () => {
    const { lines, code } = await run('{"returns":[[0.01,0.02]],"estimator":"oas"}', '--json');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ kind: 'insufficientHistory' });
    expect(code).toBe(3);
  });

  it('reads a file, and a file that is not there is a fault of the input', async () => {
    const path = new URL('../cases/nothing.json', import.meta.url).pathname;
    const { lines, code } = await run('', '--json', '--input', path);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ faults: [{ path: '--input' }] });
    expect(code).toBe(2);
  });

  it('never throws, whatever the problem, and never prints a number that is none', () => {
    const entry = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ min: -0.1, max: 0.1, noNaN: true }),
      fc.constant(null),
      fc.constant(0),
      fc.string({ maxLength: 2 }),
    );
    const row = fc.array(entry, { maxLength: 3 });
    const names = [...covarianceEstimators, ...ohlcEstimators, 'magic'];
    const estimator = fc.constantFrom(...names);
    const prices = fc.array(entry, { maxLength: 4 });
    const problem = fc.record(
      {
        returns: fc.oneof(fc.array(row, { maxLength: 8 }), entry),
        ohlc: fc.record({ open: prices, high: prices, low: prices, close: prices }),
        estimator,
        halfLifeBars: fc.oneof(entry, fc.constant(5)),
        barsPerYear: fc.oneof(entry, fc.constant(365)),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(problem, fc.anything()), (input) => {
        const answer = solveEstimate(input);
        expect(['estimated', 'invalid', 'insufficientHistory']).toContain(answer.kind);
        if (answer.kind === 'invalid') expect(answer.faults.length).toBeGreaterThan(0);
        if (answer.kind === 'estimated') {
          const { volatility, covariance = [], correlation = [] } = answer;
          const all = [volatility, covariance, correlation].flat(2);
          expect(all.every(Number.isFinite)).toBe(true);
        }
      }),
      { seed: 42, numRuns: 3000 },
    );
  });
});
