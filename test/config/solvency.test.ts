/**
 * Goal: the watch's thresholds are the calibrated ones where nobody says otherwise, and nothing that makes no sense is accepted.
 * Method: the documented defaults against the rules; then faults, each with its path.
 */
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { SOLVENCY_RULES } from '../../src/signals/solvency/rules.ts';
import { solvencyRules } from '../../src/solvencyWatch.ts';

const parsed = (solvency: string) =>
  parseConfig(
    `
portfolio: main
venues: { alpha: { exchange: bybit, environment: simulated, endpoint: http://127.0.0.1:1 } }
legs: [{ id: btc, kind: perpetual, venue: alpha, symbol: BTC/USDT:USDT }]
sizing: { targetVolatilityAnnual: 0.15, grossLeverageMax: 3 }
rebalance: { every: 1000 }
objective: {}
solvency: ${solvency}
`,
    {},
  );
function rulesOf(solvency: string) {
  const loaded = parsed(solvency);
  if (loaded.kind === 'invalid') throw new Error(JSON.stringify(loaded.faults));
  return solvencyRules(loaded.config.solvency);
}
const pathsOf = (solvency: string): readonly string[] => {
  const loaded = parsed(solvency);
  return loaded.kind === 'invalid' ? loaded.faults.map(({ path }) => path) : [];
};

describe('thresholds', () => {
  test('are the calibrated ones by default', () => {
    expect(rulesOf('{}')).toEqual(SOLVENCY_RULES);
  });

  test('are a person’s own where they are said, one by one', () => {
    const rules = rulesOf(
      '{ thresholds: { priceDislocationShare: { alarm: 0.02 }, ownTokenExcess24hShare: { alarm: -0.5 }, calmMs: 1000 } }',
    );
    expect(rules).toEqual({
      ...SOLVENCY_RULES,
      priceDislocationShare: { notice: 0.01, alarm: 0.02 },
      ownTokenExcess24h: { notice: -0.12, alarm: -0.5 },
      calmMs: 1000,
    });
  });

  test.each([
    ['priceDislocationShare: { alarm: 0.005 }', 'priceDislocationShare'],
    ['netflow24hShare: { alarm: -0.001 }', 'netflow24hShare'],
    ['depthRatio: { alarm: 0.6 }', 'depthRatio'],
    ['insurance8hShare: { alarm: 0.3 }', 'insurance8hShare.alarm'],
    ['mainCoins: []', 'mainCoins'],
    ['calmMs: 0', 'calmMs'],
    ['feedAgeMsMax: 1e12', 'feedAgeMsMax'],
    ['anything: 1', 'anything'],
    // No feed states them.
    ['stableReserve7dShare: {}', 'stableReserve7dShare'],
    ['mainCoinReserve7dShare: {}', 'mainCoinReserve7dShare'],
  ])('%s is a fault', (text, path) => {
    expect(pathsOf(`{ thresholds: { ${text} } }`)).toContain(`solvency.thresholds.${path}`);
  });
});

describe('feeds', () => {
  const url = 'http://127.0.0.1:1/cexs';

  test('come from an URL or from a file, not from both or neither, and not from anywhere', () => {
    expect(pathsOf(`{ assets: { url: '${url}' }, venues: { alpha: { slug: bybit } } }`)).toEqual(
      [],
    );
    expect(
      pathsOf('{ venues: { alpha: { proof: { file: proof.json, refreshMs: 60000 } } } }'),
    ).toEqual([]);
    expect(pathsOf(`{ assets: { url: '${url}', file: x } }`)).toEqual(['solvency.assets']);
    expect(pathsOf('{ assets: {} }')).toEqual(['solvency.assets']);
    expect(pathsOf("{ assets: { url: 'file:///etc/passwd' } }")).toEqual(['solvency.assets.url']);
  });

  test('are of venues that there are, and a slug needs a feed', () => {
    expect(pathsOf('{ venues: { omega: {} } }')).toEqual(['solvency.venues.omega']);
    expect(pathsOf('{ venues: { alpha: { slug: bybit } } }')).toEqual([
      'solvency.venues.alpha.slug',
    ]);
  });
});
