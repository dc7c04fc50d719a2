/**
 * Composition of the venues: all or none for whoever trades, each for itself for the kill switch; waits tied to the lease.
 *
 * Method: a config with a venue whose key is missing; a proxy before the simulated exchange that listens to the headers.
 */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { composeReachable, composeVenues } from '../src/compose.ts';
import { launchesOf } from '../src/composeSimulators.ts';
import { parseConfig } from '../src/config/load.ts';
import type { Config } from '../src/config/schema.ts';
import { venueId } from '../src/domain/ids.ts';
import { createGeneratedMarket } from '../src/simulator/market/generated.ts';
import { startRig } from './adapters/exchange/bybitSimulator.ts';

function configOf(endpoint: string, more = '', execution = '{}'): Config {
  const loaded = parseConfig(
    `
portfolio: test
venues:
  alpha: { exchange: bybit, environment: simulated, endpoint: '${endpoint}' }
${more}
legs:
  - { id: btc, kind: perpetual, venue: alpha, symbol: BTC/USDT:USDT }
objective: {}
sizing: { targetVolatilityAnnual: 0.15, grossLeverageMax: 3 }
rebalance: { cron: '0 */8 * * *' }
execution: ${execution}
`,
    {},
  );
  if (loaded.kind === 'invalid') throw new Error(JSON.stringify(loaded.faults));
  return loaded.config;
}

const clock = { nowMs: () => Date.now(), sleep: () => Promise.resolve() };

describe('a venue whose key is missing', () => {
  const config = configOf(
    'http://127.0.0.1:1',
    '  beta: { exchange: okx, environment: demo, credentialsEnv: MISSING }',
  );

  test('keeps whoever trades from starting', async () => {
    await expect(composeVenues(config, {}, clock)).rejects.toThrow('MISSING');
  });

  test('keeps the kill switch from no other venue, and is named', async () => {
    const composed = await composeReachable(config, {}, clock);
    expect([...composed.venues.keys()]).toEqual(['alpha']);
    expect(composed.unopened).toMatchObject([
      { venue: 'beta', error: { message: expect.stringContaining('MISSING') } },
    ]);
    await composed.close();
  });
});

test('two simulated exchanges trade one market and keep an account each', () => {
  const config = configOf(
    'http://127.0.0.1:1',
    `  beta: { exchange: bybit, environment: simulated, endpoint: 'http://127.0.0.1:2' }
simulator: { seed: 7 }`,
  );
  const launches = launchesOf(config, { cli: 'cli.js', nodeOptions: [] });
  expect(launches.map((each) => each.endpoint)).toEqual([
    'http://127.0.0.1:1',
    'http://127.0.0.1:2',
  ]);
  expect(launches.map((each) => each.seed)).toEqual([7, 7]);
  expect(new Set(launches.map((each) => each.folder)).size).toBe(2);
  const [one, other] = launches.map(({ seed }) =>
    createGeneratedMarket({ seed }).quote('linear', 'BTCUSDT', Date.UTC(2025, 2, 3, 4, 5)),
  );
  expect(one).toBeDefined();
  expect(one).toEqual(other);
});

test('a simulated exchange speaks the language of the class that asks it', () => {
  const config = configOf(
    'http://127.0.0.1:1',
    `  beta: { exchange: binanceusdm, environment: simulated, endpoint: 'http://127.0.0.1:2' }
simulator: { seed: 7 }`,
  );
  const launches = launchesOf(config, { cli: 'cli.js', nodeOptions: [] });
  expect(launches.map((each) => each.dialect)).toEqual(['bybit', 'binance']);
});

test('a signed request may be taken by the venue for half of the settling time', async () => {
  const rig = await startRig();
  const heard: IncomingHttpHeaders[] = [];
  const proxy = createServer((request, response) => {
    heard.push(request.headers);
    const { 'x-original-host': original = '', ...rest } = request.headers;
    const headers = Object.entries({ ...rest, 'x-original-host': original }).filter(
      (entry): entry is [string, string] =>
        typeof entry[1] === 'string' && !['host', 'connection'].includes(entry[0]),
    );
    void (async () => {
      const answer = await fetch(`${rig.simulator.origin}${request.url}`, { headers });
      response.setHeader('content-type', 'application/json');
      response.end(await answer.text());
    })();
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  const { port } = proxy.address() as AddressInfo;
  const config = configOf(`http://127.0.0.1:${port}`, '', '{ settlingMs: 9000 }');
  const simulated = { nowMs: rig.simulator.nowMs, sleep: clock.sleep };
  const composed = await composeVenues(config, {}, simulated);
  await composed.venues.get(venueId('alpha'))?.reader.account();
  const windows = heard.flatMap((headers) => headers['x-bapi-recv-window'] ?? []);
  expect(windows.length).toBeGreaterThan(0);
  expect(new Set(windows)).toEqual(new Set(['4500']));
  await composed.close();
  proxy.close();
  await rig.close();
});
