/**
 * Faults as they are asked for. Transport faults spoil requests until their count is used up; the others change the exchange or its
 * market, at once or after `afterMs`, for a time or for good.
 */
import { z } from 'zod';

const aim = {
  count: z.int().min(1).max(100_000).default(1),
  /** Part of the path, such as /v5/order/create; absent: every path. */
  path: z.string().min(1).optional(),
  /** Several such parts, any of which is enough. */
  paths: z.array(z.string().min(1)).min(1).max(50).optional(),
  method: z.enum(['GET', 'POST', 'PUT', 'DELETE']).optional(),
  /** Probability that a request it aims at is struck, drawn from the seed; the count is of those that are. */
  share: z.number().gt(0).max(1).default(1),
  seed: z.int().min(0).default(1),
};
const coin = z.string().min(1);
const ms = z.number().min(0).max(1e11);
const durationMs = ms.min(1).optional();
/** What the answer says about when to come back; nobody is held to it. */
const retryAfterMs = ms.max(3_600_000).default(1000);
/** A relative move, -0.2 a fall by a fifth, along a path: reached after `overMs`, held for `durationMs`, gone after `backMs`. */
const path = { overMs: ms.default(0), durationMs, backMs: ms.default(0) };
const move = z.number().gt(-1).max(100);

const tier = z.strictObject({
  floorUsd: z.number().min(0),
  capUsd: z.number().gt(0).nullable(),
  maintenanceMarginRate: z.number().gt(0).lt(1),
  leverageMax: z.number().min(1),
});

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
  z.strictObject({ kind: z.literal('rateLimit'), retryAfterMs, ...aim }),
  z.strictObject({ kind: z.literal('ban'), retryAfterMs, ...aim }),
  z.strictObject({
    kind: z.literal('rejected'),
    /** The venue's own code; absent: that of too little margin. */
    retCode: z.int().optional(),
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
  z.strictObject({
    kind: z.literal('clockSkew'),
    skewMs: z.number().min(-1e9).max(1e9),
    /** Absent: until it is set again. */
    durationMs,
  }),
  z.strictObject({ kind: z.literal('maintenance'), durationMs: ms.min(1) }),
  z.strictObject({
    kind: z.literal('withdrawalHalt'),
    coins: z.array(coin).min(1),
    /** Absent: all of them. */
    chains: z.array(z.string().min(1)).min(1).optional(),
    /** Deposits are shut too. */
    deposits: z.boolean().default(false),
    durationMs,
  }),
  z.strictObject({ kind: z.literal('withdrawalFee'), coin, fee: z.number().min(0).max(1e9) }),
  z.strictObject({ kind: z.literal('priceShock'), coin, move, ...path }),
  z.strictObject({ kind: z.literal('depeg'), coin, move: move.max(1), ...path }),
  /** This venue's trades and marks against everybody else's; its index and its USD values stay. */
  z.strictObject({ kind: z.literal('dislocation'), coins: z.array(coin).min(1), move, ...path }),
  z.strictObject({
    kind: z.literal('fundingSpike'),
    symbol: z.string().min(1),
    /** `cap` and `floor` are the instrument's own bounds. */
    rate: z.union([z.number().min(-1).max(1), z.enum(['cap', 'floor'])]),
    /** Settlements. */
    count: aim.count,
  }),
  z.strictObject({
    kind: z.literal('tiersChanged'),
    symbol: z.string().min(1),
    /** Of what holds now: twice the rates, half the caps. */
    rateRatio: z.number().gt(0).max(100).default(1),
    capRatio: z.number().gt(0).max(10).default(1),
    /** In place of what holds now; deductions are derived. */
    tiers: z.array(tier).min(1).max(100).optional(),
  }),
  z.strictObject({
    kind: z.literal('autoDeleveraging'),
    /** Absent: every contract that is held on that side. */
    symbol: z.string().min(1).optional(),
    side: z.enum(['long', 'short']).optional(),
    share: z.number().gt(0).max(1),
  }),
  z.strictObject({
    kind: z.literal('insuranceDraw'),
    coin: coin.default('USDT'),
    share: z.number().gt(0).max(1),
    overMs: ms.default(0),
  }),
  /** The account's owner moves coins in, or out where the amount is below zero. */
  z.strictObject({
    kind: z.literal('transfer'),
    coin,
    amount: z.string().regex(/^-?\d+(\.\d+)?$/),
    /** Where wallets are apart. */
    wallet: z.enum(['contracts', 'spot']).default('contracts'),
  }),
  z.strictObject({
    kind: z.literal('permissions'),
    permissions: z.array(z.enum(['read', 'trade', 'spotTrade', 'wallet', 'earn', 'withdraw'])),
  }),
  z.strictObject({ kind: z.literal('positionMode'), mode: z.enum(['oneWay', 'hedge']) }),
  /** Ends every move of prices, funding and switches that has not ended; tiers go back to the market's. */
  z.strictObject({ kind: z.literal('calm') }),
]);

const timing = z.looseObject({ afterMs: ms.default(0) });

/** A fault as a test asks for it: defaults may be left out. */
export type FaultRequest = z.input<typeof faultSchema> & {
  /** Venue time from now until it happens. */
  readonly afterMs?: number;
};
export type Fault = z.output<typeof faultSchema>;
export type TimedFault = { readonly afterMs: number; readonly fault: Fault };

/** @returns the faults, or every mistake as `path: what`. */
export function parseFaults(body: unknown): readonly TimedFault[] | string {
  const found: TimedFault[] = [];
  const mistakes: string[] = [];
  for (const [index, item] of (Array.isArray(body) ? body : [body]).entries()) {
    const parsed = parseFault(item);
    if (Array.isArray(parsed)) mistakes.push(...parsed.map((text) => `${index}.${text}`));
    else found.push(parsed as TimedFault);
  }
  return mistakes.length > 0 ? mistakes.join('; ') : found;
}

function parseFault(item: unknown): TimedFault | readonly string[] {
  const timed = timing.safeParse(item);
  if (!timed.success) return said(timed.error);
  const { afterMs, ...rest } = timed.data;
  const parsed = faultSchema.safeParse(rest);
  return parsed.success ? { afterMs, fault: parsed.data } : said(parsed.error);
}

function said(error: z.ZodError): readonly string[] {
  return error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}
