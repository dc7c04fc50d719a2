/**
 * The frame of a calculator command: reads one problem, or with `--ndjson` one per line, and answers in the same order.
 *
 * Exit codes (contract 1): 0 answered, 2 the input is wrong, 3 a reasoned no; with `--ndjson` 0 once every line
 * has its answer, whatever that is.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { Command } from 'commander';
import type { InvalidProblem } from './faults.ts';

export type Calculator<Answer> = {
  readonly name: string;
  readonly description: string;
  /** Never throws: a wrong problem is an answer too. */
  readonly solve: (problem: unknown) => Answer | InvalidProblem;
  /** True where the answer is a reasoned no. */
  readonly isNo: (answer: Answer) => boolean;
  /** For a person, where `--json` is not given. */
  readonly describe: (answer: Answer) => string;
};

/** Where a command reads and writes; the process itself unless a test says otherwise. */
export type Terminal = {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly exit: (code: number) => void;
};

const processTerminal: Terminal = {
  stdin: process.stdin,
  stdout: process.stdout,
  exit: (code) => {
    process.exitCode = code;
  },
};

type Options = { readonly input: string; readonly json?: boolean; readonly ndjson?: boolean };

export function calculatorCommand<Answer>(
  calculator: Calculator<Answer>,
  terminal: Terminal = processTerminal,
): Command {
  return new Command(calculator.name)
    .description(calculator.description)
    .option('--input <file>', 'JSON to read; - is standard input', '-')
    .option('--json', 'print one JSON document and nothing else')
    .option('--ndjson', 'one problem per line in, one answer per line out')
    .action(async (options: Options) => {
      const source = options.input === '-' ? terminal.stdin : createReadStream(options.input);
      try {
        terminal.exit(await answer(calculator, options, source, terminal.stdout));
      } catch (error) {
        if (!isReadFailure(error)) throw error;
        const fault = { path: '--input', message: `must be readable, was ${error.message}` };
        await write(terminal.stdout, JSON.stringify({ kind: 'invalid', faults: [fault] }));
        terminal.exit(2);
      }
    });
}

async function answer<Answer>(
  calculator: Calculator<Answer>,
  options: Options,
  source: Readable,
  out: Writable,
): Promise<number> {
  if (options.ndjson === true) {
    for await (const line of createInterface({ input: source, crlfDelay: Infinity })) {
      if (line.trim() !== '') await write(out, JSON.stringify(solveText(calculator, line)));
    }
    return 0;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of source) chunks.push(Buffer.from(chunk as Buffer | string));
  const solved = solveText(calculator, Buffer.concat(chunks).toString('utf8'));
  const invalid = isInvalid(solved);
  const readable =
    options.json === true ? null : invalid ? describeFaults(solved) : calculator.describe(solved);
  await write(out, readable ?? JSON.stringify(solved));
  return invalid ? 2 : calculator.isNo(solved) ? 3 : 0;
}

function solveText<Answer>(calculator: Calculator<Answer>, text: string): Answer | InvalidProblem {
  let problem: unknown;
  try {
    problem = JSON.parse(text);
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return { kind: 'invalid', faults: [{ path: '', message: `must be JSON, was: ${found}` }] };
  }
  return calculator.solve(problem);
}

const isInvalid = (answer: unknown): answer is InvalidProblem =>
  typeof answer === 'object' && answer !== null && 'kind' in answer && answer.kind === 'invalid';

const isReadFailure = (error: unknown): error is Error =>
  error instanceof Error &&
  'syscall' in error &&
  (error.syscall === 'open' || error.syscall === 'read');

const describeFaults = (invalid: InvalidProblem): string =>
  invalid.faults
    .map(({ path, message }) => `${path === '' ? 'input' : path} ${message}`)
    .join('\n');

function write(out: Writable, line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    out.write(`${line}\n`, (error) => (error ? reject(error) : resolve()));
  });
}
