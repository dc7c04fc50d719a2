/**
 * The config loader: the contract's file as it stands, all faults at once, each with path, found and allowed.
 *
 * Method: the documented example is parsed word for word; then it is broken in known places.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig, parseConfig } from '../../src/config/load.ts';
import { policyOf } from '../../src/config/policy.ts';

const documented = `
portfolio: main
database: embedded            # or postgres://…; embedded = a real PostgreSQL that npm installed
queue: database               # or redis://…; BullMQ either way
http: { host: 127.0.0.1, port: 8080 }
venues:
  alpha: { exchange: bybit, environment: simulated, endpoint: http://127.0.0.1:9701, credentialsEnv: ALPHA }
  beta:  { exchange: okx,   environment: simulated, endpoint: http://127.0.0.1:9702, credentialsEnv: BETA }
legs:
  - { id: btc,       kind: perpetual, venue: alpha, symbol: BTC/USDT:USDT, group: majors }
  - { id: eth,       kind: perpetual, venue: beta,  symbol: ETH/USDT:USDT, group: majors, direction: long }
  - { id: eth-carry, kind: carry,     venue: alpha, spot: ETH/USDT, perpetual: ETH/USDT:USDT, group: yield }
  - { id: usdc-earn, kind: lending,   venue: alpha, coin: USDC, group: yield }
objective: { kind: risk-parity, groupBudgets: { majors: 0.6, yield: 0.4 } }
risk: { bar: 1h, lookbackBars: 2160, volatilityHalfLifeBars: 168, correlationHalfLifeBars: 720 }
sizing: { targetVolatilityAnnual: 0.15, grossLeverageMax: 3, whenCapped: parity }
rebalance: { cron: '0 */8 * * *', driftBandShare: 0.1, deadlineMs: 120000 }
execution: { style: passive, crossAfterMs: 30000, slippageBpsMax: 25 }
limits: { orderUsdMax: 250000, ordersPerMinuteMax: 60, priceCollarBps: 100, drawdownHaltShare: 0.2 }
`;

function faultsOf(text: string, environment = {}): Readonly<Record<string, string>> {
  const loaded = parseConfig(text, environment);
  if (loaded.kind === 'valid') return {};
  return Object.fromEntries(
    loaded.faults.map(({ path, found, allowed }) => [path, `${found} | ${allowed}`]),
  );
}

describe('loadConfig', () => {
  test('the documented file is accepted as it stands', () => {
    const loaded = parseConfig(documented, {});
    expect(loaded.kind).toBe('valid');
    if (loaded.kind !== 'valid') return;
    const policy = policyOf(loaded.config);
    expect(policy.legs.map((leg) => leg.kind)).toEqual([
      'perpetual',
      'perpetual',
      'carry',
      'lending',
    ]);
    expect(policy.risk.barMs).toBe(3_600_000);
    expect(policy.sizing.driftBandShare).toBe(0.1);
  });

  test('every shipped file is accepted', () => {
    const folder = join(import.meta.dirname, '../../config');
    const environment = {
      EQUIPOISE_DATA: 'x',
      DATABASE_URL: 'postgres://h/d',
      REDIS_URL: 'redis://h',
    };
    const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
    expect(files.length).toBeGreaterThanOrEqual(4);
    for (const file of files) {
      expect(loadConfig(join(folder, file), environment)).toMatchObject({ kind: 'valid' });
    }
  });

  test('all faults come at once, each with its path, what was found and what is allowed', () => {
    const broken = documented
      .replace('grossLeverageMax: 3', 'grossLeverageMax: -3')
      .replace('style: passive', 'style: agressive')
      .replace('queue: database', 'queu: database');
    const faults = faultsOf(broken);
    expect(Object.keys(faults).sort()).toEqual([
      'execution.style',
      'queu',
      'sizing.grossLeverageMax',
    ]);
    expect(faults['sizing.grossLeverageMax']).toMatch(/^-3 \| /);
    expect(faults['execution.style']).toMatch(/"agressive".*ioc.*passive/);
    expect(faults['queu']).toMatch(/unknown key/);
  });

  test('references between sections are checked', () => {
    const faults = faultsOf(
      documented
        .replace('venue: beta,  symbol', 'venue: gamma, symbol')
        .replace('coin: USDC, group: yield', 'coin: USDC, group: other')
        .replace("cron: '0 */8 * * *'", "cron: 'often'"),
    );
    expect(faults['legs.1.venue']).toMatch(/"gamma".*alpha, beta/);
    expect(faults['legs.3.group']).toMatch(/"other".*majors, yield/);
    expect(faults['rebalance.cron']).toMatch(/"often"/);
  });

  test('a plan is spread over less than its deadline, in slices that fit', () => {
    const spread = (keys: string) =>
      faultsOf(documented.replace('style: passive, crossAfterMs: 30000', `style: ${keys}`));
    expect(spread('twap')).toEqual({});
    expect(spread('participation, paceMs: 119999, volumeShareMax: 0.02')).toEqual({});
    expect(spread('twap, paceMs: 120000')['execution.paceMs']).toMatch(/120000/);
    const faults = spread('participation, paceMs: 5000');
    expect(faults['execution.paceEveryMs']).toMatch(/10000.*5000/);
  });

  test('the simulator beside the daemon is asked to play only what it can', () => {
    const faults = faultsOf(`${documented}simulator: { seed: 1 }\n`);
    expect(faults).toEqual({ 'venues.beta.exchange': expect.stringMatching(/"okx".*binance/) });
    expect(
      faultsOf(`${documented.replace('exchange: okx', 'exchange: binance')}simulator: {}\n`),
    ).toEqual({});
  });

  test('live trading needs the acknowledgement, and a simulated venue its endpoint', () => {
    const faults = faultsOf(
      documented
        .replace('environment: simulated, endpoint: http://127.0.0.1:9701,', 'environment: live,')
        .replace(
          'environment: simulated, endpoint: http://127.0.0.1:9702,',
          'environment: simulated,',
        ),
    );
    expect(faults['venues.alpha.acknowledgeLive']).toMatch(/real money/);
    expect(faults['venues.beta.endpoint']).toMatch(/required/);
  });

  test('variables are filled in, and a missing one is a fault that names it', () => {
    const named = ['$', '{STORE}'].join('');
    const text = documented.replace('database: embedded', `database: ${named}`);
    expect(parseConfig(text, { STORE: 'postgres://x/y' })).toMatchObject({ kind: 'valid' });
    expect(faultsOf(text)['database']).toMatch(/STORE/);
  });

  test('what is required has no default', () => {
    const faults = faultsOf('portfolio: main');
    expect(Object.keys(faults).sort()).toEqual(['legs', 'rebalance', 'sizing', 'venues']);
  });

  test('an unreadable file and broken YAML are faults, not exceptions', () => {
    expect(loadConfig('no/such/file.yaml', {})).toMatchObject({ kind: 'invalid' });
    expect(parseConfig('a: [1, 2', {})).toMatchObject({ kind: 'invalid' });
  });
});
