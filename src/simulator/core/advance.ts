/**
 * Time passes: resting orders, funding, deliveries, yields, redemptions and liquidation, in the order of their stamps.
 *
 * Between stamps the venue looks at the market every second while orders rest, every minute while contracts are held, and
 * not at all otherwise; a long absence is looked at in at most `stepsMax` steps.
 */
import Big from 'big.js';
import { nextCountdownMs, strikeCountdowns } from './countdown.ts';
import { nextDeliveryMs, settleDeliveries } from './delivery.ts';
import { nextRedemptionMs, nextYieldMs, settleRedemptions, settleYields } from './earn.ts';
import { nextFundingMs, settleFunding } from './funding.ts';
import { checkLiquidation } from './liquidation.ts';
import { matchResting } from './resting.ts';
import type { Venue } from './venue.ts';

const restingStepMs = 1000;
const heldStepMs = 60_000;
const stepsMax = 20_000;

/** Moves the venue to a time; times before its own change nothing. */
export function advance(venue: Venue, toMs: number): void {
  const leastStepMs = Math.ceil((toMs - venue.live.nowMs) / stepsMax);
  while (venue.live.nowMs < toMs) {
    const fromMs = venue.live.nowMs;
    venue.live.nowMs = nextStop(venue, toMs, leastStepMs);
    matchResting(venue, venue.live.nowMs - fromMs);
    strikeCountdowns(venue);
    settleFunding(venue);
    settleDeliveries(venue);
    settleYields(venue);
    settleRedemptions(venue);
    checkLiquidation(venue);
  }
}

function nextStop(venue: Venue, toMs: number, leastStepMs: number): number {
  const { nowMs } = venue.live;
  const stamps = [
    nextFundingMs(venue, nowMs),
    nextDeliveryMs(venue, nowMs),
    nextYieldMs(venue, nowMs),
    nextRedemptionMs(venue),
    nextCountdownMs(venue),
  ];
  let stop = toMs;
  for (const stamp of stamps) if (stamp !== null && stamp < stop) stop = stamp;
  const stepMs = lookEveryMs(venue);
  if (stepMs !== null) stop = Math.min(stop, nowMs + Math.max(stepMs, leastStepMs));
  return Math.max(stop, nowMs + 1);
}

function lookEveryMs(venue: Venue): number | null {
  if (Object.keys(venue.live.openOrders).length > 0) return restingStepMs;
  const held = Object.values(venue.live.positions).some((p) => !new Big(p.quantity).eq(0));
  return held ? heldStepMs : null;
}
