/**
 * Goal: a simulated, testnet or demo venue can never reach a live host, whatever the class or the config asks for.
 * Method: the table of environments by hand; then properties over every real class's URLs and arbitrary addresses.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCcxtClient } from '../../../src/adapters/exchange/ccxtClient.ts';
import {
  admit,
  type OriginPolicy,
  type OriginQuestion,
  originPolicy,
} from '../../../src/adapters/exchange/transport/origins.ts';

const seed = 20_250_201;
const demoHeader = { name: 'x-simulated-trading', value: '1' };
const exchanges = ['bybit', 'okx', 'binanceusdm', 'hyperliquid', 'deribit', 'mexc'] as const;
const clients = await Promise.all(exchanges.map((id) => createCcxtClient(id, {})));

function question(id: string, over: Partial<OriginQuestion>): OriginQuestion {
  const client = clients.find((each) => each.id === id);
  if (client === undefined) throw new Error(`no client of ${id}`);
  return {
    exchange: id,
    environment: 'simulated',
    endpoint: 'http://127.0.0.1:9701',
    acknowledgeLive: false,
    urls: client.urls,
    hostname: client.hostname,
    hasSandbox: client.has['sandbox'] === true,
    demoHeader: id === 'okx' ? demoHeader : null,
    ...over,
  };
}

function policyOf(id: string, over: Partial<OriginQuestion>): OriginPolicy {
  const decision = originPolicy(question(id, over));
  if (decision.kind === 'refused') throw new Error(decision.reason);
  return decision.policy;
}

const refusalOf = (id: string, over: Partial<OriginQuestion>): string | null => {
  const decision = originPolicy(question(id, over));
  return decision.kind === 'refused' ? decision.reason : null;
};

const liveOrigins = (id: string): ReadonlySet<string> =>
  policyOf(id, { environment: 'live', acknowledgeLive: true }).origins;

describe('the list of origins', () => {
  it('holds the test hosts of a venue that has some, and no live one', () => {
    expect([...policyOf('bybit', { environment: 'testnet' }).origins]).toEqual([
      'https://api-testnet.bybit.com',
    ]);
    expect([...policyOf('bybit', { environment: 'demo' }).origins]).toEqual([
      'https://api-demo.bybit.com',
    ]);
    expect([...policyOf('binanceusdm', { environment: 'demo' }).origins].sort()).toEqual([
      'https://demo-api.binance.com',
      'https://demo-dapi.binance.com',
      'https://demo-fapi.binance.com',
    ]);
  });

  it('refuses an environment that the venue does not have', () => {
    expect(refusalOf('mexc', { environment: 'testnet' })).toContain('no testnet host');
    expect(refusalOf('mexc', { environment: 'demo' })).toContain('no demo host');
    // OKX's test host is its live host: only the header tells them apart, and that is its demo.
    expect(refusalOf('okx', { environment: 'testnet' })).toContain('no testnet host');
    expect(refusalOf('deribit', { environment: 'demo' })).toContain('no demo host');
  });

  it('needs an acknowledgement to go live', () => {
    expect(refusalOf('bybit', { environment: 'live' })).toContain('acknowledgeLive');
    expect([...liveOrigins('bybit')]).toEqual(['https://api.bybit.com']);
  });

  it('rehosts a simulated venue to its endpoint and names the host that was meant', () => {
    const policy = policyOf('bybit', {});
    expect(admit(policy, 'https://api.bybit.com', {})).toEqual({
      kind: 'send',
      origin: 'http://127.0.0.1:9701',
      headers: { 'x-original-host': 'api.bybit.com' },
    });
    expect(admit(policy, 'https://api.binance.com', {}).kind).toBe('refused');
  });

  it('takes as a simulator only this machine or a private network', () => {
    const fine = [
      'http://localhost:1',
      'http://[::1]:9',
      'http://simulator:9701',
      'http://10.1.2.3',
    ];
    for (const endpoint of fine) expect(refusalOf('bybit', { endpoint })).toBeNull();
    const wrong = [
      'https://api.bybit.com',
      'https://api.bybit.com.',
      'http://8.8.8.8',
      'http://172.32.0.1',
      'http://127.0.0.1@api.bybit.com',
      'http://127.0.0.1:9701/path',
      'http://127.0.0.1:9701?x',
      'ftp://127.0.0.1',
      'nonsense',
    ];
    for (const endpoint of wrong) expect(refusalOf('bybit', { endpoint }), endpoint).not.toBeNull();
    expect(refusalOf('bybit', { endpoint: null })).toContain('needs an endpoint');
  });

  it('admits a demo that is only a header with that header on every request', () => {
    const policy = policyOf('okx', { environment: 'demo' });
    expect(admit(policy, 'https://www.okx.com', {}).kind).toBe('refused');
    expect(admit(policy, 'https://www.okx.com', { 'X-Simulated-Trading': '0' }).kind).toBe(
      'refused',
    );
    expect(admit(policy, 'https://www.okx.com', { 'X-Simulated-Trading': '1' }).kind).toBe('send');
  });
});

describe('whatever is asked for outside live', () => {
  const address = fc.oneof(
    fc.webUrl(),
    fc.constantFrom(
      ...exchanges.flatMap((id) => [...liveOrigins(id)]),
      'https://api-testnet.bybit.com',
      'https://api.bybit.com:8443',
      'http://api.bybit.com',
      'https://API.BYBIT.COM',
      'https://user:secret@api.bybit.com',
    ),
    fc.string(),
  );
  const paper = fc.constantFrom('simulated', 'testnet', 'demo');

  it('reaches only the simulator, or a listed host that is not live, or a live one with the demo header', () => {
    const everyLiveHost = new Set(
      exchanges.flatMap((id) => [...liveOrigins(id)].map((origin) => new URL(origin).hostname)),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...exchanges),
        paper,
        address,
        fc.option(fc.webUrl(), { nil: null }),
        fc.dictionary(fc.constantFrom('x-simulated-trading', 'accept'), fc.constantFrom('1', '0')),
        (id, environment, url, endpoint, headers) => {
          const asked = question(id, {
            environment,
            endpoint: endpoint ?? 'http://127.0.0.1:9701',
          });
          const decision = originPolicy({ ...asked, acknowledgeLive: true });
          if (decision.kind === 'refused') return;
          const admission = admit(decision.policy, url, headers);
          if (admission.kind === 'refused') return;
          const host = new URL(admission.origin).hostname;
          if (environment === 'simulated') {
            expect(admission.origin).toBe(decision.policy.rehostTo);
            expect(everyLiveHost.has(host)).toBe(false);
          } else if (everyLiveHost.has(host)) {
            expect(headers['x-simulated-trading']).toBe('1');
            expect(id).toBe('okx');
          } else {
            expect(decision.policy.origins.has(admission.origin)).toBe(true);
          }
        },
      ),
      { seed, numRuns: 2_000 },
    );
  });
});
