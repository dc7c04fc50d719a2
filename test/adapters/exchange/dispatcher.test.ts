/**
 * Goal: the list of origins holds where requests really leave, not only on paper; a body that stalls ends.
 * Method: undici requests through the dispatcher to a server that counts what arrives; a real class with its URLs bent.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openVenue } from '../../../src/adapters/exchange/openVenue.ts';
import {
  createDispatcher,
  defaultTimeouts,
  openSockets,
} from '../../../src/adapters/exchange/transport/dispatcher.ts';
import { optionsOf, startMs } from './bybitSimulator.ts';

const arrived: { path: string; originalHost: string | undefined }[] = [];
let server: Server;
let origin: string;
let connections = 0;

beforeAll(async () => {
  server = createServer((incoming, outgoing) => {
    const host = incoming.headers['x-original-host'];
    arrived.push({ path: incoming.url ?? '', originalHost: host?.toString() });
    if (incoming.url === '/stall') outgoing.write('{"half":');
    else outgoing.end('{}');
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const still = () => ({ origin, nowMs: () => startMs, advanceTo: () => {} });

describe('the dispatcher', () => {
  it('sends an admitted request to the endpoint and refuses any other before a socket is opened', async () => {
    const dispatcher = createDispatcher(
      'alpha',
      { origins: new Set(['https://api.bybit.com']), rehostTo: origin, requiredHeader: null },
      openSockets(defaultTimeouts),
    );
    await (await request('https://api.bybit.com/fine', { dispatcher })).body.dump();
    expect(arrived.at(-1)).toEqual({ path: '/fine', originalHost: 'api.bybit.com' });
    const before = arrived.length;
    for (const url of ['https://api.binance.com/x', `${origin}/x`, 'http://api.bybit.com/x']) {
      await expect(request(url, { dispatcher })).rejects.toMatchObject({ code: 'WRONG_HOST' });
    }
    expect(arrived).toHaveLength(before);
    await dispatcher.destroy();
  });

  it('requires the demo header on each request', async () => {
    const dispatcher = createDispatcher(
      'alpha',
      {
        origins: new Set([origin]),
        rehostTo: null,
        requiredHeader: { name: 'x-simulated-trading', value: '1' },
      },
      openSockets(defaultTimeouts),
    );
    await expect(request(`${origin}/x`, { dispatcher })).rejects.toThrow('x-simulated-trading');
    const headers = { 'X-SIMULATED-TRADING': '1' };
    expect((await request(`${origin}/x`, { dispatcher, headers })).statusCode).toBe(200);
    await dispatcher.destroy();
  });

  it('ends a body that stalls', async () => {
    const dispatcher = createDispatcher(
      'alpha',
      { origins: new Set([origin]), rehostTo: null, requiredHeader: null },
      openSockets({ ...defaultTimeouts, bodyMs: 100 }),
    );
    const answer = await request(`${origin}/stall`, { dispatcher });
    await expect(answer.body.text()).rejects.toMatchObject({ code: 'UND_ERR_BODY_TIMEOUT' });
    await dispatcher.destroy();
  });
});

describe('sockets of many accounts', () => {
  const policy = (host: string) => ({
    origins: new Set([host]),
    rehostTo: origin,
    requiredHeader: null,
  });

  it('are used again by the next, each with its own list of origins and its own answers', async () => {
    const sockets = openSockets(defaultTimeouts, 1);
    const heard: string[] = [];
    const dispatchers = ['https://a.example', 'https://b.example'].map((host, index) =>
      createDispatcher(host, policy(host), sockets, ({ path }) => heard.push(`${index} ${path}`)),
    );
    const [first, second] = dispatchers;
    if (first === undefined || second === undefined) throw new Error('there are two');
    const before = connections;
    await (await request('https://a.example/1', { dispatcher: first })).body.dump();
    await (await request('https://b.example/2', { dispatcher: second })).body.dump();
    expect(connections).toBe(before + 1);
    expect(heard).toEqual(['0 /1', '1 /2']);
    await expect(request('https://a.example/3', { dispatcher: second })).rejects.toMatchObject({
      code: 'WRONG_HOST',
    });
    await sockets.destroy();
  });

  it('stay open when one of the accounts is closed', async () => {
    const sockets = openSockets(defaultTimeouts);
    const venue = await openVenue({ ...optionsOf(still(), {}), sockets });
    await venue.close();
    await venue.destroy();
    const dispatcher = createDispatcher('b', policy('https://b.example'), sockets);
    const answer = await request('https://b.example/4', { dispatcher });
    expect(answer.statusCode).toBe(200);
    await answer.body.dump();
    await sockets.destroy();
  });
});

describe('an opened venue', () => {
  it('says where its requests go, by environment', async () => {
    const paper = { endpoint: null, credentials: null } as const;
    const places = await Promise.all([
      openVenue(optionsOf(still(), {})),
      openVenue(optionsOf(still(), { ...paper, environment: 'testnet' })),
      openVenue(optionsOf(still(), { ...paper, environment: 'demo' })),
      openVenue(optionsOf(still(), { ...paper, environment: 'demo', exchange: 'okx' })),
      openVenue(optionsOf(still(), { ...paper, environment: 'demo', exchange: 'binanceusdm' })),
      openVenue(optionsOf(still(), { ...paper, environment: 'testnet', exchange: 'hyperliquid' })),
      openVenue(optionsOf(still(), { ...paper, environment: 'testnet', exchange: 'deribit' })),
    ]);
    expect(places.map(({ origins }) => origins)).toEqual([
      [origin],
      ['https://api-testnet.bybit.com'],
      ['https://api-demo.bybit.com'],
      ['https://www.okx.com'],
      [
        'https://demo-dapi.binance.com',
        'https://demo-fapi.binance.com',
        'https://demo-api.binance.com',
      ],
      ['https://api.hyperliquid-testnet.xyz'],
      ['https://test.deribit.com'],
    ]);
  });

  it.each([
    ['an exchange that ccxt does not have', { exchange: 'nosuch' }, 'no exchange of this id'],
    ['a path for an exchange', { exchange: '../ccxt' }, 'no exchange of this id'],
    ['a venue that closed', { exchange: 'bitmex' }, 'no exchange of this id'],
    ['live without acknowledgement', { environment: 'live', endpoint: null }, 'acknowledgeLive'],
    ['a simulator at a live host', { endpoint: 'https://api.bybit.com' }, 'private network'],
    ['a simulator nowhere', { endpoint: null }, 'needs an endpoint'],
    [
      'Binance’s testnet',
      { exchange: 'binance', environment: 'testnet', endpoint: null },
      'no testnet',
    ],
    ['a testnet that does not exist', { exchange: 'mexc', environment: 'testnet' }, 'no testnet'],
  ] as const)('is refused for %s, with a remedy', async (_, over, message) => {
    await expect(openVenue(optionsOf(still(), over))).rejects.toMatchObject({
      name: 'OperatingError',
      message: expect.stringContaining(message),
      remedy: expect.stringMatching(/.{10,}/),
      retryable: false,
    });
  });
});
