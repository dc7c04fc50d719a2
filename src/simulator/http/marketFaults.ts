/** What befalls the market and the terms of an exchange: moves of prices, funding, tiers, and positions taken away. */
import Big from 'big.js';
import { completeTiers } from '../../margin/tier.ts';
import { deleverage } from '../core/liquidation.ts';
import { findInstrument } from '../core/quotes.ts';
import type { Shock } from '../core/shocks.ts';
import type { Venue } from '../core/venue.ts';
import type { RiskTier } from '../market/market.ts';
import type { Fault } from './faultSchema.ts';

export type MarketFault = Extract<
  Fault,
  {
    kind:
      | 'priceShock'
      | 'depeg'
      | 'dislocation'
      | 'fundingSpike'
      | 'tiersChanged'
      | 'autoDeleveraging';
  }
>;
type Of<K extends MarketFault['kind']> = Extract<MarketFault, { kind: K }>;

/** Moves that one account remembers, those that are over among them. */
const movesMax = 200;

/** @throws RangeError for an instrument that is not there, or more moves than are remembered. */
export function befall(venue: Venue, fault: MarketFault): void {
  switch (fault.kind) {
    case 'priceShock':
    case 'depeg':
      shock(venue, [fault.coin], 'world', fault);
      return;
    case 'dislocation':
      shock(venue, fault.coins, 'venue', fault);
      return;
    case 'fundingSpike':
      spike(venue, fault);
      return;
    case 'tiersChanged':
      changeTiers(venue, fault);
      return;
    case 'autoDeleveraging':
      takeAway(venue, fault);
      return;
  }
}

/** @throws RangeError where a fault names a perpetual that the market has not. */
export function checkNames(venue: Venue, fault: Fault): void {
  if (fault.kind === 'fundingSpike' || fault.kind === 'tiersChanged')
    perpetual(venue, fault.symbol);
}

/** Ends what has not ended; what is past stays past. */
export function calm({ live }: Venue): void {
  for (const one of live.shocks)
    if (one.untilMs === null || one.untilMs > live.nowMs) one.untilMs = live.nowMs;
  for (const one of live.fundingOverrides) one.untilMs = Math.min(one.untilMs, live.nowMs);
  live.tiers = {};
}

type Path = Pick<Of<'priceShock'>, 'move' | 'overMs' | 'durationMs' | 'backMs'>;

function shock({ live }: Venue, coins: readonly string[], scope: Shock['scope'], path: Path): void {
  bound(live.shocks.length + coins.length);
  const { overMs, durationMs, backMs } = path;
  const fromMs = live.nowMs;
  const untilMs = durationMs === undefined ? null : fromMs + overMs + durationMs;
  for (const coin of coins)
    live.shocks.push({ coin, scope, factor: 1 + path.move, fromMs, overMs, untilMs, backMs });
}

function spike(venue: Venue, { symbol, rate, count }: Of<'fundingSpike'>): void {
  const { live } = venue;
  bound(live.fundingOverrides.length + 1);
  const { fundingIntervalMs, fundingRateCap } = perpetual(venue, symbol);
  const named = { cap: fundingRateCap, floor: -fundingRateCap };
  const first = (Math.floor(live.nowMs / fundingIntervalMs) + 1) * fundingIntervalMs;
  live.fundingOverrides.push({
    symbol,
    rate: typeof rate === 'number' ? rate : named[rate],
    fromMs: live.nowMs,
    untilMs: first + (count - 1) * fundingIntervalMs,
  });
}

function changeTiers(venue: Venue, fault: Of<'tiersChanged'>): void {
  const { symbol, rateRatio, capRatio } = fault;
  const stated = fault.tiers ?? perpetual(venue, symbol).tiers;
  const changed = stated.map((tier) => ({
    floorUsd: tier.floorUsd * capRatio,
    capUsd: tier.capUsd === null ? null : tier.capUsd * capRatio,
    maintenanceMarginRate: Math.min(0.99, tier.maintenanceMarginRate * rateRatio),
    leverageMax: Math.max(1, Math.floor(tier.leverageMax / rateRatio)),
  }));
  const tiers: readonly RiskTier[] = completeTiers('bybit', changed);
  venue.live.tiers[symbol] = tiers;
}

function takeAway(venue: Venue, { symbol, side, share }: Of<'autoDeleveraging'>): void {
  for (const [held, { quantity }] of Object.entries(venue.live.positions)) {
    const isLong = new Big(quantity).gt(0);
    const onSide = side === undefined || (side === 'long') === isLong;
    if (onSide && (symbol === undefined || symbol === held)) deleverage(venue, held, share);
  }
}

function perpetual(venue: Venue, symbol: string) {
  const found = findInstrument(venue, 'linear', symbol);
  if (found === undefined || found.fundingIntervalMs <= 0)
    throw new RangeError(`symbol must be a perpetual of the market, was ${symbol}`);
  return found;
}

function bound(moves: number): void {
  if (moves > movesMax) throw new RangeError(`at most ${movesMax} moves are kept, was ${moves}`);
}
