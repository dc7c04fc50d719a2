/**
 * Goal: a public feed is read when it is due, within its limits, and is unknown with its reason whenever it is anything but what it
 * should be; one that is not configured is no feed at all.
 * Method: servers on loopback that answer well, oddly, hugely, never, elsewhere; files likewise; a clock that the test moves.
 */
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  createSolvencyFeeds,
  type FeedOptions,
  type FeedSource,
} from '../../../src/adapters/solvency/feeds.ts';
import { venueId } from '../../../src/domain/ids.ts';
import { assessVenue } from '../../../src/signals/solvency/assessVenue.ts';
import { nextMemory } from '../../../src/signals/solvency/memory.ts';
import { NOTHING_OFFERED } from '../../../src/signals/solvency/observations.ts';
import { SOLVENCY_RULES } from '../../../src/signals/solvency/rules.ts';

const alpha = venueId('alpha');
const beta = venueId('beta');
const startMs = Date.UTC(2026, 9, 1);
const minuteMs = 60_000;
const dayMs = 86_400_000;
const bybit = {
  name: 'Bybit',
  slug: 'Bybit',
  coin: null,
  currentTvl: 16_900e6,
  cleanAssetsTvl: 16_000e6,
  inflows_24h: -2_000e6,
  inflows_1w: -5_000e6,
  spotVolume: null,
};

let nowMs = startMs;
let folder = '';
const servers: Server[] = [];

beforeEach(async () => {
  nowMs = startMs;
  folder = await mkdtemp(join(tmpdir(), 'equipoise-feeds-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
});

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/cexs?key=hidden`;
}
const answering = (body: unknown): Promise<string> =>
  serve((_, response) => void response.end(typeof body === 'string' ? body : JSON.stringify(body)));
const from = (place: { readonly url?: string; readonly file?: string }): FeedSource => ({
  ...place,
  timeoutMs: 2_000,
  refreshMs: 15 * minuteMs,
});
async function written(text: string, atMs = startMs): Promise<FeedSource> {
  const file = join(folder, 'document.json');
  await writeFile(file, text);
  await utimes(file, atMs / 1000, atMs / 1000);
  return from({ file });
}
const open = (options: Partial<FeedOptions>) =>
  createSolvencyFeeds({ clock: { nowMs: () => nowMs }, assets: null, venues: {}, ...options });
const assetsFrom = async (source: FeedSource, slug = 'bybit') =>
  (await open({ assets: source, venues: { alpha: { slug } } }).read(alpha)).assets;
const proofFrom = async (source: FeedSource) =>
  (await open({ venues: { alpha: { proof: source } } }).read(alpha)).proof;
const reasonOf = async (source: FeedSource, slug?: string) => {
  const read = await assetsFrom(source, slug);
  return read?.kind === 'unknown' ? read.reason : read?.kind;
};

describe('assets of exchanges', () => {
  test('are the row of the slug, whatever case, from an URL', async () => {
    const url = await answering({ cexs: [{ slug: 'other' }, bybit], cg_volume_cexs: [] });
    expect(await assetsFrom(from({ url }))).toEqual({
      kind: 'observed',
      observedAtMs: startMs,
      value: {
        assetsUsd: 16_900e6,
        cleanAssetsUsd: 16_000e6,
        inflow24hUsd: -2_000e6,
        inflow7dUsd: -5_000e6,
      },
    });
  });

  test('from a file are as old as the file', async () => {
    const source = await written(JSON.stringify({ cexs: [bybit] }), startMs - 3 * dayMs);
    expect(await assetsFrom(source)).toMatchObject({ observedAtMs: startMs - 3 * dayMs });
  });

  test('may be null or missing, each for itself, and another exchange’s oddity spoils nothing', async () => {
    const cexs = [
      'nonsense',
      { slug: 'kraken', currentTvl: 'a lot' },
      { ...bybit, inflows_24h: null, inflows_1w: undefined, cleanAssetsTvl: null },
    ];
    const url = await answering({ cexs });
    expect(await assetsFrom(from({ url }))).toMatchObject({
      kind: 'observed',
      value: { assetsUsd: 16_900e6, cleanAssetsUsd: null, inflow24hUsd: null, inflow7dUsd: null },
    });
  });

  test.each([
    ['of another shape', { exchanges: [] }, /must have the shape of \/cexs/],
    ['with a text for a number', { cexs: [{ ...bybit, currentTvl: '1' }] }, /currentTvl/],
    ['with less than nothing', { cexs: [{ ...bybit, currentTvl: -1 }] }, /currentTvl/],
    [
      'without the exchange',
      { cexs: [{ ...bybit, slug: 'ftx' }] },
      /no exchange of this slug, was bybit/,
    ],
    ['that are HTML', '<html>', /not JSON/],
    ['cut short', '{"cexs":[{"slug":"by', /not JSON/],
    ['of nothing', '', /not JSON/],
  ])('%s are unknown, with the reason', async (_, body, reason) => {
    expect(await reasonOf(from({ url: await answering(body) }))).toMatch(reason);
  });

  test('behind an error or a redirection are unknown; nobody is sent elsewhere', async () => {
    let asked = 0;
    const elsewhere = await serve((_, response) => {
      asked += 1;
      response.end(JSON.stringify({ cexs: [bybit] }));
    });
    const moved = await serve(
      (_, response) => void response.writeHead(302, { location: elsewhere }).end(),
    );
    const down = await serve((_, response) => void response.writeHead(503).end('{}'));
    expect(await reasonOf(from({ url: moved }))).toMatch(/was status 302$/);
    expect(await reasonOf(from({ url: down }))).toMatch(/was status 503$/);
    expect(asked).toBe(0);
  });

  test('that are huge, announced or not, are unknown', async () => {
    const announced = await serve((_, response) => {
      response.writeHead(200, { 'content-length': String(1e9) });
      response.write('{');
    });
    const endless = await serve((_, response) => {
      const block = ' '.repeat(1 << 20);
      const more = (): void => {
        while (!response.destroyed && response.write(block));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    expect(await reasonOf(from({ url: announced }))).toMatch(/1000000000 bytes, at most/);
    expect(await reasonOf(from({ url: endless }))).toMatch(/exceeded max size$/);
    expect(await reasonOf(await written(`"${'x'.repeat(9 * 1024 * 1024)}"`))).toMatch(
      /at most 8388608/,
    );
  });

  test('that never come, or come in drops, are given up', async () => {
    const silent = await serve(() => undefined);
    const dropping = await serve((_, response) => {
      response.writeHead(200);
      response.write('{"cexs":');
    });
    for (const url of [silent, dropping]) {
      expect(await reasonOf({ ...from({ url }), timeoutMs: 100 })).toMatch(/cannot be read/);
    }
  });

  test('are told of without the key in the URL', async () => {
    const url = await answering('<html>');
    expect(await reasonOf(from({ url }))).not.toContain('hidden');
  });

  test('in no file, or in a folder, are unknown', async () => {
    expect(await reasonOf(from({ file: join(folder, 'absent.json') }))).toMatch(/ENOENT/);
    expect(await reasonOf(from({ file: folder }))).toMatch(/cannot be read/);
  });
});

describe('when a feed is read', () => {
  test('it is once for all venues until it is due, and again at once after a failure', async () => {
    let asked = 0;
    const url = await serve((_, response) => {
      asked += 1;
      response.end(asked === 1 ? '<html>' : JSON.stringify({ cexs: [bybit] }));
    });
    const feeds = open({
      assets: from({ url }),
      venues: { alpha: { slug: 'bybit' }, beta: { slug: 'bybit' } },
    });
    const both = () => Promise.all([feeds.read(alpha), feeds.read(beta)]);
    const kinds = async () => (await both()).map(({ assets }) => assets?.kind);
    expect(await kinds()).toEqual(['unknown', 'unknown']);
    expect([await kinds(), asked]).toEqual([['observed', 'observed'], 2]);
    nowMs += 15 * minuteMs - 1;
    const [{ assets }] = await both();
    expect([assets, asked]).toMatchObject([{ observedAtMs: startMs }, 2]);
    nowMs += 1;
    expect([(await both())[0].assets, asked]).toMatchObject([{ observedAtMs: nowMs }, 3]);
  });

  test('a venue without a slug, a proof, or a word in the config has no such feed', async () => {
    const assets = from({ url: await answering({ cexs: [bybit] }) });
    const feeds = open({ assets, venues: { alpha: {} } });
    expect(await feeds.read(alpha)).toEqual({ assets: null, proof: null });
    expect(await feeds.read(beta)).toEqual({ assets: null, proof: null });
  });
});

describe('a proof of reserves', () => {
  const dated = (date: unknown, ratios: unknown = { BTC: 1.05, USDT: 1.01 }) =>
    written(JSON.stringify({ date, ratios }));

  test('states its date, and of its coins the least covered counts', async () => {
    expect(await proofFrom(await dated('2026-09-01'))).toEqual({
      kind: 'observed',
      value: { asOfMs: Date.UTC(2026, 8, 1), ratio: 1.01 },
      observedAtMs: startMs,
    });
    expect(await proofFrom(await dated('2026-09-01T06:00:00+02:00'))).toMatchObject({
      value: { asOfMs: Date.UTC(2026, 8, 1, 4) },
    });
  });

  test.each([
    ['a date that is none', '2026-13-01', undefined],
    ['a date to come', '2026-10-03', undefined],
    ['no coin', '2026-09-01', {}],
    ['a ratio below nothing', '2026-09-01', { BTC: -1 }],
    ['a ratio of text', '2026-09-01', { BTC: '1.02' }],
    ['no ratios', '2026-09-01', null],
  ])('with %s is unknown', async (_, date, ratios) => {
    expect((await proofFrom(await dated(date, ratios)))?.kind).toBe('unknown');
  });
});

test('a stale feed is unknown and the venue watched, never healthy', async () => {
  const source = await written(
    JSON.stringify({ cexs: [{ ...bybit, inflows_24h: 0, inflows_1w: 0 }] }),
  );
  const feeds = open({ assets: source, venues: { alpha: { slug: 'bybit' } } });
  const stateAt = async (atMs: number) => {
    nowMs = atMs;
    const notOffered = { kind: 'notOffered' } as const;
    const figures = { markets: notOffered, insuranceUsd: notOffered, ownToken: notOffered };
    const seen = {
      nowMs,
      figures,
      chains: null,
      others: notOffered,
      feeds: await feeds.read(alpha),
    };
    const { signals } = nextMemory(null, seen, {}, SOLVENCY_RULES);
    return assessVenue({ ...NOTHING_OFFERED, ...signals }, null, nowMs).state;
  };
  expect(await stateAt(startMs)).toBe('healthy');
  expect(await stateAt(startMs + SOLVENCY_RULES.feedAgeMsMax)).toBe('healthy');
  expect(await stateAt(startMs + SOLVENCY_RULES.feedAgeMsMax + 1)).toBe('watch');
});
