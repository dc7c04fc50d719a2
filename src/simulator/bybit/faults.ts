/**
 * Faults on demand: what a network or a venue does to a request, bounded in count and aimed by path and method.
 *
 * Transport faults act on matching requests until their count is used up; world faults change the exchange once, for a
 * time or for a count of their own.
 */
import { z } from 'zod';
import { deleverage } from '../core/liquidation.ts';
import type { Venue } from '../core/venue.ts';
import { move } from '../core/wallet.ts';
import type { World } from './world.ts';

const aim = {
  count: z.int().min(1).max(100_000).default(1),
  /** Part of the path, such as /v5/order/create; absent: every path. */
  path: z.string().min(1).optional(),
  method: z.enum(['GET', 'POST']).optional(),
};
const durationMs = z.number().min(1).max(1e11).optional();

const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('delay'),
    delayMs: z.number().min(0).max(600_000),
    /** On the way there (before it is checked and done) or on the way back. */
    when: z.enum(['before', 'after']).default('after'),
    ...aim,
  }),
  z.strictObject({ kind: z.literal('dropBefore'), ...aim }),
  z.strictObject({ kind: z.literal('dropAfter'), ...aim }),
  z.strictObject({ kind: z.literal('stall'), ...aim }),
  z.strictObject({ kind: z.literal('truncate'), ...aim }),
  z.strictObject({
    kind: z.literal('serverError'),
    status: z.int().min(500).max(599).default(502),
    /** True: the request was done all the same. */
    accepted: z.boolean().default(false),
    ...aim,
  }),
  z.strictObject({ kind: z.literal('html'), accepted: z.boolean().default(false), ...aim }),
  z.strictObject({ kind: z.literal('rateLimit'), ...aim }),
  z.strictObject({ kind: z.literal('ban'), ...aim }),
  z.strictObject({
    kind: z.literal('rejected'),
    retCode: z.int().default(110007),
    retMsg: z.string().default('injected rejection'),
    accepted: z.boolean().default(false),
    ...aim,
  }),
  z.strictObject({ kind: z.literal('laggingReads'), lagMs: z.number().min(1), ...aim }),
  z.strictObject({ kind: z.literal('duplicateFills'), ...aim }),
  z.strictObject({
    kind: z.literal('partialFills'),
    share: z.number().min(0).max(1),
    count: aim.count,
  }),
  z.strictObject({ kind: z.literal('clockSkew'), skewMs: z.number().min(-1e9).max(1e9) }),
  z.strictObject({ kind: z.literal('maintenance'), durationMs: z.number().min(1).max(1e11) }),
  z.strictObject({
    kind: z.literal('withdrawalHalt'),
    coins: z.array(z.string().min(1)).min(1),
    durationMs,
  }),
  z.strictObject({
    kind: z.literal('priceShock'),
    coin: z.string().min(1),
    /** Relative move: -0.2 is a fall by a fifth. */
    move: z.number().gt(-1).max(100),
    durationMs,
  }),
  z.strictObject({
    kind: z.literal('depeg'),
    coin: z.string().min(1),
    move: z.number().gt(-1).max(1),
    durationMs,
  }),
  z.strictObject({
    kind: z.literal('fundingSpike'),
    symbol: z.string().min(1),
    rate: z.number().min(-1).max(1),
    count: aim.count,
  }),
  z.strictObject({
    kind: z.literal('autoDeleveraging'),
    symbol: z.string().min(1),
    share: z.number().gt(0).max(1),
  }),
  /** The account's owner moves coins in, or out where the amount is below zero. */
  z.strictObject({
    kind: z.literal('transfer'),
    coin: z.string().min(1),
    amount: z.string().regex(/^-?\d+(\.\d+)?$/),
  }),
  z.strictObject({
    kind: z.literal('permissions'),
    permissions: z.array(z.enum(['read', 'trade', 'spotTrade', 'wallet', 'earn', 'withdraw'])),
  }),
  z.strictObject({ kind: z.literal('positionMode'), mode: z.enum(['oneWay', 'hedge']) }),
]);

/** A fault as a test asks for it: defaults may be left out. */
export type FaultRequest = z.input<typeof faultSchema>;
type Fault = z.output<typeof faultSchema>;
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

/** @returns the faults, or every mistake as `path: what`. */
export function parseFaults(body: unknown): readonly Fault[] | string {
  const parsed = z.array(faultSchema).safeParse(Array.isArray(body) ? body : [body]);
  if (parsed.success) return parsed.data;
  return parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
}

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

/** Puts a fault into force. */
export function inject(venue: Venue, world: World, active: ActiveFault[], fault: Fault): void {
  const { live } = venue;
  const until = (lasts: number | undefined) => (lasts === undefined ? null : live.nowMs + lasts);
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
      for (const coin of fault.coins) world.withdrawalHalts[coin] = until(fault.durationMs);
      return;
    case 'priceShock':
    case 'depeg':
      live.shocks.push({
        coin: fault.coin,
        factor: 1 + fault.move,
        untilMs: until(fault.durationMs),
      });
      return;
    case 'fundingSpike':
      live.fundingOverrides.push({
        symbol: fault.symbol,
        rate: fault.rate,
        remaining: fault.count,
      });
      return;
    case 'autoDeleveraging':
      deleverage(venue, fault.symbol, fault.share);
      return;
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
    default:
      active.push({ fault, remaining: fault.count });
  }
}
