/**
 * Goal: `margin` answers every reference case within its tolerance, and a wrong problem with every fault and its path.
 * Method: all cases through the command itself as one NDJSON stream; then faults, exit codes and the readable form.
 */
import { readFileSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { marginCommand, solveMargin } from '../../src/commands/margin.ts';

type Case = {
  readonly name: string;
  readonly kind: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly tolerance: { readonly kind?: 'rel' | 'abs'; readonly value?: number };
};

const cases = JSON.parse(
  readFileSync(new URL('../cases/margin.json', import.meta.url), 'utf8'),
) as readonly Case[];

async function run(args: readonly string[], input: string) {
  let printed = '';
  let code = -1;
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      printed += String(chunk);
      done();
    },
  });
  const command = marginCommand({
    stdin: Readable.from([input]),
    stdout,
    exit: (given) => {
      code = given;
    },
  });
  await command.parseAsync([...args], { from: 'user' });
  return { code, lines: printed.split('\n').slice(0, -1) };
}

function compare(
  actual: unknown,
  wanted: unknown,
  tolerance: Case['tolerance'],
  path: string,
): void {
  if (Array.isArray(wanted)) {
    expect(actual, path).toHaveLength(wanted.length);
    for (const [i, each] of wanted.entries()) {
      compare((actual as readonly unknown[])[i], each, tolerance, `${path}[${i}]`);
    }
  } else if (typeof wanted === 'object' && wanted !== null) {
    for (const [field, each] of Object.entries(wanted)) {
      compare(
        (actual as Readonly<Record<string, unknown>>)[field],
        each,
        tolerance,
        `${path}.${field}`,
      );
    }
  } else if (typeof wanted === 'number') {
    const scale = tolerance.kind === 'abs' ? 1 : Math.abs(wanted);
    const apart = typeof actual === 'number' ? Math.abs(actual - wanted) : Number.NaN;
    expect(apart, `${path}: ${actual} for ${wanted}`).toBeLessThanOrEqual(
      (tolerance.value ?? Number.NaN) * scale,
    );
  } else {
    expect(actual, path).toEqual(wanted);
  }
}

const answered = run(['--ndjson'], cases.map((each) => JSON.stringify(each.input)).join('\n'));

describe('reference cases', () => {
  for (const [i, each] of cases.entries()) {
    test(each.name, async () => {
      const { lines } = await answered;
      const answer = JSON.parse(lines[i] ?? 'null') as Readonly<Record<string, unknown>>;
      if (each.kind !== 'degenerate') {
        compare(answer, each.expected, each.tolerance, each.name);
        return;
      }
      const accepted = (each.expected['accept'] as readonly { kind: string }[]).map((a) => a.kind);
      expect(accepted).toContain(answer['kind']);
      expect(answer['faults']).not.toHaveLength(0);
    });
  }

  test('take one line each and end with code 0, wrong ones included', async () => {
    const { code, lines } = await answered;
    expect({ code, lines: lines.length }).toEqual({ code: 0, lines: cases.length });
  });
});

const tier = { floorUsd: 0, capUsd: null, maintenanceMarginRate: 0.01 };
const position = {
  symbol: 'BTC/USDT:USDT',
  quantityBase: 1,
  entryPriceUsd: 100,
  markPriceUsd: 100,
  leverage: 5,
  tiers: [tier],
};
const problem = { venue: 'generic', mode: 'cross', walletBalanceUsd: 50, positions: [position] };
const faultPaths = (wrong: unknown) => {
  const answer = solveMargin(wrong);
  return answer.kind === 'invalid' ? answer.faults.map((fault) => fault.path) : [];
};

describe('wrong problems', () => {
  test('are listed fault by fault, each with its path', () => {
    const wrong = {
      venue: 'mtgox',
      mode: 'portfolio',
      walletBalanceUsd: '50',
      positions: [
        { ...position, symbol: '', markPriceUsd: 0, leverage: 0, feeRate: -1, tiers: [] },
        { ...position, isolatedMargin: 3, tiers: [{ ...tier, capUsd: 'x' }, 7] },
        null,
      ],
      shocks: [{ 'BTC/USDT:USDT': -1.5 }, 3],
    };
    expect(faultPaths(wrong).toSorted()).toEqual(
      [
        'venue',
        'mode',
        'walletBalanceUsd',
        'positions[0].symbol',
        'positions[0].markPriceUsd',
        'positions[0].leverage',
        'positions[0].feeRate',
        'positions[0].tiers',
        'positions[1].isolatedMargin',
        'positions[1].tiers[0].capUsd',
        'positions[1].tiers[1]',
        'positions[2]',
        'shocks[0].BTC/USDT:USDT',
        'shocks[1]',
      ].toSorted(),
    );
  });

  test('include overlapping tiers, a symbol held twice, and no object at all', () => {
    const overlapping = [
      { ...tier, capUsd: 100 },
      { ...tier, floorUsd: 50 },
    ];
    expect(faultPaths({ ...problem, positions: [{ ...position, tiers: overlapping }] })).toEqual([
      'positions[0].tiers[1].floorUsd',
    ]);
    expect(faultPaths({ ...problem, positions: [position, position] })).toEqual([
      'positions[1].symbol',
    ]);
    expect([faultPaths(null), faultPaths([1])]).toEqual([[''], ['']]);
  });

  test('end with code 2, and say in plain words what was found', async () => {
    const wrong = JSON.stringify({ ...problem, walletBalanceUsd: null });
    expect(await run(['--json'], wrong)).toMatchObject({ code: 2 });
    const { lines } = await run([], wrong);
    expect(lines).toEqual([
      'walletBalanceUsd must be a number from -1000000000000000000 to 1000000000000000000, was null',
    ]);
  });
});

describe('answers', () => {
  test('name the symbols of a shock that are not held, and an account without equity has no ratio', () => {
    const shocks = [{ 'ETH/USDT:USDT': -0.5 }, { 'BTC/USDT:USDT': -1 }];
    const answer = solveMargin({ ...problem, shocks });
    expect(answer).toMatchObject({
      kind: 'evaluated',
      shocked: [
        { equityUsd: 50, liquidated: false, ignoredSymbols: ['ETH/USDT:USDT'] },
        { equityUsd: -50, marginRatio: null, liquidated: true, ignoredSymbols: [] },
      ],
    });
  });

  test('derive a missing deduction only on venues whose tiers are marginal', () => {
    const tiers = [
      { floorUsd: 0, capUsd: 50, maintenanceMarginRate: 0.01 },
      { floorUsd: 50, capUsd: null, maintenanceMarginRate: 0.05 },
    ];
    const maintenance = ['binance', 'okx'].map((venue) => {
      const answer = solveMargin({ ...problem, venue, positions: [{ ...position, tiers }] });
      return answer.kind === 'evaluated' ? answer.maintenanceMarginUsd : null;
    });
    expect(maintenance).toEqual([expect.closeTo(3, 12), expect.closeTo(5, 12)]);
  });

  test('are one document with --json and readable without, both with code 0', async () => {
    const text = JSON.stringify({ ...problem, shocks: [{ 'BTC/USDT:USDT': -0.6 }] });
    const json = await run(['--json'], text);
    expect({ code: json.code, lines: json.lines.length }).toEqual({ code: 0, lines: 1 });
    expect(await run([], text)).toEqual({
      code: 0,
      lines: [
        'equity 50.00  initial 20.00  maintenance 1.00  ratio 0.02000',
        'BTC/USDT:USDT  maintenance 1.00  liquidation 50.505051 (49.49 % away)',
        'shock 0  equity -10.00  LIQUIDATED',
      ],
    });
  });
});
