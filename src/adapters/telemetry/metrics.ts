/**
 * The metrics: one registry, Prometheus names, base units, labels from closed sets only.
 *
 * Series with a closed set of labels begin at zero, so that a rate over them is right from the first event on.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { denialCodes } from '../../domain/denial.ts';
import { guardRungs } from '../../margin/guard.ts';
import { alertEvents, endedStates, rebalanceOutcomes } from './labels.ts';

export type LabelSets = {
  readonly version: string;
  readonly venues: readonly string[];
  readonly legs: readonly string[];
  /** Of the legs; a leg without one stands for itself. */
  readonly groups: readonly string[];
  readonly factors: readonly string[];
  /** Coins that lie elsewhere and are hedged. */
  readonly hedgedCoins: readonly string[];
  readonly stablecoins: readonly string[];
  readonly jobs: readonly string[];
  readonly jobOutcomes: readonly string[];
  /** false: memory and the like are told elsewhere, once a process. */
  readonly isWholeProcess?: boolean;
};

export type Metrics = ReturnType<typeof createMetrics>;

const prefix = 'equipoise_';
const seconds = {
  job: [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 120, 300],
  rebalance: [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600],
  ack: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
};
const slippageBps = [-25, -10, -5, -2, -1, 0, 1, 2, 5, 10, 25, 50, 100];

export function createMetrics(sets: LabelSets) {
  const registry = new Registry();
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter({ name: `${prefix}${name}`, help, labelNames: [...labelNames], registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Gauge({ name: `${prefix}${name}`, help, labelNames: [...labelNames], registers });
  const histogram = <L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    buckets: number[],
  ) =>
    new Histogram({
      name: `${prefix}${name}`,
      help,
      labelNames: [...labelNames],
      buckets,
      registers,
    });

  if (sets.isWholeProcess !== false) collectDefaultMetrics({ register: registry, prefix });
  gauge('build_info', 'Always 1; the version is in the label.', ['version']).set(
    { version: sets.version },
    1,
  );
  const metrics = {
    rebalances: counter('rebalances_total', 'Rebalances by how they ended.', ['outcome']),
    rebalanceSeconds: histogram(
      'rebalance_duration_seconds',
      'From the start of observing to the last fill booked.',
      [],
      seconds.rebalance,
    ),
    orders: counter('orders_total', 'Orders by the state in which they ended.', ['venue', 'state']),
    denials: counter('orders_denied_total', 'Orders that the checks denied.', ['code']),
    ackSeconds: histogram(
      'order_ack_seconds',
      'From the request of an order to its acceptance.',
      ['venue'],
      seconds.ack,
    ),
    slippageBps: histogram(
      'slippage_bps',
      'Fill against the mark at the decision, positive: worse.',
      [],
      slippageBps,
    ),
    shortfallBps: histogram(
      'shortfall_bps',
      'Cost of a rebalance against the marks of its decision, by part, positive: paid.',
      ['part'],
      slippageBps,
    ),
    jobs: counter('jobs_total', 'Runs of jobs by how they ended.', ['job', 'outcome']),
    jobSeconds: histogram('job_duration_seconds', 'Duration of job runs.', ['job'], seconds.job),
    fundingPaidUsd: counter(
      'funding_paid_usd_total',
      'Funding paid, net at each reading of the ledger; what was received is counted apart.',
      ['venue'],
    ),
    fundingReceivedUsd: counter(
      'funding_received_usd_total',
      'Funding received, net at each reading of the ledger.',
      ['venue'],
    ),
    legRiskShare: gauge('leg_risk_share', 'Share of the risk at the last decision.', ['leg']),
    legBudgetShare: gauge('leg_budget_share', 'Budgeted share of the risk.', ['leg']),
    legNotionalUsd: gauge('leg_notional_usd', 'Signed notional held for the leg.', ['leg']),
    legContributionUsd: gauge(
      'leg_risk_contribution_usd',
      'Part of the volatility of legs and idle collateral, USD a year.',
      ['leg'],
    ),
    legMarginalRisk: gauge(
      'leg_marginal_risk',
      'Change of that volatility per USD more of the leg, a year.',
      ['leg'],
    ),
    legRealisedRiskShare: gauge(
      'leg_realised_risk_share',
      'Share of the risk of what was held over the last weeks.',
      ['leg'],
    ),
    groupRiskShare: gauge(
      'group_risk_share',
      'Share of the whole risk by group; legs without one under their id.',
      ['group'],
    ),
    venueRiskShare: gauge('venue_risk_share', 'Share of the whole risk, collateral included.', [
      'venue',
    ]),
    factorRiskShare: gauge('factor_risk_share', 'Share of the variance of the legs by factor.', [
      'factor',
    ]),
    valueAtRiskUsd: gauge('value_at_risk_usd', 'One day, 95 %, legs at their targets.', ['method']),
    expectedShortfallUsd: gauge(
      'expected_shortfall_usd',
      'Mean loss of the worst 5 % of days, legs at their targets.',
      ['method'],
    ),
    wholeVolatility: gauge(
      'whole_volatility_annual',
      'Forecast of legs and idle collateral together.',
      [],
    ),
    realisedVolatility: gauge(
      'realised_volatility_annual',
      'Of what was held over the last weeks.',
      [],
    ),
    effectiveBets: gauge('effective_bets', 'Uncorrelated bets that the legs amount to.', []),
    diversificationRatio: gauge(
      'diversification_ratio',
      'Sum of the legs’ volatilities over that of the book.',
      [],
    ),
    solverGapShare: gauge('solver_gap_share', 'Largest miss of a risk budget by the solver.', []),
    basisAnnual: gauge(
      'basis_annual',
      'Basis of the coin’s dated future, or of its perpetual over a month, simple, a year.',
      ['underlying'],
    ),
    hedgingDemandScore: gauge(
      'hedging_demand_score',
      'Demand for protection, -1 to 1; above 0 it is sought.',
      ['underlying'],
    ),
    grossLeverage: gauge('gross_leverage_ratio', 'Gross notional over equity.', []),
    forecastVolatility: gauge('forecast_volatility_annual', 'Forecast of the target book.', []),
    targetVolatility: gauge('target_volatility_annual', 'The configured ceiling.', []),
    equityUsd: gauge('equity_usd', 'Equity at the venue, lent coins included.', ['venue']),
    marginRatio: gauge('margin_ratio', 'Maintenance margin over equity.', ['venue']),
    liquidationDistance: gauge(
      'liquidation_distance_share',
      'Move of the mark at which the nearest position is liquidated.',
      ['venue'],
    ),
    guardSteps: counter('guard_steps_total', 'Steps of the margin guard, by the rung reached.', [
      'venue',
      'rung',
    ]),
    guardRung: gauge(
      'guard_rung',
      '1 for the rung that the margin guard is on, 0 for the others.',
      ['venue', 'rung'],
    ),
    pegState: gauge('peg_state', '1 for the state of the stablecoin’s peg, 0 for the others.', [
      'coin',
      'state',
    ]),
    hedgeNotionalUsd: gauge('hedge_notional_usd', 'Signed notional that hedges the coin.', [
      'coin',
    ]),
    hedgeEffectiveness: gauge(
      'hedge_effectiveness_share',
      'Share of the holding’s variance that the hedge should take, and took.',
      ['coin', 'kind'],
    ),
    alerts: counter('alerts_total', 'What a person should look at, by its event.', ['event']),
    venueState: gauge('venue_state', '1 for the state that the venue is in, 0 for the others.', [
      'venue',
      'state',
    ]),
    venueDefaultProbability: gauge(
      'venue_default_probability_annual',
      'Default probability a year that the risk model uses.',
      ['venue'],
    ),
    dataAgeSeconds: gauge('data_age_seconds', 'Age of the newest reading of a feed.', ['feed']),
    discrepancies: gauge('reconcile_discrepancies', 'Differences that are not settled.', []),
    openOrders: gauge('open_orders', 'Orders of ours that have not ended.', []),
    halted: gauge('halted', '1 while trading is halted.', []),
    ready: gauge('ready', '1 while the daemon may trade.', []),
    queueJobs: gauge('queue_jobs', 'Jobs in the queue.', ['queue', 'state']),
  };
  for (const outcome of rebalanceOutcomes) metrics.rebalances.inc({ outcome }, 0);
  for (const code of Object.keys(denialCodes)) metrics.denials.inc({ code }, 0);
  for (const venue of sets.venues) {
    for (const state of endedStates) metrics.orders.inc({ venue, state }, 0);
    for (const rung of guardRungs) metrics.guardSteps.inc({ venue, rung }, 0);
    metrics.fundingPaidUsd.inc({ venue }, 0);
    metrics.fundingReceivedUsd.inc({ venue }, 0);
  }
  for (const event of alertEvents) metrics.alerts.inc({ event }, 0);
  for (const job of sets.jobs) {
    for (const outcome of sets.jobOutcomes) metrics.jobs.inc({ job, outcome }, 0);
  }
  return { ...metrics, sets, text: (): Promise<string> => registry.metrics() };
}
