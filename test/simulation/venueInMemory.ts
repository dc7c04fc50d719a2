/**
 * A venue in memory: the truth that the line is compared with. It takes whatever is sent, the same client id twice included,
 * so that a doubled order shows as one.
 */
import { type DecimalText, decimal, zero } from '../../src/domain/decimal.ts';
import type { OrderRecord } from '../../src/domain/order.ts';
import type { Venue } from '../../src/rebalance/ports/venue.ts';
import type { Clock } from '../../src/rebalance/ports.ts';
import { alpha, instruments } from './instrumentsInMemory.ts';
import { marginOf } from './marginInMemory.ts';
import { cancel, fill, isCovered, isMarketable } from './tradesInMemory.ts';
import { withFaults } from './venueFaults.ts';
import type { TrueOrder, VenueState } from './venueStateInMemory.ts';

/** The venue behind its ports. A passive order fills at the first look-up, an ioc at once or never. */
export function createVenue(state: VenueState, clock: Clock): Venue {
  const found = (record: OrderRecord): TrueOrder | undefined =>
    state.orders.find((one) => one.clientOrderId === record.clientOrderId);
  const equityUsd = (): number => {
    let sum = 0;
    for (const [coin, amount] of state.wallet) {
      sum += amount * (coin === 'USDT' ? 1 : (state.prices.get(`${coin}/USDT`) ?? 0));
    }
    for (const [symbol, held] of state.positions) {
      if (!symbol.startsWith('earn:')) {
        sum += held.quantity * (state.prices.get(symbol) ?? 0) - held.cost;
      }
    }
    return sum;
  };
  const positions = (): Readonly<Record<string, DecimalText>> =>
    Object.fromEntries([...state.positions].map(([key, { quantity }]) => [key, decimal(quantity)]));
  const venue: Venue = {
    reader: {
      id: alpha,
      exchange: 'bybit',
      environment: 'simulated',
      instruments: async (symbols) => instruments.filter((one) => symbols.includes(one.symbol)),
      quote: async ({ symbol }) => {
        const mark = state.prices.get(symbol) ?? 0;
        const half = mark * 0.00005;
        return { bid: mark - half, ask: mark + half, mark, index: mark, depthQuote: 5e6 };
      },
      funding: async () => ({
        rate: 0.0001,
        intervalMs: 28_800_000,
        nextMs: clock.nowMs() + 3_600_000,
      }),
      yield: async () => ({ yieldAnnual: 0.04, quotaBase: null, available: true }),
      account: async () => ({
        ...marginOf(state, equityUsd()),
        coins: [...state.wallet].map(([coin, amount]) => ({
          coin,
          wallet: decimal(amount),
          free: decimal(amount),
        })),
        positionMode: 'oneWay',
        marginMode: 'cross',
      }),
      positions: async () => positions(),
      openOrders: async () => state.orders.filter((one) => one.state === 'working'),
      fills: async (_, sinceMs) => state.fills.filter((one) => one.filledAtMs >= sinceMs),
      cashEvents: async (_, sinceMs) => state.cash.filter((one) => one.atMs >= sinceMs),
      signs: async () => ({
        status: 'ok',
        withdrawalsHalted: [],
        observedAtMs: clock.nowMs(),
      }),
      permissions: async () => ({ trade: true, withdraw: false }),
      clockOffsetMs: async () => 0,
      bars: async () => [],
      fundingHistory: async () => [],
    },
    gateway: {
      send: async (_, record) => {
        if (!isCovered(state, record)) {
          return { kind: 'rejected', code: '170131', message: 'insufficient balance' };
        }
        const order: TrueOrder = {
          clientOrderId: record.clientOrderId,
          venueOrderId: `v${state.orders.length}`,
          instrument: record.instrument,
          state: 'working',
          quantityBase: record.quantityBase,
          filledBase: zero,
          createdAtMs: clock.nowMs(),
          record,
        };
        state.orders.push(order);
        if (record.timeInForce === 'postOnly') {
          return { kind: 'accepted', venueOrderId: order.venueOrderId };
        }
        const after = isMarketable(state, record) ? fill(state, order, clock.nowMs()) : order;
        if (after.state === 'working') cancel(state, after);
        return { kind: 'accepted', venueOrderId: order.venueOrderId };
      },
      lookUp: async (record) => {
        const order = found(record);
        if (order === undefined) return { kind: 'absent' };
        const isMatched = order.state === 'working' && !state.faults.passiveRests;
        return { kind: 'found', order: isMatched ? fill(state, order, clock.nowMs()) : order };
      },
      cancel: async (record) => {
        const order = found(record);
        if (order === undefined || order.state !== 'working') return { kind: 'gone' };
        cancel(state, order);
        return { kind: 'cancelled' };
      },
      fills: async (record) =>
        state.fills.filter((one) => one.clientOrderId === record.clientOrderId),
      cancelAll: async () => {
        const resting = state.orders.filter((one) => one.state === 'working');
        for (const order of resting) cancel(state, order);
        return resting.length;
      },
      prepare: async () => undefined,
      fillsListedMs: 730 * 86_400_000,
    },
  };
  return withFaults(venue, state);
}
