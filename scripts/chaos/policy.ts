/** What a chaos run trades under: small settling times, limits that let much through, every gate in force. */
import { parseConfig } from '../../src/config/load.ts';
import { policyOf } from '../../src/config/policy.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { guardSettings } from '../../src/guardSettings.ts';
import type { GuardSettings } from '../../src/rebalance/marginWatch.ts';
import { isSlowWorld, legsOf, type VenueClasses } from './universe.ts';

export const portfolio = 'chaos';
/** How long an order that is not found may yet appear: the venue takes a request for half of it. */
export const settlingMs = 1_200;
export const deadlineMs = 10_000;
export const repairMs = 2_500;

/** Less than a plan lacks as a rule: transfers of one amount follow each other, as they do where a limit is in force. */
const walletMoveUsdMax = 1_000;

export type Settings = { readonly policy: Policy; readonly guard: GuardSettings };

export function readSettings(classes: VenueClasses): Settings {
  const endpoint = 'http://127.0.0.1:1';
  const venues = Object.entries(classes).map(([name, exchange]) => [
    name,
    { exchange, environment: 'simulated', endpoint },
  ]);
  const loaded = parseConfig(
    JSON.stringify({
      portfolio,
      bookUnit: 'usdt',
      venues: Object.fromEntries(venues),
      legs: legsOf(classes),
      risk: {
        lookbackBars: 48,
        historyBarsMin: 24,
        volatilityHalfLifeBars: 24,
        correlationHalfLifeBars: 24,
      },
      sizing: {
        targetVolatilityAnnual: 0.3,
        grossLeverageMax: 3,
        carryOpenAnnual: -1,
        carryCloseAnnual: -1,
      },
      rebalance: { every: 60_000, driftBandShare: 0.02 },
      limits: {
        ordersPerMinuteMax: 10_000,
        repeatsMax: 1_000,
        drawdownHaltShare: 1,
        dailyLossHaltShare: 1,
        orderUsdMax: 1_500,
        ...(isSlowWorld(classes) ? { walletMoveUsdMax } : {}),
      },
    }),
    {},
  );
  if (loaded.kind === 'invalid') throw new Error(JSON.stringify(loaded.faults));
  const policy = policyOf(loaded.config);
  const hurried: Policy = {
    ...policy,
    execution: {
      ...policy.execution,
      settlingMs,
      deadlineMs,
      repairMs,
      pollMs: 150,
      crossAfterMs: 250,
      unhedgedUsdMax: 4_000,
      slippageBpsMax: 100,
    },
    limits: { ...policy.limits, priceCollarBps: 300, marginToleranceShare: 1 },
  };
  const stated = guardSettings(loaded.config);
  const guard = {
    ...stated,
    limits: { ...stated.limits, holdMs: 200 },
    periodMs: 300,
    leaseWaitMs: 1_500,
    permitMs: 600_000,
  };
  return { policy: hurried, guard };
}
