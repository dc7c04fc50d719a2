/**
 * Goal: metrics count what the line reports, under the names and closed labels of the contract.
 * Method: what the line reports, told to the reporter; the text of the metrics is read back.
 */
import { describe, expect, it } from 'vitest';
import { countJob, showQueues } from '../../../src/adapters/telemetry/jobMetrics.ts';
import { createStatusGauges } from '../../../src/adapters/telemetry/showStatus.ts';
import { denialCodes } from '../../../src/domain/denial.ts';
import { venueId } from '../../../src/domain/ids.ts';
import { figures, samples, world } from './telemetryGiven.ts';

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
