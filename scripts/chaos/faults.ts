/** What befalls the venues during one slot: a pure function of the seed, every kind of fault in turn and some by chance. */
import type { FaultRequest } from '../../src/simulator/http/faultSchema.ts';
import { type AimName, type Aims, aimsOf } from './aims.ts';
import { type Draw, drawOf } from './draw.ts';

type Make = (draw: Draw, aims: Aims) => FaultRequest;

const struck = (draw: Draw) => ({
  count: draw.whole(1, 6),
  share: 0.05 + 0.3 * draw.share(),
  seed: draw.whole(0, 1_000_000),
});

/** Half of them at new orders, where an answer is worth most. */
const aim = (draw: Draw, aims: Aims) => {
  const { create, cancel, orderReads, accountReads, allReads } = aims;
  const at = [
    create,
    create,
    create,
    create,
    cancel,
    orderReads,
    orderReads,
    accountReads,
    allReads,
  ];
  return { ...draw.oneOf(at), ...struck(draw) };
};

/** A write that fails for certain or perhaps, and a read that does. */
const kinds: Readonly<Record<string, Make>> = {
  delayBefore: (draw, aims) => ({
    kind: 'delay',
    when: 'before',
    delayMs: draw.whole(20, 700),
    ...aim(draw, aims),
  }),
  delayAfter: (draw, aims) => ({
    kind: 'delay',
    when: 'after',
    delayMs: draw.whole(20, 700),
    ...aim(draw, aims),
  }),
  dropBefore: (draw, aims) => ({ kind: 'dropBefore', ...aim(draw, aims) }),
  dropAfter: (draw, aims) => ({ kind: 'dropAfter', ...aim(draw, aims) }),
  stall: (draw, aims) => ({ kind: 'stall', ...aim(draw, aims) }),
  truncate: (draw, aims) => ({ kind: 'truncate', ...aim(draw, aims) }),
  serverErrorBefore: (draw, aims) => ({
    kind: 'serverError',
    status: draw.whole(500, 504),
    ...aim(draw, aims),
  }),
  serverErrorAfter: (draw, aims) => ({
    kind: 'serverError',
    status: draw.whole(500, 504),
    accepted: true,
    ...aim(draw, aims),
  }),
  htmlBefore: (draw, aims) => ({ kind: 'html', ...aim(draw, aims) }),
  htmlAfter: (draw, aims) => ({ kind: 'html', accepted: true, ...aim(draw, aims) }),
  rateLimit: (draw, aims) => ({ kind: 'rateLimit', ...aim(draw, aims), count: draw.whole(1, 2) }),
  rejected: (draw, { create, codes }) => ({
    kind: 'rejected',
    retCode: codes.refused,
    ...struck(draw),
    ...create,
  }),
  systemErrorBefore: (draw, { create, codes }) => ({
    kind: 'rejected',
    retCode: codes.open,
    ...struck(draw),
    ...create,
  }),
  systemErrorAfter: (draw, { create, codes }) => ({
    kind: 'rejected',
    retCode: codes.open,
    accepted: true,
    ...struck(draw),
    ...create,
  }),
  laggingReads: (draw, { orderReads, accountReads }) => ({
    kind: 'laggingReads',
    lagMs: draw.whole(100, 900),
    ...struck(draw),
    ...draw.oneOf([orderReads, orderReads, accountReads]),
  }),
  duplicateFills: (draw, { fills }) => ({ kind: 'duplicateFills', ...struck(draw), ...fills }),
  partialFills: (draw) => ({
    kind: 'partialFills',
    share: 0.2 + 0.6 * draw.share(),
    count: draw.whole(1, 10),
  }),
  clockSkew: (draw) => ({
    kind: 'clockSkew',
    skewMs: draw.whole(-700, 700),
    durationMs: draw.whole(200, 1_500),
  }),
  maintenance: (draw) => ({ kind: 'maintenance', durationMs: draw.whole(100, 600) }),
  priceShock: (draw) => ({
    kind: 'priceShock',
    coin: draw.oneOf(['BTC', 'ETH', 'SOL', 'XRP', 'DOGE']),
    move: 0.006 * (2 * draw.share() - 1),
    overMs: draw.whole(0, 1_500),
    durationMs: 5_000,
  }),
};

/** Those that strike a request; the rest befalls the venue. */
const slowKinds = [
  'dropBefore',
  'dropAfter',
  'delayBefore',
  'serverErrorAfter',
  'laggingReads',
  'delayAfter',
  'systemErrorAfter',
  'stall',
  'rejected',
  'htmlAfter',
  'systemErrorBefore',
  'truncate',
  'serverErrorBefore',
  'rateLimit',
] as const;

/** A ban holds up all requests of a venue, so it is rare. */
const banEvery = 12;
const extrasMax = 4;

/** Faults of one venue in one slot: the kind whose turn it is, and up to four more. */
export function slotFaults(
  seed: number,
  venue: string,
  aimed: AimName,
  slot: number,
): readonly FaultRequest[] {
  const draw = drawOf(seed, `faults ${venue}`, slot);
  const aims = aimsOf[aimed];
  const makes = Object.values(kinds);
  const turn = makes[slot % makes.length] as Make;
  const extras = Array.from({ length: draw.whole(1, extrasMax) }, () => draw.oneOf(makes));
  const found = [turn, ...extras].map((make) => make(draw, aims));
  const isBanned = draw.whole(1, banEvery) === 1;
  const bans = isBanned
    ? [{ kind: 'ban', ...struck(draw), ...aims.create, count: 1 } as const]
    : [];
  // First, so that what aims at everything does not take their place; a stream of their own shifts nobody else's draws.
  return [...slowFaults(seed, venue, aims, slot), ...found, ...bans];
}

/** The kinds that strike a request or a reading, in turn, at what is slow; most of them at the request. */
function slowFaults(
  seed: number,
  venue: string,
  { slow }: Aims,
  slot: number,
): readonly FaultRequest[] {
  if (slow === null) return [];
  const draw = drawOf(seed, `slow faults ${venue}`, slot);
  const { create, reads, codes } = slow;
  const at: Aims = {
    create,
    cancel: create,
    orderReads: reads,
    fills: reads,
    accountReads: reads,
    allReads: create,
    codes,
    slow: null,
  };
  const makes = slowKinds.map((kind) => kinds[kind] as Make);
  const turn = makes[slot % makes.length] as Make;
  const extra = draw.oneOf(makes);
  const often = { count: draw.whole(1, 3), share: 0.4 + 0.6 * draw.share() };
  return [turn, extra].map((make) => ({ ...make(draw, at), ...often }) as FaultRequest);
}
