/**
 * Goal: the routes of the contract, closed where they must be, read once for many readers.
 * Method: requests to the app itself. Taking `isBearer` out made "needs the token" fail.
 */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isBearer, readToken } from '../../src/dashboard/bearer.ts';
import type { Status } from '../../src/dashboard/status.ts';
import { createStatusSource } from '../../src/dashboard/statusSource.ts';
import { OperatingError } from '../../src/domain/operatingError.ts';
import { post, token, withControl, world } from './appGiven.ts';
import { haltedStatus, sampleStatus } from './sampleStatus.ts';

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
