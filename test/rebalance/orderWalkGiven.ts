/** Given for the walk of the order table: what a venue can say as the ports have it, and an order in each state of the database. */
import { type DecimalText, decimal } from '../../src/domain/decimal.ts';
import type { Fill } from '../../src/domain/fill.ts';
import { isTerminal, type OrderRecord, type PlannedOrder } from '../../src/domain/order.ts';
import type {
  LocalState,
  OrderKind,
  VenueAnswer,
  venueAnswers,
} from '../../src/execution/orderTable/row.ts';
import type { SendOutcome, VenueOrder } from '../../src/rebalance/ports/venue.ts';
import { alpha } from '../simulation/instrumentsInMemory.ts';
import { startProcess, type World } from '../simulation/world.ts';
import { openedWorld, planned, policy, recordTrade, usdcEarn } from './given.ts';

export type Question = keyof typeof venueAnswers;

export const kinds = ['taker', 'maker', 'earn'] as const satisfies readonly OrderKind[];
type Kind = (typeof kinds)[number];

const orders: Readonly<Record<Kind, PlannedOrder>> = {
  taker: planned(),
  maker: planned({ style: 'passive' }),
  earn: planned({
    symbol: usdcEarn.symbol,
    action: 'subscribe',
    style: 'earn',
    limitPrice: null,
    decisionPrice: 1,
    notionalUsd: 0.1,
  }),
};
const timeInForce = { taker: 'ioc', maker: 'postOnly', earn: 'none' } as const;
const filledPartly = decimal('0.04');
const dayMs = 86_400_000;

export const sends: Readonly<Partial<Record<VenueAnswer, SendOutcome>>> = {
  accepted: { kind: 'accepted', venueOrderId: 'v1' },
  acceptedWithoutId: { kind: 'accepted', venueOrderId: '' },
  duplicate: { kind: 'exists' },
  refused: { kind: 'rejected', code: '110007', message: 'insufficient balance' },
  notSent: { kind: 'rejected', code: 'RATE_LIMITED', message: 'waits for its turn' },
  noAnswer: { kind: 'unknown', reason: 'no answer within the limit' },
};
export const foundStates: Readonly<Partial<Record<VenueAnswer, VenueOrder['state']>>> = {
  rests: 'working',
  foundFilled: 'filled',
  foundCancelled: 'cancelled',
  foundRejected: 'rejected',
  foundExpired: 'expired',
};
export const cancels = {
  cancelTaken: { kind: 'cancelled' },
  cancelGone: { kind: 'gone' },
  cancelFails: { kind: 'unknown', reason: 'no answer' },
} as const;

export type Case = {
  readonly kind: Kind;
  readonly state: LocalState;
  readonly answer: VenueAnswer;
};

export const filledIn = (state: LocalState): DecimalText =>
  state === 'partly' ? filledPartly : decimal(state === 'filled' ? '0.1' : '0');

export const rowIn = (record: OrderRecord, state: LocalState, nowMs: number): OrderRecord => ({
  ...record,
  state: state === 'partly' ? 'working' : state,
  filledBase: filledIn(state),
  endedAtMs: isTerminal(state === 'partly' ? 'working' : state) ? nowMs : null,
});

const templates = new Map<Kind, World>();

/** A world with a decision of one order in it, made once a kind and copied. */
async function decided(kind: Kind) {
  if (!templates.has(kind)) {
    const { world, ports } = openedWorld();
    await recordTrade(ports, [orders[kind]], []);
    templates.set(kind, world);
  }
  const world = structuredClone(templates.get(kind));
  const [record] = world?.rows.decisions.values() ?? [];
  if (world === undefined || record === undefined) throw new Error('the decision is recorded');
  return { world, ports: startProcess(world, 1), record };
}

/** A world with the decision recorded; its one order as the database would hold it in the state. */
export async function stand({ kind, state, answer }: Case, question: Question) {
  const { world, ports, record } = await decided(kind);
  const order = orders[kind];
  const isRequest = question === 'request';
  // Where the line would not ask in this state, it asks in one in which it does.
  const asking: LocalState =
    question === 'cancel'
      ? state === 'partly' || state === 'unknown'
        ? state
        : 'working'
      : isTerminal(state === 'partly' ? 'working' : state)
        ? 'unknown'
        : state;
  const isForgotten = answer === 'forgotten';
  const isOld = answer === 'notFound' || answer === 'notFoundKnown';
  // An unknown one is cancelled only where the venue has said that it was there.
  const isAcknowledged =
    answer === 'notFoundKnown' || (question === 'cancel' && asking === 'unknown');
  const agoMs = isForgotten ? dayMs : isOld ? policy.execution.settlingMs : 0;
  const base: OrderRecord = {
    clientOrderId: `c${'0'.repeat(31)}` as OrderRecord['clientOrderId'],
    portfolio: policy.portfolio,
    rebalanceId: record.rebalanceId,
    instrument: order.instrument,
    venue: order.venue,
    symbol: order.symbol,
    action: order.action,
    timeInForce: timeInForce[kind],
    quantityBase: order.quantityBase,
    limitPrice: order.limitPrice,
    decisionPrice: order.decisionPrice,
    reduceOnly: false,
    slice: 0,
    attempt: 0,
    purpose: 'plan',
    state: 'intended',
    venueOrderId: isForgotten || isAcknowledged ? 'v1' : null,
    filledBase: decimal('0'),
    reason: null,
    intendedAtMs: world.nowMs - agoMs,
    sentAtMs: null,
    ackedAtMs: isForgotten ? world.nowMs - agoMs : isOld ? world.nowMs : null,
    endedAtMs: null,
  };
  if (!isRequest) {
    const row = rowIn(base, asking, world.nowMs);
    world.rows.orders.set(row.clientOrderId, row);
    bookFilled(world, row);
  }
  if (question === 'cancel' || isForgotten) world.nowMs = record.decision.deadlineMs;
  return { world, ports, record };
}

/** What the row says has filled is in the ledger, so that nothing but the answer has to be followed. */
export function bookFilled(world: World, row: OrderRecord): void {
  if (row.filledBase === '0') return;
  world.rows.fills.set(`booked ${row.filledBase}`, fillOf(row, row.filledBase, world.nowMs));
}

export const fillOf = (row: OrderRecord, quantityBase: DecimalText, nowMs: number): Fill => ({
  fillId: `booked ${quantityBase}`,
  venue: alpha,
  instrument: row.instrument,
  clientOrderId: row.clientOrderId,
  venueOrderId: 'v1',
  side: 'buy',
  quantityBase,
  price: decimal(row.timeInForce === 'none' ? 1 : 50_000),
  fee: decimal('0'),
  feeCoin: 'USDT',
  isMaker: false,
  filledAtMs: nowMs,
});
