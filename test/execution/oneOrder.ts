/** Situations of one order, for the tests of its life. */
import { type DecimalText, decimal } from '../../src/domain/decimal.ts';
import { instrumentId, readClientOrderId, rebalanceId, venueId } from '../../src/domain/ids.ts';
import type { OrderRecord, OrderState, PlannedOrder } from '../../src/domain/order.ts';
import type { ExecutionPolicy } from '../../src/domain/policy.ts';
import type { OrderSituation } from '../../src/execution/orderLife.ts';
import { policy } from '../simulation/world.ts';

const { repegEveryMs: _, ...settings } = policy.execution;
/** A passive order stays where it was put. */
export const execution: ExecutionPolicy = { ...settings, attemptsMax: 3, crossAfterMs: 5_000 };
export const deadlineMs = 60_000;

export const planned: PlannedOrder = {
  instrument: instrumentId('alpha', 'BTC/USDT:USDT'),
  venue: venueId('alpha'),
  symbol: 'BTC/USDT:USDT',
  action: 'buy',
  style: 'ioc',
  quantityBase: decimal('1'),
  limitPrice: decimal('50000'),
  decisionPrice: 50_000,
  notionalUsd: 50_000,
  reduceOnly: false,
  risk: 'increases',
  stage: 1,
  pair: null,
  slice: 0,
};

export function recordOf(attempt: number, state: OrderState, change: Partial<OrderRecord> = {}) {
  const record: OrderRecord = {
    clientOrderId: readClientOrderId(`id-${attempt}`),
    portfolio: 'test',
    rebalanceId: rebalanceId('r'),
    instrument: planned.instrument,
    venue: planned.venue,
    symbol: planned.symbol,
    action: planned.action,
    timeInForce: 'ioc',
    quantityBase: planned.quantityBase,
    limitPrice: planned.limitPrice,
    decisionPrice: planned.decisionPrice,
    reduceOnly: false,
    slice: 0,
    attempt,
    purpose: 'plan',
    state,
    venueOrderId: null,
    filledBase: decimal(0),
    reason: null,
    intendedAtMs: 0,
    sentAtMs: null,
    ackedAtMs: null,
    endedAtMs: null,
    ...change,
  };
  return record;
}

/** Everything that the records say is filled is in the ledger too. */
const allBooked = (records: readonly OrderRecord[]): ReadonlyMap<string, DecimalText> =>
  new Map(records.map((record) => [record.clientOrderId, record.filledBase]));

export const situation = (
  records: readonly OrderRecord[],
  change: Partial<OrderSituation> = {},
): OrderSituation => ({
  order: planned,
  records,
  bookedBase: allBooked(records),
  nowMs: 1_000,
  deadlineMs,
  isClosing: false,
  isRefused: false,
  ...change,
});
