/** A log, metrics and a reporter whose output is kept to be read; a status in figures, and the samples of metrics by name. */
import { createLogger } from '../../../src/adapters/telemetry/logger.ts';
import { createMetrics } from '../../../src/adapters/telemetry/metrics.ts';
import { createReporter } from '../../../src/adapters/telemetry/reporter.ts';
import type { StatusFigures } from '../../../src/adapters/telemetry/showStatus.ts';

export const planted = 'pl4nted"S3cret/+=';

export function world(options: { readonly isPretty?: boolean } = {}) {
  const lines: string[] = [];
  const logger = createLogger({
    level: 'debug',
    secrets: [planted],
    isPretty: options.isPretty ?? false,
    stream: { write: (line) => void lines.push(line) },
  });
  const metrics = createMetrics({
    version: '1.2.3',
    venues: ['alpha', 'beta'],
    legs: ['btc'],
    groups: ['majors'],
    factors: ['market', 'residual'],
    hedgedCoins: ['BTC'],
    stablecoins: ['USDT', 'USDC'],
    jobs: ['rebalance', 'margin'],
    jobOutcomes: ['complete', 'failed'],
  });
  return { lines, logger, metrics, reporter: createReporter({ logger, metrics }) };
}

export const figures: StatusFigures = {
  halted: false,
  ready: true,
  targetVolatilityAnnual: 0.15,
  forecastVolatilityAnnual: 0.14,
  grossLeverage: 1.5,
  legs: [{ id: 'btc', budget: 1, riskShare: 1, positionUsd: -1200.5 }],
  venues: [
    {
      id: 'alpha',
      state: 'watch',
      equityUsd: 100_000,
      marginRatio: 0.1,
      defaultProbabilityAnnual: 0.02,
      liquidationDistanceShare: null,
      fundingPaidUsd: 12,
    },
  ],
  dataAgesMs: { 'account-alpha': 1500, 'bars-alpha': null },
  openOrders: 2,
  discrepancies: [],
};

/** Name, labels and value of every sample. */
export async function samples(metrics: {
  text(): Promise<string>;
}): Promise<ReadonlyMap<string, number>> {
  const lines = (await metrics.text()).split('\n').filter((line) => line.startsWith('equipoise_'));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))] as const;
    }),
  );
}
