/**
 * Faults on demand: what a network or a venue does to a request, and what befalls the exchange and its market.
 *
 * Everything is bounded: requests by a count, moves of the market and faults to come by their number.
 */
import type { Venue } from '../core/venue.ts';
import { move } from '../core/wallet.ts';
import { streamKey, uniform } from '../market/random.ts';
import { type Fault, parseFaults, type TimedFault } from './faultSchema.ts';
import { befall, calm, checkNames, type MarketFault } from './marketFaults.ts';
import { chainsOf, passageKey, type World } from './world.ts';

/** Faults that may wait for their time, and those that may aim at requests at once. */
const comingMax = 1000;
const activeMax = 1000;

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
export type ActiveFault = {
  readonly fault: TransportFault;
  /** Requests that it will still strike. */
  remaining: number;
  /** Requests that it aimed at: the counter of its draws. */
  asked: number;
};

/** What faults act on. */
export type Stricken = {
  readonly venue: Venue;
  readonly world: World;
  readonly faults: ActiveFault[];
};

/** Takes the first active fault that aims at a request and whose draw strikes, and counts it down. */
export function takeFault(
  active: ActiveFault[],
  method: string,
  path: string,
): TransportFault | undefined {
  const index = active.findIndex((one) => aimsAt(one.fault, method, path) && strikes(one));
  const found = active[index];
  if (found === undefined) return undefined;
  found.remaining -= 1;
  if (found.remaining <= 0) active.splice(index, 1);
  return found.fault;
}

function aimsAt(fault: TransportFault, method: string, path: string): boolean {
  if (fault.method !== undefined && fault.method !== method) return false;
  if (fault.path !== undefined && !path.includes(fault.path)) return false;
  return fault.paths === undefined || fault.paths.some((part) => path.includes(part));
}

/** The same seed strikes the same requests, counted from the fault's first. */
function strikes(one: ActiveFault): boolean {
  const { seed, kind, share } = one.fault;
  one.asked += 1;
  return uniform(streamKey(seed, kind), one.asked, 0) < share;
}

/** Puts faults into force, now or at their time. @throws RangeError where one cannot be, or there are too many. */
export function inject(stricken: Stricken, faults: readonly TimedFault[]): void {
  const { venue, world } = stricken;
  if (stricken.faults.length + faults.length > activeMax)
    throw new RangeError(`at most ${activeMax} faults may aim at requests`);
  for (const { fault } of faults) checkNames(venue, fault);
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
    if (typeof parsed !== 'string') for (const { fault } of parsed) strikeWithin(stricken, fault);
  }
}

/** What would pass a bound when its time has come is left out: nobody is there to be told. */
function strikeWithin(stricken: Stricken, fault: Fault): void {
  try {
    strike(stricken, fault);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
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
      world.clockSkewUntilMs =
        fault.durationMs === undefined ? null : live.nowMs + fault.durationMs;
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
      move(venue, { coin: fault.coin, use: fault.wallet, cause, cashFlow: fault.amount });
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
      world.clockSkewMs = 0;
      return;
    default:
      if (isOfMarket(fault)) befall(venue, fault);
      else aim(faults, fault);
  }
}

function aim(active: ActiveFault[], fault: TransportFault): void {
  if (active.length >= activeMax)
    throw new RangeError(`at most ${activeMax} faults may aim at requests`);
  active.push({ fault, remaining: fault.count, asked: 0 });
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
