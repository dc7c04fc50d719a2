/** What a chaos run trades under: small settling times, limits that let much through, every gate in force. */
import { parseConfig } from '../../src/config/load.ts';
import { policyOf } from '../../src/config/policy.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { guardSettings } from '../../src/guardSettings.ts';
import type { GuardSettings } from '../../src/rebalance/marginWatch.ts';

export const portfolio = 'chaos';
/** Opening balance of each venue, USDT. */
export const balanceUsdt = '60000';
/** How long an order that is not found may yet appear: the venue takes a request for half of it. */
export const settlingMs = 1_200;
export const deadlineMs = 10_000;
export const repairMs = 2_500;

/** Who plays the venues of a world; the worker loads the class of that name. */
export type VenueClass = 'bybit' | 'binanceusdm';
export type VenueClasses = Readonly<Record<string, VenueClass>>;

const outright = ['BTC', 'SOL'];
const carried = ['ETH', 'BTC'];

/**
 * Five instruments a venue: perpetuals, and where there is a spot market carry pairs, of which one shares its perpetual with a
 * leg of its own.
 */
const legsAt = ([venue, exchange]: [string, VenueClass]) => [
  ...[...outright, ...(exchange === 'bybit' ? [] : ['ETH', 'XRP', 'DOGE'])].map((coin) => ({
    id: `${venue}-${coin.toLowerCase()}`,
    kind: 'perpetual',
    venue,
    symbol: `${coin}/USDT:USDT`,
    group: 'outright',
  })),
  ...(exchange === 'bybit' ? carried : []).map((coin) => ({
    id: `${venue}-${coin.toLowerCase()}-carry`,
    kind: 'carry',
    venue,
    spot: `${coin}/USDT`,
    perpetual: `${coin}/USDT:USDT`,
    group: 'carry',
  })),
];

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
      legs: Object.entries(classes).flatMap(legsAt),
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
  const guard = {
    ...guardSettings(loaded.config),
    periodMs: 500,
    leaseWaitMs: 500,
    permitMs: 600_000,
  };
  return { policy: hurried, guard };
}
