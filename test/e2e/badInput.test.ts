/**
 * Bad input: every case gives one clear line that names the thing and the remedy, the right exit code, and no order.
 *
 * Method: the program as a process, on a simulated exchange whose faults are switched on and off, and whose journal says in
 * the end that no order ever reached it. Exit codes (contract 1): 1 the world failed, 2 the input is wrong, 3 a refusal.
 *
 * Tried, and seen to fail: the check for hedge mode left out (the rebalance then trades).
 */
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../src/adapters/database/openDatabase.ts';
import type { FaultRequest } from '../../src/simulator/http/faultSchema.ts';
import { type Ended, ensureBuilt, freePort, runCli } from './daemonProcess.ts';
import { type Overlay, openSite, type Site } from './daemonSite.ts';

let site: Site;
let database: Database;
let stranger: Server;
let strangerPort: number;
let nobodyPort: number;

beforeAll(async () => {
  await ensureBuilt();
  site = await openSite();
  // Held open, so that no command has to start it again.
  database = await openDatabase({ url: 'embedded', dataDir: `${site.dataDir}/database` });
  stranger = createServer((socket) => socket.destroy());
  strangerPort = await new Promise<number>((settle) => {
    stranger.listen(0, '127.0.0.1', () => settle((stranger.address() as { port: number }).port));
  });
  nobodyPort = await freePort();
}, 120_000);

afterAll(async () => {
  await new Promise((settle) => stranger.close(settle));
  await database.stop();
  await site.close();
});

/** What a person reads: the log's own lines, which are JSON, left out. */
const spoken = ({ stderr }: Ended): readonly string[] =>
  stderr.split('\n').filter((line) => line !== '' && !line.startsWith('{'));

const venue = (over: Overlay): Overlay => ({ venues: { alpha: over } });
const none = (port: number): string => `http://127.0.0.1:${port}`;

type Case = {
  readonly name: string;
  readonly command?: 'run' | 'rebalance' | 'plan';
  readonly config?: () => Overlay;
  readonly env?: Readonly<Record<string, string>>;
  readonly fault?: FaultRequest;
  readonly code: 1 | 2 | 3;
  /** Parts of the one line: the thing, and the remedy. */
  readonly says: () => readonly (string | RegExp)[];
};

const cases: readonly Case[] = [
  {
    name: 'an unknown symbol',
    config: () => ({
      legs: [{ id: 'btc', kind: 'perpetual', venue: 'alpha', symbol: 'BTCC/USDT:USDT' }],
      objective: { groupBudgets: undefined },
    }),
    code: 2,
    says: () => [
      'alpha (bybit) has no market BTCC/USDT:USDT',
      'correct the symbol',
      'BTC/USDT:USDT',
    ],
  },
  {
    name: 'an exchange that ccxt does not have',
    // Neither simulated nor lending: the config itself would refuse it first.
    config: () => ({
      ...venue({
        exchange: 'nosuchexchange',
        environment: 'testnet',
        endpoint: undefined,
        credentialsEnv: 'WRONG',
      }),
      legs: [{ id: 'btc', kind: 'perpetual', venue: 'alpha', symbol: 'BTC/USDT:USDT' }],
      objective: { groupBudgets: undefined },
    }),
    env: { WRONG_API_KEY: 'somebody', WRONG_API_SECRET: 'else' },
    code: 2,
    says: () => ['nosuchexchange', 'ccxt id'],
  },
  {
    name: 'a key whose variable is not set',
    config: () => venue({ credentialsEnv: 'NOWHERE' }),
    code: 2,
    says: () => ['NOWHERE_API_KEY is not set', 'set NOWHERE_API_KEY'],
  },
  {
    name: 'a wrong key',
    config: () => venue({ credentialsEnv: 'WRONG' }),
    env: { WRONG_API_KEY: 'somebody', WRONG_API_SECRET: 'else' },
    code: 2,
    says: () => ['API key is invalid', 'check the key and secret of WRONG_API_KEY'],
  },
  {
    name: 'a wrong secret',
    config: () => venue({ credentialsEnv: 'WRONG' }),
    env: { WRONG_API_KEY: 'simulated', WRONG_API_SECRET: 'else' },
    code: 2,
    says: () => [/sign/, 'check the key and secret of WRONG_API_KEY'],
  },
  {
    name: 'a key that may withdraw',
    fault: {
      kind: 'permissions',
      permissions: ['read', 'trade', 'spotTrade', 'wallet', 'earn', 'withdraw'],
    },
    code: 2,
    says: () => ['the key of alpha may withdraw', 'without the withdrawal permission'],
  },
  {
    name: 'a key that may not trade',
    fault: { kind: 'permissions', permissions: ['read', 'wallet'] },
    code: 2,
    says: () => ['the key of alpha may not trade', 'permission to trade'],
  },
  {
    name: 'recorded data that are not there',
    command: 'plan',
    config: () => ({
      ...venue({ endpoint: none(nobodyPort) }),
      simulator: { data: `${site.folder}/nowhere`, from: '2022-11-01T00:00:00Z' },
    }),
    code: 2,
    says: () => ['did not start', `${site.folder}/nowhere`],
  },
  {
    name: 'a port of the page that is taken',
    command: 'run',
    config: () => ({ http: { port: strangerPort } }),
    code: 1,
    says: () => [`port ${strangerPort} on 127.0.0.1 is taken`, 'set http.port'],
  },
  {
    name: 'a port of the simulator that is taken',
    config: () => venue({ endpoint: none(strangerPort) }),
    code: 1,
    says: () => [`port ${strangerPort} is taken by something that is no simulator`, '`endpoint`'],
  },
  {
    name: 'a database that is down',
    config: () => ({ database: `postgres://user:hidden@127.0.0.1:${nobodyPort}/x` }),
    code: 1,
    says: () => [`database at 127.0.0.1:${nobodyPort}/x`, 'ECONNREFUSED', 'Start the database'],
  },
  {
    name: 'a database that refuses the password',
    config: () => {
      const url = new URL(database.url);
      url.password = 'hidden';
      return { database: url.href };
    },
    code: 1,
    says: () => ['refuses these credentials', 'Correct the user and the password'],
  },
  {
    name: 'a queue that is down',
    command: 'run',
    config: () => ({ queue: `redis://127.0.0.1:${nobodyPort}` }),
    code: 1,
    says: () => ['the queue could not be reached', 'ECONNREFUSED', '`queue` in the config'],
  },
  {
    name: 'a venue that is down',
    config: () => ({ ...venue({ endpoint: none(nobodyPort) }), simulator: undefined }),
    code: 1,
    says: () => ['alpha (bybit)', 'check the network and the venue’s status'],
  },
  {
    name: 'a clock that is off',
    fault: { kind: 'clockSkew', skewMs: 5_000 },
    code: 1,
    says: () => ["the clock differs from alpha's by more than 1000 ms", 'NTP'],
  },
  {
    name: 'a clock that is wrong by minutes',
    fault: { kind: 'clockSkew', skewMs: -300_000 },
    code: 1,
    says: () => ['alpha', 'clock', 'NTP'],
  },
  {
    name: 'an account in hedge mode',
    fault: { kind: 'positionMode', mode: 'hedge' },
    code: 3,
    says: () => ['the account at alpha is in hedge mode', 'switch the account to one-way mode'],
  },
];

const calmed: readonly FaultRequest[] = [
  { kind: 'permissions', permissions: ['read', 'trade', 'spotTrade', 'wallet', 'earn'] },
  { kind: 'clockSkew', skewMs: 0 },
  { kind: 'positionMode', mode: 'oneWay' },
];

describe('bad input', () => {
  test.each(cases)('$name: one line, the right code', async (given) => {
    const { command = 'rebalance', config, env, fault, code, says } = given;
    const file = site.variant('bad', config?.() ?? {});
    if (fault !== undefined) await site.inject(fault);
    const options = { cwd: site.folder, limitMs: 45_000, ...(env === undefined ? {} : { env }) };
    const ended = await runCli([command, '--config', file], options);
    if (fault !== undefined) for (const calm of calmed) await site.inject(calm);
    const lines = spoken(ended);
    expect(lines, ended.stderr).toHaveLength(1);
    for (const part of says()) expect(lines[0]).toMatch(part);
    expect(ended.stderr + ended.stdout).not.toMatch(/hidden|simulated-secret/);
    expect(ended.stdout).toBe('');
    expect(ended.code).toBe(code);
  });

  test('a bad config: every fault on a line of its own, with path, what was found, what is allowed', async () => {
    const file = site.variant('bad', {
      portfolio: 'Paper!',
      sizing: { grossLeverageMax: -1 },
      colour: 'red',
    });
    const ended = await runCli(['rebalance', '--config', file], { cwd: site.folder });
    expect(spoken(ended).slice(1).sort()).toEqual([
      expect.stringMatching(/^colour: found an unknown key; allowed: /),
      expect.stringMatching(/^portfolio: found "Paper!"; allowed: lower-case letters/),
      expect.stringMatching(/^sizing\.grossLeverageMax: found -1; allowed: /),
    ]);
    expect(ended.code).toBe(2);
  });

  test('a config that is not there, a variable that is not set', async () => {
    const absent = await runCli(['run', '--config', 'nowhere.yaml'], { cwd: site.folder });
    expect(absent.stderr).toContain('nowhere.yaml: found ENOENT; allowed: a readable file');
    expect(absent.code).toBe(2);
    const named = ['$', '{EQUIPOISE_UNSET}'].join('');
    const file = site.variant('bad', { database: named });
    const unset = await runCli(['run', '--config', file], { cwd: site.folder });
    expect(spoken(unset).slice(1)).toEqual([
      expect.stringContaining('the environment variable EQUIPOISE_UNSET, which is not set'),
    ]);
    expect(unset.code).toBe(2);
  });

  test('not enough history: it stands, and says how much is missing', async () => {
    const file = site.variant('bad', { risk: { lookbackBars: 20_000, historyBarsMin: 20_000 } });
    const ended = await runCli(['rebalance', '--config', file, '--json'], { cwd: site.folder });
    expect(ended.stdout, ended.stderr).not.toBe('');
    const { kind, decision } = JSON.parse(ended.stdout);
    expect({ kind, code: ended.code }).toEqual({ kind: 'stood', code: 3 });
    expect(decision.reason).toMatch(/20000/);
  });

  test('with --json a failure is a document too', async () => {
    const file = site.variant('bad', {
      database: `postgres://user:hidden@127.0.0.1:${nobodyPort}/x`,
    });
    const ended = await runCli(['plan', '--config', file, '--json'], { cwd: site.folder });
    expect(JSON.parse(ended.stdout)).toMatchObject({ kind: 'failed', fault: 'world' });
    expect(ended.code).toBe(1);
  });

  test('and through all of it no order reached the exchange', async () => {
    const kinds = new Set((await site.journal()).map((entry) => entry.kind));
    expect([...kinds]).toEqual(['balance']);
  });
});
