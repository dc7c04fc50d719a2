/**
 * Goal: the account outlives the process, and the command says clearly what is wrong.
 * Method: one folder, several starts, a torn journal line; the command as a process of its own.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bybitDialect } from '../../../src/simulator/bybit/dialect.ts';
import { startSimulator } from '../../../src/simulator/http/server.ts';
import { connect } from '../client.ts';
import { hourMs, pathMarket, startMs } from '../core/pathMarket.ts';

const btc = 'BTC/USDT:USDT';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'equipoise-simulator-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function start(balances: Record<string, string> = { USDT: '100000' }) {
  return startSimulator({
    dialect: bybitDialect,
    market: pathMarket(),
    clock: { kind: 'virtual', nowMs: startMs },
    balances,
    stateDir: folder,
  });
}

describe('a state folder', () => {
  it('brings back orders, positions, balances, journal and time', async () => {
    const first = await start();
    const client = await connect('bybit', first);
    await client.createOrder(btc, 'market', 'buy', 0.5, undefined, { clientOrderId: 'a' });
    first.advanceTo(startMs + 9 * hourMs);
    await client.createOrder(btc, 'limit', 'sell', 0.5, 10_100, { clientOrderId: 'b' });
    const journal = first.journal();
    // Not closed: what was answered must be on disk already. A change that was never answered is not the account's.
    await client.setLeverage(7, btc);
    appendFileSync(join(folder, 'journal.ndjson'), '{"seq":998,"kind":"order"}\n{"seq":999,"torn');
    const second = await start({ USDT: '1' });
    expect(second.journal()).toEqual(journal);
    expect(second.nowMs()).toBe(startMs + 9 * hourMs);
    const again = await connect('bybit', second);
    expect(await again.fetchOpenOrders(btc)).toMatchObject([{ clientOrderId: 'b' }]);
    const [position] = await again.fetchPositions([btc]);
    expect(position).toMatchObject({ contracts: 0.5, leverage: 7 });
    await expect(
      again.createOrder(btc, 'market', 'buy', 0.1, undefined, { clientOrderId: 'a' }),
    ).rejects.toThrow('110072');
    await again.cancelAllOrders(btc);
    await second.close();
    const third = await start();
    expect(third.journal().length).toBe(journal.length + 1);
    await Promise.all([first.close(), third.close()]);
  });
});

const script = fileURLToPath(new URL('../../../src/commands/simulator.ts', import.meta.url));
const inline = (args: readonly string[]) => [
  '--import',
  'tsx',
  '--input-type=module',
  '-e',
  `const { simulatorCommand } = await import(${JSON.stringify(script)});
   await simulatorCommand().parseAsync(${JSON.stringify(args)}, { from: 'user' });`,
];

describe('the command', () => {
  it('prints one ready line, serves, and leaves on SIGTERM with 0', async () => {
    const child = spawn(process.execPath, inline(['--port', '0', '--state', folder]));
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const ready = JSON.parse(String(line)) as { kind: string; origin: string };
    expect(ready.kind).toBe('ready');
    const answer = await fetch(`${ready.origin}/v5/market/time`);
    expect(await answer.json()).toMatchObject({ retCode: 0 });
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  const failing = async (...args: string[]) =>
    promisify(execFile)(process.execPath, inline(args)).then(
      () => ({ code: 0, stderr: '' }),
      (error: { code: number; stderr: string }) => error,
    );

  it('names a taken port and the remedy, and leaves with 1', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { code, stderr } = await failing('--port', String(port));
    taken.close();
    expect(code).toBe(1);
    expect(stderr).toContain(`port ${port} of 127.0.0.1 is taken: choose another with --port`);
  });

  it('lists every wrong option, and leaves with 2', async () => {
    const { code, stderr } = await failing(
      '--port',
      'x',
      '--clock',
      'slow',
      '--from',
      'never',
      '--balance',
      'many',
    );
    expect(code).toBe(2);
    for (const option of ['--port', '--clock', '--from', '--balance'])
      expect(stderr).toContain(option);
  });

  it('plays the venues of a scenario over one market, each with what befalls it', async () => {
    const scenario = join(folder, 'scenario.yaml');
    const events = [
      '{ venue: beta, kind: dislocation, coins: [BTC], move: -0.05, afterMs: 1000 }',
      '{ kind: priceShock, coin: BTC, move: -0.3, overMs: 1000, afterMs: 1000 }',
    ];
    const venues = '{ alpha: { port: 0 }, beta: { port: 0, balances: { USDT: "5" } } }';
    const rows = events.map((event) => `  - ${event}\n`).join('');
    writeFileSync(scenario, `venues: ${venues}\nevents:\n${rows}`);
    const child = spawn(process.execPath, inline(['--scenario', scenario, '--clock', 'virtual']));
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const ready = JSON.parse(String(line)) as { venues: { alpha: string; beta: string } };
    const last = async (origin: string): Promise<number> => {
      const path = '/v5/market/tickers?category=linear&symbol=BTCUSDT';
      const answer = (await (await fetch(`${origin}${path}`)).json()) as {
        result: { list: { lastPrice: string }[] };
      };
      return Number(answer.result.list[0]?.lastPrice);
    };
    const { alpha, beta } = ready.venues;
    const before = await last(alpha);
    expect(await last(beta)).toBe(before);
    const body = JSON.stringify({ byMs: 3000 });
    for (const origin of [alpha, beta])
      await fetch(`${origin}/simulator/advance`, { method: 'POST', body });
    expect((await last(alpha)) / before).toBeCloseTo(0.7, 2);
    expect((await last(beta)) / (await last(alpha))).toBeCloseTo(0.95, 4);
    child.kill('SIGTERM');
    await once(child, 'exit');
  });

  it('names every fault of a scenario, and leaves with 2', async () => {
    const scenario = join(folder, 'wrong.yaml');
    const event = (text: string) => `  - ${text}\n`;
    const unknown = event('{ venue: gamma, kind: dislocation, coins: [BTC], move: -0.05 }');
    writeFileSync(
      scenario,
      `events:\n${unknown}${event('{ kind: priceShock, coin: BTC, move: -3 }')}`,
    );
    const { code, stderr } = await failing('--scenario', scenario);
    expect(code).toBe(2);
    expect(stderr).toContain('events.0.venue');
    expect(stderr).toContain('events.1');
  });

  it('names a data folder that is missing, and leaves with 2', async () => {
    const { code, stderr } = await failing('--port', '0', '--data', join(folder, 'none'));
    expect(code).toBe(2);
    expect(stderr).toContain(join(folder, 'none'));
  });
});
