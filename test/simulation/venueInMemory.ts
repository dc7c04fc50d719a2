/**
 * A venue in memory: the truth that the line is compared with. It takes whatever is sent, the same client id twice included,
 * so that a doubled order shows as one.
 */
import {
  add,
  type DecimalText,
  decimal,
  isZero,
  multiply,
  subtract,
  toNumber,
  toStep,
  zero,
} from '../../src/domain/decimal.ts';
import type { CashEvent, Fill } from '../../src/domain/fill.ts';
import { instrumentId, venueId } from '../../src/domain/ids.ts';
import type { Instrument, InstrumentKind } from '../../src/domain/instrument.ts';
import type { OrderRecord } from '../../src/domain/order.ts';
import type { AccountReading } from '../../src/domain/venue.ts';
import { maintenanceMarginUsd as maintenanceMarginUsdOf } from '../../src/margin/tier.ts';
import type { Venue, VenueOrder } from '../../src/rebalance/ports/venue.ts';
import type { Clock } from '../../src/rebalance/ports.ts';
import { createFaults, type VenueFaults, withFaults } from './venueFaults.ts';

export const alpha = venueId('alpha');

const instrument = (
  kind: InstrumentKind,
  symbol: string,
  step: string,
  tick: string,
): Instrument => {
  const [pair = '', settle] = symbol.split(':');
  const [base = '', quote = ''] = kind === 'earn' ? [settle, settle] : pair.split('/');
  return {
    id: instrumentId(alpha, symbol),
    venue: alpha,
    kind,
    symbol,
    baseCoin: base ?? '',
    quoteCoin: quote ?? '',
    quantityStepBase: decimal(step),
    quantityMinBase: decimal(step),
    quantityMaxBase: null,
    priceTick: decimal(tick),
    notionalMinQuote: kind === 'earn' ? 0 : 5,
    takerFeeRate: kind === 'earn' ? 0 : 0.0005,
    makerFeeRate: kind === 'earn' ? 0 : 0.0002,
    tiers:
      kind === 'perpetual'
        ? [
            {
              floorUsd: 0,
              capUsd: null,
              maintenanceMarginRate: 0.005,
              deductionUsd: 0,
              leverageMax: 100,
            },
          ]
        : [],
    fundingIntervalMs: kind === 'perpetual' ? 28_800_000 : 0,
    redemptionMs: 0,
  };
};

export const instruments: readonly Instrument[] = [
  instrument('perpetual', 'BTC/USDT:USDT', '0.001', '0.1'),
  instrument('perpetual', 'ETH/USDT:USDT', '0.01', '0.01'),
  instrument('spot', 'ETH/USDT', '0.0001', '0.01'),
  instrument('spot', 'USDC/USDT', '0.01', '0.0001'),
  instrument('earn', 'earn:USDC', '0.01', '1'),
];

export type TrueOrder = VenueOrder & { readonly record: OrderRecord };

/** What survives a killed process. */
export type VenueState = {
  readonly orders: TrueOrder[];
  readonly fills: Fill[];
  readonly cash: CashEvent[];
  /** Client ids of the requests to send that left, whether or not they arrived. */
  readonly requests: string[];
  readonly faults: VenueFaults;
  readonly wallet: Map<string, number>;
  /** Signed base and cost per symbol; perpetuals and earn. */
  readonly positions: Map<string, { quantity: number; cost: number }>;
  readonly prices: Map<string, number>;
};

export const createVenueState = (): VenueState => ({
  orders: [],
  fills: [],
  cash: [],
  requests: [],
  faults: createFaults(),
  wallet: new Map([['USDT', 100_000]]),
  positions: new Map(),
  prices: new Map([
    ['BTC/USDT:USDT', 50_000],
    ['ETH/USDT:USDT', 3_000],
    ['ETH/USDT', 3_000],
    ['USDC/USDT', 1],
    ['earn:USDC', 1],
  ]),
});

const bump = (map: Map<string, number>, key: string, by: number): void => {
  map.set(key, Math.round(((map.get(key) ?? 0) + by) * 1e8) / 1e8);
};

/** A trade at a price, in whole: realised gains go to the wallet, as at the venues. */
function trade(state: VenueState, what: Instrument, signed: number, price: number): void {
  if (what.kind === 'spot') {
    bump(state.wallet, what.baseCoin, signed);
    bump(state.wallet, what.quoteCoin, -signed * price);
    return;
  }
  if (what.kind === 'earn') bump(state.wallet, what.baseCoin, -signed);
  const held = state.positions.get(what.symbol) ?? { quantity: 0, cost: 0 };
  const isReducing = held.quantity * signed < 0;
  const closed = isReducing ? Math.min(Math.abs(signed), Math.abs(held.quantity)) : 0;
  const closedSigned = Math.sign(held.quantity) * closed;
  const average = held.quantity === 0 ? 0 : held.cost / held.quantity;
  if (what.kind === 'perpetual') bump(state.wallet, 'USDT', closedSigned * (price - average));
  const opened = signed + closedSigned;
  const quantity = Math.round((held.quantity + signed) * 1e8) / 1e8;
  const cost = held.cost - closedSigned * average + opened * price;
  state.positions.set(what.symbol, { quantity, cost });
}

/** Fills what the market gives of an order; the order then rests, unless it is done. */
function fill(state: VenueState, order: TrueOrder, nowMs: number): TrueOrder {
  const what = instruments.find((one) => one.id === order.instrument);
  if (what === undefined) throw new Error(`unknown instrument, was ${order.instrument}`);
  const left = subtract(order.quantityBase, order.filledBase);
  const given = multiply(left, state.faults.fillShare);
  const quantityBase = toStep(given, what.quantityStepBase, 'down');
  if (isZero(quantityBase)) return order;
  const price = state.prices.get(what.symbol) ?? 0;
  const isBuying = order.record.action === 'buy' || order.record.action === 'subscribe';
  const quantity = toNumber(quantityBase);
  const isMaker = order.record.timeInForce === 'postOnly';
  const rate = isMaker ? what.makerFeeRate : what.takerFeeRate;
  const isInCoin = state.faults.feesInCoin && what.kind === 'spot' && isBuying;
  const fee = Math.round(quantity * (isInCoin ? 1 : price) * rate * 1e8) / 1e8;
  const feeCoin = isInCoin ? what.baseCoin : 'USDT';
  trade(state, what, isBuying ? quantity : -quantity, price);
  bump(state.wallet, feeCoin, -fee);
  state.fills.push({
    fillId: `f${state.fills.length}`,
    venue: alpha,
    instrument: what.id,
    clientOrderId: order.clientOrderId,
    venueOrderId: order.venueOrderId,
    side: isBuying ? 'buy' : 'sell',
    quantityBase,
    price: decimal(price),
    fee: decimal(fee),
    feeCoin,
    isMaker,
    filledAtMs: nowMs,
  });
  const filledBase = add(order.filledBase, quantityBase);
  const isDone = toNumber(filledBase) === toNumber(order.quantityBase);
  const after: TrueOrder = { ...order, state: isDone ? 'filled' : 'working', filledBase };
  state.orders[state.orders.indexOf(order)] = after;
  return after;
}

const cancel = (state: VenueState, order: TrueOrder): void => {
  state.orders[state.orders.indexOf(order)] = { ...order, state: 'cancelled' };
};

const isCovered = (
  state: VenueState,
  { instrument, action, quantityBase }: OrderRecord,
): boolean => {
  const what = instruments.find((one) => one.id === instrument);
  if (!state.faults.feesInCoin || what?.kind !== 'spot' || action !== 'sell') return true;
  return (state.wallet.get(what.baseCoin) ?? 0) >= toNumber(quantityBase);
};

const isMarketable = (state: VenueState, record: OrderRecord): boolean => {
  if (record.limitPrice === null) return true;
  const price = state.prices.get(record.symbol) ?? 0;
  const limit = toNumber(record.limitPrice);
  return record.action === 'buy' ? limit >= price : limit <= price;
};

/** As a venue states them: coins after a haircut of a tenth, positions at its leverage and by their tiers. */
export const venueLeverageInMemory = 6;
const coinHaircut = 0.1;

function marginOf(state: VenueState, equityUsd: number) {
  let notionalUsd = 0;
  let maintenanceMarginUsd = 0;
  for (const { symbol, tiers, kind } of instruments) {
    const held = kind === 'perpetual' ? (state.positions.get(symbol)?.quantity ?? 0) : 0;
    const usd = Math.abs(held) * (state.prices.get(symbol) ?? 0);
    if (usd === 0) continue;
    notionalUsd += usd;
    maintenanceMarginUsd += maintenanceMarginUsdOf(usd, tiers) * state.faults.maintenanceRatio;
  }
  const coinsUsd = (state.wallet.get('ETH') ?? 0) * (state.prices.get('ETH/USDT') ?? 0);
  return {
    equityUsd,
    marginBalanceUsd: equityUsd - Math.max(0, coinsUsd) * coinHaircut,
    initialMarginUsd: notionalUsd / venueLeverageInMemory,
    maintenanceMarginUsd,
  };
}

/** What the venue would have done by now: maintenance has reached the balance. */
export const isLiquidated = ({
  marginBalanceUsd = 0,
  maintenanceMarginUsd,
}: AccountReading): boolean => maintenanceMarginUsd > 0 && maintenanceMarginUsd >= marginBalanceUsd;

/** The venue closes a share of a position by itself, at its mark: an execution that nobody ordered. */
export function forceClose(
  state: VenueState,
  symbol: string,
  { share, by, nowMs }: { share: number; by: 'liquidation' | 'deleveraging'; nowMs: number },
): void {
  const what = instruments.find((one) => one.symbol === symbol);
  const held = state.positions.get(symbol)?.quantity ?? 0;
  if (what === undefined || held === 0) throw new Error(`nothing is held of ${symbol}`);
  const quantityBase = toStep(Math.abs(held) * share, what.quantityStepBase, 'down');
  const price = state.prices.get(symbol) ?? 0;
  trade(state, what, -Math.sign(held) * toNumber(quantityBase), price);
  state.fills.push({
    fillId: `f${state.fills.length}`,
    venue: alpha,
    instrument: what.id,
    clientOrderId: null,
    venueOrderId: `forced${state.fills.length}`,
    side: held > 0 ? 'sell' : 'buy',
    quantityBase,
    price: decimal(price),
    fee: zero,
    feeCoin: 'USDT',
    isMaker: false,
    forcedBy: by,
    filledAtMs: nowMs,
  });
}

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
    },
  };
  return withFaults(venue, state);
}
