/** What befalls the venues during one slot: a pure function of the seed, every kind of fault in turn and some by chance. */
import type { FaultRequest } from '../../src/simulator/http/faultSchema.ts';
import { type Draw, drawOf } from './draw.ts';

const create = '/v5/order/create';
const orderReads = ['/v5/order/realtime', '/v5/order/history', '/v5/execution/list'];
const accountReads = ['/v5/position/list', '/v5/account/wallet-balance'];
const allReads = [...orderReads, ...accountReads, '/v5/market/tickers', '/v5/market/orderbook'];
const aims: readonly (readonly string[])[] = [
  [create],
  [create],
  [create],
  ['/v5/order/cancel'],
  orderReads,
  [...orderReads, create],
  accountReads,
  allReads,
];

type Make = (draw: Draw) => FaultRequest;

const aim = (draw: Draw) => ({
  paths: [...draw.oneOf(aims)],
  count: draw.whole(1, 6),
  share: 0.05 + 0.3 * draw.share(),
  seed: draw.whole(0, 1_000_000),
});

/** A write that fails for certain or perhaps, and a read that does. */
const kinds: Readonly<Record<string, Make>> = {
  delayBefore: (draw) => ({
    kind: 'delay',
    when: 'before',
    delayMs: draw.whole(20, 700),
    ...aim(draw),
  }),
  delayAfter: (draw) => ({
    kind: 'delay',
    when: 'after',
    delayMs: draw.whole(20, 700),
    ...aim(draw),
  }),
  dropBefore: (draw) => ({ kind: 'dropBefore', ...aim(draw) }),
  dropAfter: (draw) => ({ kind: 'dropAfter', ...aim(draw) }),
  stall: (draw) => ({ kind: 'stall', ...aim(draw) }),
  truncate: (draw) => ({ kind: 'truncate', ...aim(draw) }),
  serverErrorBefore: (draw) => ({
    kind: 'serverError',
    status: draw.whole(500, 504),
    ...aim(draw),
  }),
  serverErrorAfter: (draw) => ({
    kind: 'serverError',
    status: draw.whole(500, 504),
    accepted: true,
    ...aim(draw),
  }),
  htmlBefore: (draw) => ({ kind: 'html', ...aim(draw) }),
  htmlAfter: (draw) => ({ kind: 'html', accepted: true, ...aim(draw) }),
  rateLimit: (draw) => ({ kind: 'rateLimit', ...aim(draw), count: draw.whole(1, 2) }),
  rejected: (draw) => ({ kind: 'rejected', ...aim(draw), paths: [create] }),
  systemErrorBefore: (draw) => ({
    kind: 'rejected',
    retCode: 10016,
    retMsg: 'Internal server error',
    ...aim(draw),
    paths: [create],
  }),
  systemErrorAfter: (draw) => ({
    kind: 'rejected',
    retCode: 10000,
    retMsg: 'Server timeout',
    accepted: true,
    ...aim(draw),
    paths: [create],
  }),
  laggingReads: (draw) => ({
    kind: 'laggingReads',
    lagMs: draw.whole(100, 900),
    ...aim(draw),
    paths: [...draw.oneOf([orderReads, orderReads, accountReads])],
  }),
  duplicateFills: (draw) => ({
    kind: 'duplicateFills',
    ...aim(draw),
    paths: ['/v5/execution/list'],
  }),
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

export const faultKinds: readonly string[] = [...Object.keys(kinds), 'ban'];
/** A ban pauses a venue's requests for a minute within one life of the worker, so it is rare. */
const banEvery = 24;
const extrasMax = 4;

/** Faults of one venue in one slot: the kind whose turn it is, and up to four more. */
export function slotFaults(seed: number, venue: string, slot: number): readonly FaultRequest[] {
  const draw = drawOf(seed, `faults ${venue}`, slot);
  const makes = Object.values(kinds);
  const turn = makes[slot % makes.length] as Make;
  const extras = Array.from({ length: draw.whole(1, extrasMax) }, () => draw.oneOf(makes));
  const found = [turn, ...extras].map((make) => make(draw));
  const isBanned = draw.whole(1, banEvery) === 1;
  return isBanned ? [...found, { kind: 'ban', paths: [create], share: 0.2, seed: slot }] : found;
}
