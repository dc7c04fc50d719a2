/** Given for the line's tests: decisions written by hand, recorded in a world in memory, and ports with one part exchanged. */

import { decimal, toNumber } from '../../src/domain/decimal.ts';
import type { InstrumentTarget, PortfolioTarget } from '../../src/domain/decision.ts';
import { type LegId, legId } from '../../src/domain/ids.ts';
import type { OrderRecord, PlannedOrder } from '../../src/domain/order.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { observe } from '../../src/rebalance/observe.ts';
import type { HeldLease } from '../../src/rebalance/ports/lease.ts';
import type { DecisionRecord } from '../../src/rebalance/ports/stores.ts';
import type { OrderGateway, VenueReader } from '../../src/rebalance/ports/venue.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { slotOf } from '../../src/rebalance/slot.ts';
import { alpha, instruments } from '../simulation/instrumentsInMemory.ts';
import {
  createWorld,
  openWorld,
  startMs,
  startProcess,
  policy as template,
  type World,
} from '../simulation/world.ts';

/** Short waits, no gates in the way but those that a test is about. */
export const policy: Policy = {
  ...template,
  execution: {
    ...template.execution,
    style: 'ioc',
    attemptsMax: 4,
    pollMs: 250,
    settlingMs: 3_000,
    crossAfterMs: 5_000,
    deadlineMs: 60_000,
  },
};
export const deadlineMs = startMs + policy.execution.deadlineMs;

export function symbolNamed(symbol: string) {
  const found = instruments.find((one) => one.symbol === symbol);
  if (found === undefined) throw new Error(`unknown symbol, was ${symbol}`);
  return found;
}
export const btc = symbolNamed('BTC/USDT:USDT');
export const eth = symbolNamed('ETH/USDT:USDT');
export const ethSpot = symbolNamed('ETH/USDT');
export const usdcEarn = symbolNamed('earn:USDC');

/** Buys a tenth of a bitcoin at up to 50,100, unless it says otherwise. */
export function planned(change: Partial<PlannedOrder> = {}): PlannedOrder {
  const symbol = change.symbol ?? btc.symbol;
  return {
    instrument: symbolNamed(symbol).id,
    venue: alpha,
    symbol,
    action: 'buy',
    style: 'ioc',
    quantityBase: decimal('0.1'),
    limitPrice: decimal('50100'),
    decisionPrice: 50_000,
    notionalUsd: 5_000,
    reduceOnly: false,
    risk: 'increases',
    stage: 1,
    pair: null,
    slice: 0,
    ...change,
  };
}

/** What each leg is to hold, base units, by instrument: whose the fills are. */
export type Wants = readonly {
  readonly symbol: string;
  readonly leg: string;
  readonly targetBase: number;
}[];

const portfolioTarget: PortfolioTarget = {
  equityUsd: 100_000,
  targetVolatilityAnnual: 0.15,
  forecastVolatilityAnnual: 0.15,
  grossLeverage: 1,
  fundedUsd: 0,
  initialMarginUsd: 0,
  binding: null,
  solver: { method: 'by hand', iterations: 0, worstGap: 0 },
  repairs: [],
};

function targetsOf(wants: Wants): readonly InstrumentTarget[] {
  return [...new Set(wants.map((want) => want.symbol))].map((symbol) => {
    const parts = wants
      .filter((want) => want.symbol === symbol)
      .map((want): { leg: LegId; targetBase: number } => ({
        leg: legId(want.leg),
        targetBase: want.targetBase,
      }));
    return {
      instrument: symbolNamed(symbol).id,
      targetBase: decimal(parts.reduce((sum, part) => sum + part.targetBase, 0)),
      positionBase: decimal(0),
      markUsd: 1,
      parts,
      withheld: null,
    };
  });
}

/** The world as it is observed now, and a decision to trade in it, recorded. */
export async function recordTrade(
  ports: Ports,
  orders: readonly PlannedOrder[],
  wants: Wants = [{ symbol: btc.symbol, leg: 'btc', targetBase: 0.1 }],
): Promise<DecisionRecord> {
  const nowMs = ports.clock.nowMs();
  const slot = slotOf(policy.portfolio, 'manual', nowMs);
  const snapshot = await observe(ports, policy, slot);
  return await ports.decisions.record({
    rebalanceId: slot.rebalanceId,
    portfolio: policy.portfolio,
    trigger: slot.trigger,
    scheduledAtMs: slot.scheduledAtMs,
    codeVersion: 'test',
    policy,
    snapshot,
    decision: {
      kind: 'trade',
      rebalanceId: slot.rebalanceId,
      decidedAtMs: nowMs,
      deadlineMs: nowMs + policy.execution.deadlineMs,
      orders,
      denials: [],
      explanation: { legs: [], instruments: targetsOf(wants), portfolio: portfolioTarget },
    },
  });
}

export async function leaseOf(ports: Ports): Promise<HeldLease> {
  const lease = await ports.lease.acquire(policy.portfolio);
  if (lease === null) throw new Error('the lease is held by another');
  return lease;
}

/** A lease that is lost after it was asked so many times. */
export function fleetingLease(asksHeld: number): HeldLease {
  let asked = 0;
  return {
    fencingNumber: 1,
    isHeld: async () => {
      asked += 1;
      return asked <= asksHeld;
    },
    release: async () => undefined,
  };
}

/** A world whose opening balances are booked, and a process in it. */
export function openedWorld(): { readonly world: World; readonly ports: Ports } {
  const world = openWorld(createWorld());
  return { world, ports: startProcess(world, 1) };
}

/** The same ports with some calls of the venue exchanged. */
export function withVenue(
  ports: Ports,
  change: { readonly reader?: Partial<VenueReader>; readonly gateway?: Partial<OrderGateway> },
): Ports {
  const venues = [...ports.venues].map(
    ([id, { reader, gateway }]) =>
      [
        id,
        { reader: { ...reader, ...change.reader }, gateway: { ...gateway, ...change.gateway } },
      ] as const,
  );
  return { ...ports, venues: new Map(venues) };
}

/** Attempts as the database holds them, in the order in which they were made. */
export const attempts = (world: World): readonly OrderRecord[] =>
  [...world.rows.orders.values()].sort((a, b) => a.attempt - b.attempt);

export const states = (world: World): readonly string[] =>
  attempts(world).map((one) => `${one.timeInForce} ${one.state} ${one.filledBase}`);

export const eventsNamed = (world: World, name: string) =>
  world.events.filter((one) => one.event === name);

/** Signed units of a perpetual or earn product that the entries add up to. */
export const bookedUnits = (world: World, symbol: string): number =>
  [...world.rows.transactions.values()]
    .flatMap((one) => one.postings)
    .filter((one) => one.account === 'position' && one.commodity === symbol)
    .reduce((sum, one) => sum + toNumber(one.amount), 0);

/** Ports whose process dies at its first wait: what it sent stays at the venue. */
export const dyingAtFirstWait = (ports: Ports): Ports => ({
  ...ports,
  clock: { ...ports.clock, sleep: () => Promise.reject(new Error('killed')) },
});

/** The state with a halt that stands whenever it is said, wherever it is read. */
export function haltedWhen({ state }: Ports, isHalted: () => boolean): Ports['state'] {
  const reason = () => (isHalted() ? 'by hand' : null);
  return {
    ...state,
    halt: async () => {
      const said = reason();
      return { halted: said !== null, reason: said };
    },
    sendingState: async (...asked) => ({
      ...(await state.sendingState(...asked)),
      haltReason: reason(),
    }),
  };
}
