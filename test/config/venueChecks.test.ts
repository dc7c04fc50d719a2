/**
 * Goal: what a venue cannot do is a fault of the config with a remedy, before anything is traded.
 * Method: one small config, one venue or setting after another in it.
 */
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';

const config = (exchange: string, execution: string) => `
portfolio: main
venues:
  alpha: { exchange: ${exchange}, environment: simulated, endpoint: http://127.0.0.1:9701 }
legs:
  - { id: btc, kind: perpetual, venue: alpha, symbol: BTC/USDT:USDT, group: crypto }
  - { id: usdc-earn, kind: lending, venue: alpha, coin: USDC, group: yield }
objective: {}
sizing: { targetVolatilityAnnual: 0.15, grossLeverageMax: 3 }
rebalance: { every: 60000 }
execution: ${execution}
`;

const faultsOf = (exchange: string, execution = '{}') => {
  const loaded = parseConfig(config(exchange, execution), {});
  return loaded.kind === 'valid' ? [] : loaded.faults;
};

describe('a lending leg', () => {
  test('is accepted where earn orders take a client id', () => {
    expect(faultsOf('bybit')).toEqual([]);
  });

  test.each(['binance', 'okx', 'hyperliquid', 'kucoin'])(
    'at %s is refused, with a way out',
    (exchange) => {
      expect(faultsOf(exchange)).toMatchObject([
        { path: 'legs.1.venue', allowed: expect.stringMatching(/bybit.*take the leg there/) },
      ]);
    },
  );
});

describe('a dead-man switch', () => {
  test('outlasts three rounds of the watch that arms it', () => {
    expect(faultsOf('bybit', '{ deadManMs: 15000 }')).toEqual([]);
    expect(faultsOf('bybit', '{ deadManMs: 14999 }')).toMatchObject([
      { path: 'execution.deadManMs', allowed: expect.stringContaining('15000') },
    ]);
  });
});
