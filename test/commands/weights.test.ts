/**
 * Goal: `weights` answers every problem that is put to it, in order, with the exit code of the contract.
 * Method: the command itself on streams of its own; the reference cases as one NDJSON stream.
 */
import { readFileSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { weightsCommand } from '../../src/commands/weights.ts';
import { solveUnchecked } from '../../src/parity/weights.ts';

type Case = { input: unknown };

async function run(args: string[], input: string) {
  let printed = '';
  let code = -1;
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      printed += String(chunk);
      done();
    },
  });
  const exit = (given: number) => {
    code = given;
  };
  const command = weightsCommand({ stdin: Readable.from([input]), stdout, exit });
  await command.parseAsync(args, { from: 'user' });
  return { code, printed, lines: printed.split('\n').slice(0, -1) };
}

const legs = {
  covariance: [
    [0.04, 0],
    [0, 0.16],
  ],
};

test('a solved problem is one JSON document and exit code 0', async () => {
  const { code, lines } = await run(['--json'], JSON.stringify(legs));
  expect(code).toBe(0);
  expect(lines).toHaveLength(1);
  const answer = JSON.parse(lines[0] as string) as { kind: string; weights: number[] };
  expect(answer.kind).toBe('converged');
  expect(answer.weights[0]).toBeCloseTo(2 / 3, 12);
});

test('a wrong problem lists every fault with its path and exits 2', async () => {
  const wrong = {
    covariance: [
      [0.04, null],
      [null, 0.16],
    ],
    budgets: [1, -1],
    signs: [0, 1],
  };
  const { code, lines } = await run(['--json'], JSON.stringify(wrong));
  expect(code).toBe(2);
  const answer = JSON.parse(lines[0] as string) as { faults: { path: string }[] };
  const paths = answer.faults.map((fault) => fault.path);
  expect(paths).toEqual(['covariance[0][1]', 'covariance[1][0]', 'budgets[1]', 'signs[0]']);
});

test('text that is not JSON is a wrong problem', async () => {
  const { code, printed } = await run([], '{"covariance":');
  expect(code).toBe(2);
  expect(printed).toContain('must be JSON');
});

test('a reasoned no exits 3 and says why', async () => {
  const { code, printed } = await run([], JSON.stringify({ ...legs, upperBounds: [0.4, 0.4] }));
  expect(code).toBe(3);
  expect(printed).toBe('infeasible\nupper bounds must sum to at least 1, was 0.8\n');
});

test('a person gets a table', async () => {
  const { code, printed } = await run([], JSON.stringify(legs));
  expect(code).toBe(0);
  expect(printed).toContain('leg 0   weight    66.6667 %  risk share    50.0000 %');
});

test('lines are answered in order, a wrong one among them, and the exit code is 0', async () => {
  const cases = JSON.parse(readFileSync('test/cases/weights.json', 'utf8')) as Case[];
  const problems = cases.map((item) => JSON.stringify(item.input));
  const { code, lines } = await run(['--ndjson'], ['not json', ...problems].join('\n'));
  expect(code).toBe(0);
  expect(lines).toHaveLength(cases.length + 1);
  expect(lines[0]).toContain('must be JSON');
  // Their tolerances are judged in test/parity/weightsCases.test.ts on the same function.
  expect(lines.slice(1)).toEqual(cases.map((item) => JSON.stringify(solveUnchecked(item.input))));
});
