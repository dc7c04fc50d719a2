/** The policy of a chaos run, and what a slot changes of it: who is held long or short, how much, in what style. */
import { parseConfig } from '../../src/config/load.ts';
import { policyOf } from '../../src/config/policy.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { drawOf } from './draw.ts';

export const portfolio = 'chaos';
export const venueNames = ['alpha', 'beta'] as const;
/** Opening balance of each venue, USDT. */
export const balanceUsdt = '60000';
/** How long an order that is not found may yet appear: the venue takes a request for half of it. */
export const settlingMs = 700;
export const deadlineMs = 6_000;
export const repairMs = 2_500;

/** Five coins a venue: three perpetuals, two carry pairs, of which one shares its perpetual with a leg of its own. */
export function basePolicy(): Policy {
  const legs = venueNames.flatMap((venue) => [
    ...['BTC', 'SOL', 'XRP', 'DOGE'].map((coin) => ({
      id: `${venue}-${coin.toLowerCase()}`,
      kind: 'perpetual',
      venue,
      symbol: `${coin}/USDT:USDT`,
      group: 'outright',
    })),
    ...['ETH', 'BTC'].map((coin) => ({
      id: `${venue}-${coin.toLowerCase()}-carry`,
      kind: 'carry',
      venue,
      spot: `${coin}/USDT`,
      perpetual: `${coin}/USDT:USDT`,
      group: 'carry',
    })),
  ]);
  const venue = { exchange: 'bybit', environment: 'simulated', endpoint: 'http://127.0.0.1:1' };
  const loaded = parseConfig(
    JSON.stringify({
      portfolio,
      bookUnit: 'usdt',
      venues: Object.fromEntries(venueNames.map((name) => [name, venue])),
      legs,
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
  return {
    ...policy,
    execution: {
      ...policy.execution,
      settlingMs,
      deadlineMs,
      repairMs,
      pollMs: 25,
      crossAfterMs: 250,
      unhedgedUsdMax: 1_500,
      slippageBpsMax: 100,
    },
    limits: { ...policy.limits, priceCollarBps: 300, marginToleranceShare: 1 },
  };
}

/** The same universe, other wishes: what is decided in a slot follows from the seed and what the venues hold. */
export function policyOfSlot(base: Policy, seed: number, slot: number): Policy {
  const draw = drawOf(seed, 'wishes', slot);
  const legs = base.legs.map((leg) =>
    leg.kind === 'perpetual' ? { ...leg, direction: draw.oneOf(['long', 'short'] as const) } : leg,
  );
  const isCarryOpen = draw.share() < 0.7;
  return {
    ...base,
    legs,
    sizing: {
      ...base.sizing,
      targetVolatilityAnnual: 0.1 + 0.3 * draw.share(),
      grossLeverageMax: 0.5 + 1.5 * draw.share(),
      carryOpenAnnual: isCarryOpen ? -1 : 5,
      carryCloseAnnual: isCarryOpen ? -1 : 5,
    },
    execution: { ...base.execution, style: draw.share() < 0.3 ? 'passive' : 'ioc' },
    limits: { ...base.limits, orderUsdMax: draw.whole(700, 3_000) },
  };
}
