/** Goal: signals have a series per coin, several venues their mean, and the unknown none. Method: the text of the registry. */
import { expect, test } from 'vitest';
import { createMetrics } from '../../../src/adapters/telemetry/metrics.ts';
import { showSignals } from '../../../src/adapters/telemetry/showSignals.ts';

test('a coin’s basis and demand are shown, and gone when they are not known any more', async () => {
  const metrics = createMetrics({
    version: '1',
    venues: [],
    legs: [],
    groups: [],
    factors: [],
    hedgedCoins: [],
    stablecoins: [],
    jobs: [],
    jobOutcomes: [],
  });
  const linesOf = async () =>
    (await metrics.text())
      .split('\n')
      .filter((line) => /^equipoise_(basis_annual|hedging_demand_score)/.test(line));
  const btc = (annual: number) => ({ underlying: 'BTC', basis: { annual }, demand: null });
  const eth = { underlying: 'ETH', basis: null, demand: { score: -0.5 } };
  showSignals(metrics, [btc(0.02), btc(0.06), eth]);
  expect(await linesOf()).toEqual([
    'equipoise_basis_annual{underlying="BTC"} 0.04',
    'equipoise_hedging_demand_score{underlying="ETH"} -0.5',
  ]);
  showSignals(metrics, [eth]);
  expect(await linesOf()).toEqual(['equipoise_hedging_demand_score{underlying="ETH"} -0.5']);
});
