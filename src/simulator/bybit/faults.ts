/**
 * Faults on demand: what a network or a venue does to a request, and what befalls the exchange and its market.
 *
 * Everything is bounded: requests by a count, moves of the market and faults to come by their number.
 */
import type { Venue } from '../core/venue.ts';
import { move } from '../core/wallet.ts';
import { type Fault, parseFaults, type TimedFault } from './faultSchema.ts';
import { befall, calm, type MarketFault } from './marketFaults.ts';
import { chainsOf, passageKey, type World } from './world.ts';

/** Faults that may wait for their time. */
const comingMax = 1000;

export type TransportFault = Extract<
  Fault,
  {
    kind:
      | 'delay'
      | 'dropBefore'
      | 'dropAfter'
      | 'stall'
      | 'truncate'
      | 'serverError'
      | 'html'
      | 'rateLimit'
      | 'ban'
      | 'rejected'
      | 'laggingReads'
      | 'duplicateFills';
  }
>;
export type ActiveFault = { readonly fault: TransportFault; remaining: number };

/** What faults act on. */
export type Stricken = {
  readonly venue: Venue;
  readonly world: World;
  readonly faults: ActiveFault[];
};

/** Takes the first active fault that aims at a request and counts it down. */
export function takeFault(
  active: ActiveFault[],
  method: string,
  path: string,
): TransportFault | undefined {
  const index = active.findIndex(
    ({ fault }) =>
      (fault.method === undefined || fault.method === method) &&
      (fault.path === undefined || path.includes(fault.path)),
  );
  const found = active[index];
  if (found === undefined) return undefined;
  found.remaining -= 1;
  if (found.remaining <= 0) active.splice(index, 1);
  return found.fault;
}

/** Puts faults into force, now or at their time. @throws RangeError where one cannot be, or there are too many. */
export function inject(stricken: Stricken, faults: readonly TimedFault[]): void {
  const { venue, world } = stricken;
  for (const { afterMs, fault } of faults) {
    if (afterMs === 0) {
      strike(stricken, fault);
      continue;
    }
    if (world.coming.length >= comingMax)
      throw new RangeError(`at most ${comingMax} faults may be to come`);
    world.coming.push({ atMs: venue.live.nowMs + afterMs, fault });
    world.coming.sort((a, b) => a.atMs - b.atMs);
  }
}

/** Time of the next fault that is to come; null where none is. */
export function nextFaultMs(world: World): number | null {
  return world.coming[0]?.atMs ?? null;
}

/** Puts those into force whose time is there. */
export function strikeDue(stricken: Stricken): void {
  const { venue, world } = stricken;
  for (let next = world.coming[0]; next !== undefined; next = world.coming[0]) {
    if (next.atMs > venue.live.nowMs) return;
    world.coming.shift();
    const parsed = parseFaults(next.fault);
    if (typeof parsed !== 'string') for (const { fault } of parsed) strike(stricken, fault);
  }
}

function strike({ venue, world, faults }: Stricken, fault: Fault): void {
  const { live } = venue;
  switch (fault.kind) {
    case 'partialFills':
      live.partialFills = { share: fault.share, remaining: fault.count };
      return;
    case 'clockSkew':
      world.clockSkewMs = fault.skewMs;
      return;
    case 'maintenance':
      world.maintenanceUntilMs = live.nowMs + fault.durationMs;
      return;
    case 'withdrawalHalt':
      shut(world, fault, live.nowMs);
      return;
    case 'withdrawalFee':
      world.withdrawalFees[fault.coin] = fault.fee;
      return;
    case 'insuranceDraw': {
      const { coin, share, overMs } = fault;
      world.insuranceDraws.push({ coin, share, fromMs: live.nowMs, overMs });
      return;
    }
    case 'transfer': {
      const cause = fault.amount.startsWith('-') ? 'withdrawal' : 'deposit';
      move(venue, { coin: fault.coin, cause, cashFlow: fault.amount });
      return;
    }
    case 'permissions':
      world.permissions = fault.permissions;
      return;
    case 'positionMode':
      live.positionMode = fault.mode;
      return;
    case 'calm':
      calm(venue);
      world.shut = {};
      world.withdrawalFees = {};
      world.maintenanceUntilMs = null;
      return;
    default:
      if (isOfMarket(fault)) befall(venue, fault);
      else faults.push({ fault, remaining: fault.count });
  }
}

function isOfMarket<F extends Fault>(fault: F): fault is F & MarketFault {
  return marketKinds.has(fault.kind);
}

const marketKinds: ReadonlySet<string> = new Set<MarketFault['kind']>([
  'priceShock',
  'depeg',
  'dislocation',
  'fundingSpike',
  'tiersChanged',
  'autoDeleveraging',
]);

function shut(world: World, fault: Extract<Fault, { kind: 'withdrawalHalt' }>, nowMs: number) {
  const until = fault.durationMs === undefined ? null : nowMs + fault.durationMs;
  const ways = fault.deposits ? (['withdraw', 'deposit'] as const) : (['withdraw'] as const);
  for (const coin of fault.coins)
    for (const chain of fault.chains ?? chainsOf(coin))
      for (const way of ways) world.shut[passageKey({ way, coin, chain })] = until;
}
