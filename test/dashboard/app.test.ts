/**
 * Goal: the routes of the contract, closed where they must be, and a page that shows what it is given and nothing else.
 * Method: requests to the app itself, hostile text in every field; the listener on a real port. Taking `isBearer` out made
 * "needs the token" fail; rendering a field with `raw` made "escapes" fail.
 */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createDashboard, type DashboardOptions } from '../../src/dashboard/app.ts';
import { isBearer, readToken } from '../../src/dashboard/bearer.ts';
import { type Listener, listen } from '../../src/dashboard/listen.ts';
import type { Status } from '../../src/dashboard/status.ts';
import { createStatusSource } from '../../src/dashboard/statusSource.ts';
import { OperatingError } from '../../src/domain/operatingError.ts';
import { haltedStatus, sampleStatus } from './sampleStatus.ts';

const token = 'a-token-of-sixteen-or-more';

function world(options: Partial<DashboardOptions> = {}) {
  const acts: string[] = [];
  const failures: Error[] = [];
  const app = createDashboard({
    portfolio: 'main',
    version: '0.1.0',
    readStatus: async () => sampleStatus,
    metricsText: async () => 'equipoise_halted 0\n',
    control: null,
    failed: (error) => failures.push(error),
    ...options,
  });
  const control = {
    token,
    halt: async (reason: string) => {
      acts.push(`halt: ${reason}`);
      return { venues: [] };
    },
    resume: async () => void acts.push('resume'),
  };
  return { app, acts, failures, control };
}

const withControl = () => {
  const { control, acts } = world();
  return { ...world({ control }), acts };
};

const post = (body?: string, authorization?: string): RequestInit => ({
  method: 'POST',
  ...(body === undefined ? {} : { body }),
  ...(authorization === undefined ? {} : { headers: { authorization } }),
});

/** Every text in it is an attack. */
function hostile<T>(value: T): T {
  if (typeof value === 'string') return `<script>alert("${value}")</script>'"&` as T;
  if (Array.isArray(value)) return value.map(hostile) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, hostile(inner)]),
  ) as T;
}

describe('the routes', () => {
  it('tell that the process lives, and its metrics', async () => {
    const { app } = world();
    expect((await app.request('/healthz')).status).toBe(200);
    const metrics = await app.request('/metrics');
    expect(metrics.headers.get('content-type')).toContain('text/plain');
    expect(await metrics.text()).toBe('equipoise_halted 0\n');
  });

  it('are ready with 200 only when it may trade, else 503 with the reasons', async () => {
    expect((await world().app.request('/readyz')).status).toBe(200);
    const { app } = world({ readStatus: async () => haltedStatus });
    const answer = await app.request('/readyz');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({ ready: false, reasons: haltedStatus.reasons });
  });

  it('give the status with every field of the contract', async () => {
    const status = (await (await world().app.request('/api/status')).json()) as Status;
    expect(status).toEqual(JSON.parse(JSON.stringify(sampleStatus)));
    const keys = (value: object | null | undefined) => Object.keys(value ?? {});
    expect(keys(status)).toEqual(
      expect.arrayContaining(
        'version nowMs halted ready reasons equityUsd targetVolatilityAnnual forecastVolatilityAnnual grossLeverage legs venues lastRebalance openOrders discrepancies'.split(
          ' ',
        ),
      ),
    );
    expect(keys(status.legs[0])).toEqual(
      expect.arrayContaining(
        'id group kind venue weight budget riskShare targetUsd positionUsd binding'.split(' '),
      ),
    );
    expect(keys(status.venues[0])).toEqual(
      expect.arrayContaining(
        'id exchange environment state equityUsd marginRatio capUsd defaultProbabilityAnnual'.split(
          ' ',
        ),
      ),
    );
    expect(keys(status.lastRebalance)).toEqual(
      expect.arrayContaining(
        'id state startedAtMs endedAtMs ordersSent ordersDenied fills'.split(' '),
      ),
    );
  });

  it('say 503 and why while the database is away', async () => {
    const down = new OperatingError('database down at 127.0.0.1:5432/x', {
      retryable: true,
      remedy: 'start it',
    });
    const { app, failures } = world({ readStatus: () => Promise.reject(down) });
    for (const path of ['/readyz', '/api/status', '/']) {
      const answer = await app.request(path);
      expect(answer.status).toBe(503);
      expect(await answer.text()).toContain('database down');
    }
    expect(failures).toEqual([]);
    expect((await app.request('/healthz')).status).toBe(200);
  });

  it('keep the text of our own failures to the log', async () => {
    const { app, failures } = world({
      readStatus: () => Promise.reject(new Error('inner <secret>')),
    });
    const answer = await app.request('/');
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('secret');
    expect(failures.map((error) => error.message)).toEqual(['inner <secret>']);
  });
});

describe('what changes state', () => {
  it('does not exist without a token file', async () => {
    const { app } = world();
    for (const path of ['/api/halt', '/api/resume']) {
      const answer = await app.request(path, post('{}', `Bearer ${token}`));
      expect(answer.status).toBe(404);
    }
  });

  it.each([undefined, 'Bearer wrong', `Basic ${token}`, token, `Bearer ${token}x`, 'Bearer '])(
    'needs the token, %s is none',
    async (authorization) => {
      const { app, acts } = withControl();
      for (const path of ['/api/halt', '/api/resume']) {
        expect((await app.request(path, post(undefined, authorization))).status).toBe(401);
      }
      expect(acts).toEqual([]);
    },
  );

  it('halts with a reason and resumes', async () => {
    const { app, acts } = withControl();
    const halted = await app.request('/api/halt', post('{"reason":"storm"}', `Bearer ${token}`));
    expect(await halted.json()).toEqual({ halted: true, report: { venues: [] } });
    await app.request('/api/halt', post(undefined, `Bearer ${token}`));
    await app.request('/api/resume', post(undefined, `Bearer ${token}`));
    expect(acts).toEqual(['halt: storm', 'halt: halted over HTTP', 'resume']);
  });

  it.each([
    ['{"reason":""}', 400],
    ['{"reason":7}', 400],
    ['{"why":"x"}', 400],
    ['not json', 400],
    [`{"reason":"${'x'.repeat(5_000)}"}`, 413],
  ])('refuses a body that it does not understand: %.20s', async (body, code) => {
    const { app, acts } = withControl();
    expect((await app.request('/api/halt', post(body, `Bearer ${token}`))).status).toBe(code);
    expect(acts).toEqual([]);
  });

  it('takes a token only from a file of its owner, long enough', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'equipoise-token-'));
    const path = join(folder, 'token');
    await expect(readToken(path)).rejects.toThrow(/cannot be read, was ENOENT/);
    await writeFile(path, `${token}\n`, { mode: 0o600 });
    expect(await readToken(path)).toBe(token);
    await chmod(path, 0o644);
    await expect(readToken(path)).rejects.toThrow(/can be read by others/);
    await writeFile(path, 'short');
    await chmod(path, 0o600);
    await expect(readToken(path)).rejects.toThrow(/at least 16 characters, was 5/);
    await rm(folder, { recursive: true });
    expect(isBearer(`bearer ${token}`, token)).toBe(true);
  });
});

describe('the page', () => {
  const pageOf = async (status: Status) => {
    const { app } = world({ readStatus: async () => status });
    return await (await app.request('/')).text();
  };

  it('shows legs, bindings, venues, orders, rebalances and what was denied', async () => {
    const text = await pageOf(sampleStatus);
    for (const shown of [
      'btc',
      'ISSUER_CAP',
      'sizing.issuerShareMax above 0.5',
      'withdrawals of SOL',
    ]) {
      expect(text).toContain(shown);
    }
    for (const shown of [
      '$101,284',
      '−$6,210',
      '13.1 %',
      'SOL/USDT:USDT',
      'ORDER_VALUE',
      'Ready',
    ]) {
      expect(text).toContain(shown);
    }
  });

  it('shows the risk and its tails, hedges with what they took, the guard and pegs', async () => {
    const text = await pageOf(sampleStatus);
    for (const shown of [
      '<code>venue:alpha</code> 15.0 %',
      '<code>USDT at alpha</code> $21,804, 4.8 %',
      '<td>Historical</td>\n<td class="number">–</td>',
      '$1,497',
      'the book moved 12.2 % over the last 720 bars',
      '2.5 BTC',
      '−$97,820',
      '94.7 %',
      '−3.4 %',
      '<span class="pill warn">warn</span>',
      'USDC: nothing is added to its legs',
      'cost 3.0 bps',
      'from alpha to beta',
      'VENUE_CAP of alpha is full',
      'contango<small>future</small>',
      '12.4 d',
      '$912,400,000',
      '2.9 bps',
      'not read: riskReversal: the venue did not answer',
    ]) {
      expect(text).toContain(shown);
    }
    const { risk: _, hedges: __, pegs: ___, signals: ____, ...without } = sampleStatus;
    const bare = await pageOf(without);
    for (const title of ['<h2>Risk</h2>', '<h2>Hedges</h2>', '<h2>Signals</h2>', 'Off the peg']) {
      expect(bare).not.toContain(title);
      expect(text).toContain(title);
    }
  });

  it('shows a halt before everything else, with its reason', async () => {
    const text = await pageOf(haltedStatus);
    expect(text).toContain('Trading is halted: drawdown 21 % under the peak');
    expect(text.indexOf('Trading is halted')).toBeLessThan(text.indexOf('Equity'));
    expect(text).toContain('8.41');
  });

  it('escapes every text, whoever wrote it', async () => {
    const status = { ...hostile(haltedStatus), orders: hostile(sampleStatus.orders) };
    const text = await pageOf(status);
    expect(text).not.toMatch(/<script/i);
    expect(text).not.toContain('")</');
    expect(text).toContain('&lt;script&gt;');
  });

  it('needs no script and nothing from elsewhere, and says so to the browser', async () => {
    const answer = await world().app.request('/');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.text()).not.toMatch(/<script|src=|href=|url\(|@import/i);
  });

  it('shows a dash, not a zero, for what is not known', async () => {
    const text = await pageOf({ ...sampleStatus, equityUsd: null, venues: [], legs: [] });
    expect(text).toMatch(/<dt>Equity<\/dt><dd class="">–<\/dd>/);
  });
});

describe('the status for many readers', () => {
  it('is read once a second at most and never twice at a time', async () => {
    let reads = 0;
    let nowMs = 0;
    const source = createStatusSource(
      async () => {
        reads += 1;
        return sampleStatus;
      },
      { nowMs: () => nowMs },
    );
    await Promise.all([source(), source(), source()]);
    nowMs = 999;
    await source();
    expect(reads).toBe(1);
    nowMs = 1_000;
    await source();
    expect(reads).toBe(2);
  });

  it('is given up when the database hangs', async () => {
    const source = createStatusSource(() => new Promise(() => {}), { nowMs: () => 0, limitMs: 1 });
    await expect(source()).rejects.toThrow(/not read in time, was more than 1 ms/);
  });
});

describe('the listener', () => {
  let listeners: Listener[] = [];
  afterEach(async () => {
    await Promise.all(listeners.map((listener) => listener.stop()));
    listeners = [];
  });
  const start = async (port: number, host = '127.0.0.1') => {
    const listener = await listen(world().app, { host, port });
    listeners.push(listener);
    return listener;
  };

  it('answers on the port that it was given, and stops', async () => {
    const { port } = await start(0);
    const url = `http://127.0.0.1:${port}/healthz`;
    expect((await fetch(url)).status).toBe(200);
    await Promise.all(listeners.map((listener) => listener.stop()));
    await expect(fetch(url)).rejects.toThrow();
  });

  it('names the port and the remedy when it is taken, and the host when it is not ours', async () => {
    const { port } = await start(0);
    const taken = await start(port).catch((error: unknown) => error);
    expect(taken).toMatchObject({
      message: `port ${port} on 127.0.0.1 is taken`,
      retryable: false,
      remedy: expect.stringContaining('http.port'),
    });
    const foreign = await start(0, '192.0.2.1').catch((error: unknown) => error);
    expect(foreign).toMatchObject({ remedy: expect.stringContaining('http.host') });
  });
});
