/**
 * Flexible saving as instruments: subscribing buys one coin of the product for one coin, redeeming sells it.
 *
 * An order is Pending (working), Success (filled, its own id is the fill's) or Fail; it cannot be cancelled.
 */
import { add, type DecimalText, decimal, zero } from '../../../domain/decimal.ts';
import type { Fill } from '../../../domain/fill.ts';
import { instrumentId, readClientOrderId } from '../../../domain/ids.ts';
import type { Instrument } from '../../../domain/instrument.ts';
import { earnSymbol } from '../../../domain/leg.ts';
import { OperatingError } from '../../../domain/operatingError.ts';
import type { OrderRecord } from '../../../domain/order.ts';
import type { YieldReading } from '../../../domain/snapshot.ts';
import type { VenueOrder } from '../../../rebalance/ports/venue.ts';
import {
  amount,
  MalformedAnswer,
  optionalAmount,
  optionalNumber,
  optionalText,
  type Row,
  text,
  timeMs,
} from '../answer.ts';
import { callImplicit } from '../ccxtClient.ts';
import type { EarnDialect } from '../dialect.ts';
import type { Session } from '../session.ts';
import { readRows, readSpan, resultOf } from './rows.ts';

const CATEGORY = { category: 'FlexibleSaving' } as const;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** What the venue warns of under high demand for loans; assumed where the product states nothing. */
const REDEMPTION_MS_MAX = 2 * DAY_MS;
const STATES: Readonly<Record<string, VenueOrder['state']>> = {
  Pending: 'working',
  Success: 'filled',
  Fail: 'rejected',
};

export function createEarnDialect(session: Session): EarnDialect {
  const productIds = new Map<string, string>();

  const product = async (coin: string): Promise<Row> => {
    const found = await readRows(session, {
      what: `earn product of ${coin}`,
      method: 'publicGetV5EarnProduct',
      params: { ...CATEGORY, coin },
    });
    const own = found.filter((each) => each['coin'] === coin);
    const chosen = own.find((each) => each['status'] === 'Available') ?? own[0];
    if (chosen === undefined) throw noProduct(session, coin);
    productIds.set(coin, text(chosen, 'productId', 'earn product'));
    return chosen;
  };

  const productIdOf = async (coin: string): Promise<string> => {
    if (!productIds.has(coin)) await product(coin);
    return productIds.get(coin) ?? '';
  };

  const positions = async (): Promise<Readonly<Record<string, DecimalText>>> => {
    const what = 'earn positions';
    const found = await readRows(session, {
      what,
      method: 'privateGetV5EarnPosition',
      params: CATEGORY,
    });
    const held: Record<string, DecimalText> = {};
    for (const each of found) {
      const symbol = earnSymbol(text(each, 'coin', what));
      held[symbol] = add(held[symbol] ?? zero, amount(each, 'amount', what));
    }
    return held;
  };

  const ordersOf = (record: OrderRecord): Promise<readonly Row[]> => {
    const startTime = record.intendedAtMs - DAY_MS;
    const what = `earn order ${record.clientOrderId}`;
    const params = {
      ...CATEGORY,
      orderLinkId: record.clientOrderId,
      startTime,
      endTime: startTime + 7 * DAY_MS - 1,
    };
    return readRows(session, { what, method: 'privateGetV5EarnOrder', params });
  };

  /** A redemption is created long before it succeeds, so the span begins earlier. */
  const ordersSince = (sinceMs: number): Promise<readonly Row[]> =>
    readSpan(
      session,
      { what: 'earn orders', method: 'privateGetV5EarnOrder', params: { ...CATEGORY, limit: 100 } },
      sinceMs - 2 * REDEMPTION_MS_MAX,
    );

  return {
    isInUse: () => productIds.size > 0,
    instrument: async (coin) => instrumentOf(session, coin, await product(coin)),
    yield: async (instrument) => {
      const [found, held] = await Promise.all([product(instrument.baseCoin), positions()]);
      return yieldOf(found, Number(held[instrument.symbol] ?? zero));
    },
    place: async (record, options) => {
      const coin = record.symbol.replace(/^earn:/, '');
      const productId = await productIdOf(coin);
      return session.write(
        record.action === 'redeem' ? 'protective' : 'normal',
        () =>
          callImplicit(session.client, 'privatePostV5EarnPlaceOrder', {
            ...CATEGORY,
            orderType: record.action === 'redeem' ? 'Redeem' : 'Stake',
            accountType: 'UNIFIED',
            amount: record.quantityBase,
            coin,
            productId,
            orderLinkId: record.clientOrderId,
          }),
        options,
      );
    },
    orderIdIn: (answer) => text(resultOf(answer, 'earn order'), 'orderId', 'earn order'),
    positions,
    openOrders: async () =>
      (await ordersSince(session.venueNowMs()))
        .map((each) => venueOrder(session, each))
        .filter(({ state }) => state === 'working'),
    lookUp: async (record) => {
      const found = await ordersOf(record);
      const own = found.find((each) => each['orderLinkId'] === record.clientOrderId);
      if (own !== undefined) return { kind: 'found', order: venueOrder(session, own) };
      if (found.length === 0) return { kind: 'absent' };
      return { kind: 'unknown', reason: 'the venue answered with another earn order' };
    },
    fills: async (instrument, sinceMs) =>
      (await ordersSince(sinceMs))
        .filter((each) => each['status'] === 'Success' && each['coin'] === instrument.baseCoin)
        .map((each) => fillOf(session, each))
        .filter(({ filledAtMs }) => filledAtMs >= sinceMs)
        .sort((a, b) => a.filledAtMs - b.filledAtMs),
    fillsOf: async (record) =>
      (await ordersOf(record))
        .filter((each) => each['orderLinkId'] === record.clientOrderId)
        .filter((each) => each['status'] === 'Success')
        .map((each) => fillOf(session, each)),
  };
}

function instrumentOf(session: Session, coin: string, product: Row): Instrument {
  const what = `earn product of ${coin}`;
  const digits = Number(text(product, 'precision', what));
  if (!Number.isInteger(digits) || digits < 0 || digits > 18) {
    throw new MalformedAnswer(`${what}: precision must be a number of digits, was ${digits}`);
  }
  const step = decimal(`1e-${digits}`);
  const minutes = optionalNumber(product, 'redeemProcessingMinute', what);
  const symbol = earnSymbol(coin);
  return {
    id: instrumentId(session.id, symbol),
    venue: session.id,
    kind: 'earn',
    symbol,
    baseCoin: coin,
    quoteCoin: coin,
    quantityStepBase: step,
    quantityMinBase: optionalAmount(product, 'minStakeAmount', what) ?? step,
    quantityMaxBase: optionalAmount(product, 'maxStakeAmount', what),
    priceTick: decimal(1),
    notionalMinQuote: 0,
    takerFeeRate: 0,
    makerFeeRate: 0,
    tiers: [],
    fundingIntervalMs: 0,
    redemptionMs: minutes === null ? REDEMPTION_MS_MAX : minutes * MINUTE_MS,
  };
}

/** `estimateApr` is a text such as "4.1%". A product that is not available states none: it yields nothing now. */
function yieldOf(product: Row, heldBase: number): YieldReading {
  const what = 'earn product';
  const available = text(product, 'status', what) === 'Available';
  const percent = /^(-?\d+(?:\.\d+)?)%$/.exec(optionalText(product, 'estimateApr') ?? '')?.[1];
  if (percent === undefined && available) {
    throw new MalformedAnswer(
      `${what}: estimateApr must be a percentage, was ${String(product['estimateApr'])}`,
    );
  }
  const limit = optionalNumber(product, 'maxStakeAmount', what);
  return {
    yieldAnnual: percent === undefined ? 0 : Number(percent) / 100,
    quotaBase: limit === null ? null : Math.max(0, limit - heldBase),
    available,
  };
}

function venueOrder(session: Session, order: Row): VenueOrder {
  const what = 'earn order';
  const status = text(order, 'status', what);
  const state = STATES[status];
  if (state === undefined) throw new MalformedAnswer(`${what}: unknown status, was ${status}`);
  const clientId = optionalText(order, 'orderLinkId');
  const quantityBase = amount(order, 'orderValue', what);
  return {
    clientOrderId: clientId === null ? null : readClientOrderId(clientId),
    venueOrderId: text(order, 'orderId', what),
    instrument: instrumentId(session.id, earnSymbol(text(order, 'coin', what))),
    state,
    quantityBase,
    filledBase: state === 'filled' ? quantityBase : zero,
    createdAtMs: timeMs(order, 'createdAt', what),
  };
}

function fillOf(session: Session, order: Row): Fill {
  const { clientOrderId, venueOrderId, instrument, quantityBase } = venueOrder(session, order);
  return {
    fillId: venueOrderId,
    venue: session.id,
    instrument,
    clientOrderId,
    venueOrderId,
    side: order['orderType'] === 'Redeem' ? 'sell' : 'buy',
    quantityBase,
    price: decimal(1),
    fee: zero,
    feeCoin: text(order, 'coin', 'earn order'),
    isMaker: false,
    filledAtMs: timeMs(order, 'updatedAt', 'earn order'),
  };
}

function noProduct(session: Session, coin: string): OperatingError {
  return new OperatingError(
    `${session.id} (${session.exchange}) has no flexible earn product for ${coin}`,
    {
      retryable: false,
      remedy: 'take the lending leg out of the config, or name a coin that the venue lends',
    },
  );
}
