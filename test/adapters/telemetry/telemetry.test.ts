/**
 * Goal: no secret in any log line or metric, metric names and labels as the contract has them, absent instead of zero.
 * Method: a secret is planted wherever text can come from; the output is searched for it. Concealing was switched off once
 * and the planted secret was found.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createConceal } from '../../../src/adapters/telemetry/conceal.ts';
import { countJob, showQueues } from '../../../src/adapters/telemetry/jobMetrics.ts';
import { createLogger } from '../../../src/adapters/telemetry/logger.ts';
import { createMetrics } from '../../../src/adapters/telemetry/metrics.ts';
import { createReporter } from '../../../src/adapters/telemetry/reporter.ts';
import {
  createStatusGauges,
  type StatusFigures,
} from '../../../src/adapters/telemetry/showStatus.ts';
import { denialCodes } from '../../../src/domain/denial.ts';
import { rebalanceId, venueId } from '../../../src/domain/ids.ts';
import { OperatingError } from '../../../src/domain/operatingError.ts';
import { sampleStatus } from '../../dashboard/sampleStatus.ts';

const planted = 'pl4nted"S3cret/+=';

function world(options: { readonly isPretty?: boolean } = {}) {
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

const figures: StatusFigures = {
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
async function samples(metrics: { text(): Promise<string> }): Promise<ReadonlyMap<string, number>> {
  const lines = (await metrics.text()).split('\n').filter((line) => line.startsWith('equipoise_'));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))] as const;
    }),
  );
}

describe('secrets', () => {
  it.each([{ isPretty: false }, { isPretty: true }])(
    'never reach a line or a metric, whatever carried them ($isPretty)',
    async (options) => {
      const { lines, logger, metrics, reporter } = world(options);
      const cause = new Error(`signature of ${planted} rejected`);
      const error = new OperatingError(`sent ${planted}`, {
        retryable: true,
        remedy: 'wait',
        cause,
      });
      reporter.event({
        event: `odd ${planted}`,
        rebalanceId: rebalanceId('r'),
        deep: { a: [planted] },
      });
      reporter.warn({
        event: 'warned',
        url: `https://u:${planted}@host/?key=${encodeURIComponent(planted)}`,
      });
      reporter.event({ event: 'basic', header: Buffer.from(planted).toString('base64') });
      logger.error({ err: error }, 'failed');
      reporter.orderDenied(planted);
      reporter.orderEnded(venueId(planted), planted);
      reporter.orderAcked(venueId(planted), 3);
      const written = lines.join('\n') + (await metrics.text());
      expect(lines.length).toBeGreaterThanOrEqual(4);
      for (const form of [planted, JSON.stringify(planted).slice(1, -1), 'S3cret', 'cGw0bnRlZ']) {
        expect(written).not.toContain(form);
      }
      expect(written).toContain('[redacted]');
    },
  );

  it('are cut out of fields by name even when their values are not known', () => {
    const { lines, logger } = world();
    logger.info({ apiKey: 'unheard-of', nested: { secret: 'unheard-of' } }, 'configured');
    expect(lines.join()).not.toContain('unheard-of');
  });

  it('in the userinfo of any URL are cut out, and the rest of the URL stays', () => {
    const conceal = createConceal([]);
    expect(conceal('down: postgres://eq:hunter2@db:5432/x')).toBe(
      'down: postgres://[redacted]@db:5432/x',
    );
    expect(conceal('http://127.0.0.1:9701/v5 by a@b')).toBe('http://127.0.0.1:9701/v5 by a@b');
  });

  it('are gone from any text that holds them', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 6 }).filter((secret) => !'[redacted]'.includes(secret)),
        fc.string(),
        fc.string(),
        (secret, before, after) => {
          const concealed = createConceal([secret])(before + secret + after);
          // A secret that is made anew by what surrounds the mark is not the one that was planted.
          expect(concealed.length - '[redacted]'.length).toBeLessThanOrEqual(
            before.length + after.length,
          );
        },
      ),
      { seed: 7, numRuns: 200 },
    );
  });
});

describe('the log', () => {
  it('is one JSON object a line with the event, the level and the rebalance', () => {
    const { lines, reporter } = world();
    reporter.event({ event: 'decided', rebalanceId: rebalanceId('main-1'), orders: 3 });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'info',
      event: 'decided',
      rebalanceId: 'main-1',
      orders: 3,
    });
  });
});

describe('the metrics', () => {
  it('count what the line reports, in base units', async () => {
    const { metrics, reporter } = world();
    reporter.orderAcked(venueId('alpha'), 3);
    reporter.orderEnded(venueId('alpha'), 'filled');
    reporter.orderDenied('HALTED');
    reporter.slippage(1.5);
    reporter.rebalanceEnded('complete', 12);
    countJob(metrics, { job: 'margin', outcome: 'complete', seconds: 0.2 });
    showQueues(metrics, [{ queue: 'line', state: 'waiting', jobs: 4 }]);
    const found = await samples(metrics);
    expect(found.get('equipoise_order_ack_seconds_sum{venue="alpha"}')).toBe(0.003);
    expect(found.get('equipoise_orders_total{venue="alpha",state="filled"}')).toBe(1);
    expect(found.get('equipoise_orders_denied_total{code="HALTED"}')).toBe(1);
    expect(found.get('equipoise_slippage_bps_sum')).toBe(1.5);
    expect(found.get('equipoise_rebalances_total{outcome="complete"}')).toBe(1);
    expect(found.get('equipoise_rebalance_duration_seconds_sum')).toBe(12);
    expect(found.get('equipoise_jobs_total{job="margin",outcome="complete"}')).toBe(1);
    expect(found.get('equipoise_queue_jobs{queue="line",state="waiting"}')).toBe(4);
    showQueues(metrics, null);
    expect([...(await samples(metrics)).keys()].join()).not.toContain('queue_jobs{');
  });

  it('begin at zero for every member of a closed set', async () => {
    const found = await samples(world().metrics);
    for (const code of Object.keys(denialCodes)) {
      expect(found.get(`equipoise_orders_denied_total{code="${code}"}`)).toBe(0);
    }
    expect(found.get('equipoise_rebalances_total{outcome="stood"}')).toBe(0);
    expect(found.get('equipoise_orders_total{venue="beta",state="absent"}')).toBe(0);
    expect(found.get('equipoise_jobs_total{job="rebalance",outcome="failed"}')).toBe(0);
  });

  it('put what is outside a closed set under "other"', async () => {
    const { metrics, reporter } = world();
    reporter.orderEnded(venueId('gamma'), 'vanished');
    reporter.orderDenied('NOT_A_CODE');
    const found = await samples(metrics);
    expect(found.get('equipoise_orders_total{venue="other",state="other"}')).toBe(1);
    expect(found.get('equipoise_orders_denied_total{code="other"}')).toBe(1);
  });

  it('show a status, and drop the series of what is no longer known', async () => {
    const { metrics } = world();
    const show = createStatusGauges(metrics);
    show(figures);
    const first = await samples(metrics);
    expect(first.get('equipoise_leg_notional_usd{leg="btc"}')).toBe(-1200.5);
    expect(first.get('equipoise_venue_state{venue="alpha",state="watch"}')).toBe(1);
    expect(first.get('equipoise_venue_state{venue="alpha",state="healthy"}')).toBe(0);
    expect(first.get('equipoise_data_age_seconds{feed="account-alpha"}')).toBe(1.5);
    expect(first.has('equipoise_data_age_seconds{feed="bars-alpha"}')).toBe(false);
    expect(first.get('equipoise_open_orders')).toBe(2);
    expect(first.get('equipoise_halted')).toBe(0);
    const alpha = figures.venues.map((venue) => ({ ...venue, equityUsd: null }));
    show({ ...figures, halted: true, grossLeverage: null, venues: alpha });
    const second = await samples(metrics);
    expect(second.has('equipoise_equity_usd{venue="alpha"}')).toBe(false);
    expect(second.has('equipoise_gross_leverage_ratio')).toBe(false);
    expect(second.get('equipoise_halted')).toBe(1);
  });

  it('show the risk of the last decision by closed labels, and drop it when none is known', async () => {
    const { metrics } = world();
    const show = createStatusGauges(metrics);
    const shares = (name: string) => [
      { name, relativeShare: 0.6 },
      { name: 'unheard-of', relativeShare: 0.4 },
    ];
    const tail = { valueAtRiskUsd: 900, expectedShortfallUsd: 1_200 };
    const risk = {
      volatilityAnnual: 0.2,
      groups: shares('majors'),
      venues: shares('alpha'),
      factors: shares('market'),
      effectiveBets: 2.5,
      diversificationRatio: 1.4,
      tail: { normal: tail, cornishFisher: null, historical: tail },
      realised: { kind: 'realised' as const, volatilityAnnual: 0.1 },
      solver: { worstGap: 1e-12 },
    };
    const contribution = { marginal: 0.3, absoluteUsd: 450 };
    const legs = figures.legs.map((leg) => ({ ...leg, contribution, realisedRiskShare: 0.7 }));
    show({ ...figures, legs, risk });
    const found = await samples(metrics);
    expect(found.get('equipoise_leg_risk_contribution_usd{leg="btc"}')).toBe(450);
    expect(found.get('equipoise_leg_marginal_risk{leg="btc"}')).toBe(0.3);
    expect(found.get('equipoise_leg_realised_risk_share{leg="btc"}')).toBe(0.7);
    expect(found.get('equipoise_group_risk_share{group="majors"}')).toBe(0.6);
    expect(found.get('equipoise_venue_risk_share{venue="alpha"}')).toBe(0.6);
    expect(found.get('equipoise_factor_risk_share{factor="market"}')).toBe(0.6);
    expect(found.get('equipoise_expected_shortfall_usd{method="historical"}')).toBe(1_200);
    expect(found.has('equipoise_expected_shortfall_usd{method="cornishFisher"}')).toBe(false);
    expect(found.get('equipoise_effective_bets')).toBe(2.5);
    expect(found.get('equipoise_realised_volatility_annual')).toBe(0.1);
    expect(found.get('equipoise_solver_gap_share')).toBe(1e-12);
    expect([...found.keys()].join()).not.toContain('unheard-of');
    show({ ...figures, risk: null });
    const after = await samples(metrics);
    expect([...after.keys()].filter((key) => /risk_share\{(group|venue|factor)/.test(key))).toEqual(
      [],
    );
    expect(after.has('equipoise_effective_bets')).toBe(false);
  });

  it('show the status that the dashboard shows', async () => {
    const { metrics } = world();
    createStatusGauges(metrics)(sampleStatus);
    const found = await samples(metrics);
    expect(found.get('equipoise_leg_budget_share{leg="sol"}')).toBe(0.2);
    expect(found.get('equipoise_liquidation_distance_share{venue="alpha"}')).toBe(0.71);
    expect(found.has('equipoise_liquidation_distance_share{venue="beta"}')).toBe(false);
    expect(found.get('equipoise_forecast_volatility_annual')).toBe(0.1312);
    expect(found.get('equipoise_guard_rung{venue="beta",rung="warn"}')).toBe(1);
    expect(found.get('equipoise_guard_rung{venue="beta",rung="calm"}')).toBe(0);
    expect(found.get('equipoise_peg_state{coin="USDC",state="restrict"}')).toBe(1);
    expect(found.get('equipoise_peg_state{coin="USDT",state="pegged"}')).toBe(1);
    expect(found.get('equipoise_hedge_notional_usd{coin="BTC"}')).toBe(-97_820.4);
    expect(found.get('equipoise_hedge_effectiveness_share{coin="BTC",kind="realised"}')).toBe(
      0.947,
    );
  });

  it('show no rung of a guard that never looked, and no hedge of a coin that is not held', async () => {
    const { metrics } = world();
    const show = createStatusGauges(metrics);
    show(sampleStatus);
    const venues = sampleStatus.venues.map((venue) => ({ ...venue, guardRung: null }));
    show({ ...sampleStatus, venues, hedges: [] });
    const names = [...(await samples(metrics)).keys()].join();
    expect(names).not.toMatch(/guard_rung\{|hedge_/);
  });

  it('count funding by differences: paid and received apart, neither ever falling', async () => {
    const { metrics } = world();
    const show = createStatusGauges(metrics);
    for (const fundingPaidUsd of [12, 15, 9, null, 10]) {
      show({ ...figures, venues: figures.venues.map((one) => ({ ...one, fundingPaidUsd })) });
    }
    const found = await samples(metrics);
    expect(found.get('equipoise_funding_paid_usd_total{venue="alpha"}')).toBe(12 + 3 + 1);
    expect(found.get('equipoise_funding_received_usd_total{venue="alpha"}')).toBe(6);
  });

  it('are named as Prometheus wants: prefixed, counters and nothing else end in _total', async () => {
    const types = (await world().metrics.text()).matchAll(/^# TYPE (\S+) (\S+)$/gm);
    // What prom-client measures of Node itself keeps the names it is known by.
    for (const [, name, type] of [...types].filter(([, name]) => !name?.includes('nodejs'))) {
      expect(name).toMatch(/^equipoise_[a-z0-9_]+$/);
      expect(`${name} ${name?.endsWith('_total')}`).toBe(`${name} ${type === 'counter'}`);
    }
  });
});
