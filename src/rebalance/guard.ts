/**
 * The margin guard: a job of its own, beside the rebalance.
 *
 * Watches without the lease; takes it only to act: reduces where a venue is on a rung that asks for it, and mends pairs of which the
 * venue took a half. While a rebalance holds the lease the fence stops its increases, and the guard waits, bounded.
 */
import { toNumber } from '../domain/decimal.ts';
import type { VenueId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Policy } from '../domain/policy.ts';
import { requiredSymbols } from '../domain/universe.ts';
import type { Balance } from '../ledger/book.ts';
import { type GuardRung, isAtLeast } from '../margin/guard.ts';
import { attempt } from './attempt.ts';
import { askForLease, askNoMore, raiseFence } from './fence.ts';
import { actOnMargin } from './guardAct.ts';
import {
  type GuardReading,
  type GuardSettings,
  type MarginReading,
  watchMargin,
} from './marginWatch.ts';
import type { Ports } from './ports.ts';
import { acquireRenewable, type RenewableLease } from './renewableLease.ts';

/** @returns what was read; what was done is told and recorded. @throws OperatingError when the world fails while acting. */
export async function guardMargin(
  ports: Ports,
  policy: Policy,
  settings: GuardSettings,
): Promise<readonly MarginReading[]> {
  const readings = await watchMargin(ports, policy, settings);
  const tight = readings.some((reading) => isAtLeast(reading.acute, 'deleverage'));
  const [moved, hasOwn] = await Promise.all([
    movedVenues(ports, policy, readings),
    hasOwnUnfinished(ports, policy),
  ]);
  if (!tight && !hasOwn && moved.length === 0) return readings;
  if (tight) await askForLease(ports, policy.portfolio, settings);
  const lease = await awaitLease(ports, policy, settings);
  if (lease === null) {
    // A rebalance at work explains fills that are not booked yet; a rung that asks for orders is told.
    if (tight) ports.reporter.warn({ event: 'guardBlocked', waitedMs: settings.leaseWaitMs });
    return readings;
  }
  try {
    const rungs = new Map<VenueId, GuardRung>(readings.map(({ venue, acute }) => [venue, acute]));
    await actOnMargin(ports, policy, { rungs, moved, tight, limits: settings.limits, lease });
  } finally {
    if (tight) {
      await raiseFence(ports, policy.portfolio, settings);
      await askNoMore(ports, policy.portfolio);
    }
    await lease.release();
  }
  return readings;
}

async function awaitLease(
  ports: Ports,
  policy: Policy,
  { leaseWaitMs }: GuardSettings,
): Promise<RenewableLease | null> {
  const giveUpMs = ports.clock.nowMs() + leaseWaitMs;
  for (;;) {
    const lease = await acquireRenewable(ports, policy.portfolio);
    if (lease !== null || ports.clock.nowMs() >= giveUpMs) return lease;
    await ports.clock.sleep(policy.execution.pollMs);
  }
}

/** What the guard began and a dead process left. */
async function hasOwnUnfinished(ports: Ports, policy: Policy): Promise<boolean> {
  const unfinished = await ports.decisions.unfinished(policy.portfolio);
  return unfinished.some((record) => record.trigger === 'guard');
}

/** Venues where a perpetual is not what the ledger says: the venue may have taken it. */
async function movedVenues(
  ports: Ports,
  policy: Policy,
  readings: readonly GuardReading[],
): Promise<readonly VenueId[]> {
  const balances = await ports.ledger.balances(policy.portfolio);
  const symbols = requiredSymbols(policy);
  const moved = await Promise.all(
    readings.map(async ({ venue, margin }) => {
      const reader = ports.venues.get(venue)?.reader;
      if (margin.positions === null || reader === undefined) return [];
      const loaded = await attempt(ports, () => reader.instruments(symbols[venue] ?? []));
      if (loaded.kind === 'unknown') return [];
      const { positions } = margin;
      const differs = loaded.value
        .filter((one) => one.kind === 'perpetual')
        .some((one) => isOff(one, positions[one.symbol] ?? 0, balances));
      return differs ? [venue] : [];
    }),
  );
  return moved.flat();
}

function isOff(instrument: Instrument, heldBase: number, balances: readonly Balance[]): boolean {
  const bookedBase = balances
    .filter(
      (one) =>
        one.venue === instrument.venue &&
        one.account === 'position' &&
        one.commodity === instrument.symbol,
    )
    .reduce((sum, one) => sum + toNumber(one.amount), 0);
  return Math.abs(heldBase - bookedBase) > toNumber(instrument.quantityStepBase) / 2;
}
