/**
 * Goal: gauges show the status of the dashboard, and a figure that is not known is absent instead of zero.
 * Method: statuses with and without a figure, one after the other; the text of the metrics is read back.
 */
import { describe, expect, it } from 'vitest';
import { createStatusGauges } from '../../../src/adapters/telemetry/showStatus.ts';
import { sampleStatus } from '../../dashboard/sampleStatus.ts';
import { figures, samples, world } from './telemetryGiven.ts';

describe('the metrics', () => {
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
});
