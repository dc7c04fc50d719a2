/**
 * Instruments as Binance lists them, spot and USD-M, with the filters that ccxt reads lots and ticks from.
 */
import Big from 'big.js';
import { decimalsOf } from '../core/decimals.ts';
import { instrumentsNow } from '../core/quotes.ts';
import type { Json, Row } from '../http/json.ts';
import { text } from '../http/request.ts';
import type { SimulatedInstrument } from '../market/market.ts';
import type { Call, CallContext } from './call.ts';
import { ok, type Reply, unknownSymbol } from './reply.ts';
import { type Family, ordersPerMinuteMax, weightPerMinuteMax } from './weights.ts';

/** A perpetual's delivery, as the venue writes it: the year 2100. */
const neverMs = 4_133_404_800_000;

function sizeFilters(instrument: SimulatedInstrument): Row[] {
  const { tickSize, quantityMin, quantityMax, quantityStep } = instrument;
  const lot = { minQty: quantityMin, maxQty: quantityMax, stepSize: quantityStep };
  return [
    {
      filterType: 'PRICE_FILTER',
      minPrice: tickSize,
      maxPrice: new Big(tickSize).times(1e7).toFixed(),
      tickSize,
    },
    { filterType: 'LOT_SIZE', ...lot },
    { filterType: 'MARKET_LOT_SIZE', ...lot },
  ];
}

function spotRow(instrument: SimulatedInstrument): Row {
  const { symbol, baseCoin, quoteCoin, notionalMin } = instrument;
  return {
    symbol,
    status: 'TRADING',
    baseAsset: baseCoin,
    baseAssetPrecision: 8,
    quoteAsset: quoteCoin,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    baseCommissionPrecision: 8,
    quoteCommissionPrecision: 8,
    orderTypes: ['LIMIT', 'LIMIT_MAKER', 'MARKET'],
    icebergAllowed: false,
    ocoAllowed: false,
    quoteOrderQtyMarketAllowed: true,
    allowTrailingStop: false,
    cancelReplaceAllowed: false,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: [
      ...sizeFilters(instrument),
      {
        filterType: 'NOTIONAL',
        minNotional: notionalMin,
        applyMinToMarket: true,
        maxNotional: '9000000',
        applyMaxToMarket: false,
        avgPriceMins: 5,
      },
      { filterType: 'MAX_NUM_ORDERS', maxNumOrders: 200 },
    ],
    permissions: [],
    permissionSets: [['SPOT']],
    defaultSelfTradePreventionMode: 'EXPIRE_MAKER',
    allowedSelfTradePreventionModes: ['EXPIRE_MAKER'],
  };
}

function contractType(instrument: SimulatedInstrument, listed: readonly SimulatedInstrument[]) {
  const { deliveryMs } = instrument;
  if (deliveryMs === undefined) return 'PERPETUAL';
  const isNext = listed.some(
    (other) =>
      other.baseCoin === instrument.baseCoin && (other.deliveryMs ?? deliveryMs) < deliveryMs,
  );
  return isNext ? 'NEXT_QUARTER' : 'CURRENT_QUARTER';
}

function contractRow(instrument: SimulatedInstrument, listed: readonly SimulatedInstrument[]): Row {
  const { symbol, baseCoin, quoteCoin, tickSize, quantityStep } = instrument;
  return {
    symbol,
    pair: `${baseCoin}${quoteCoin}`,
    contractType: contractType(instrument, listed),
    deliveryDate: instrument.deliveryMs ?? neverMs,
    onboardDate: instrument.launchMs,
    status: 'TRADING',
    maintMarginPercent: '2.5000',
    requiredMarginPercent: '5.0000',
    baseAsset: baseCoin,
    quoteAsset: quoteCoin,
    marginAsset: quoteCoin,
    pricePrecision: decimalsOf(tickSize),
    quantityPrecision: decimalsOf(quantityStep),
    baseAssetPrecision: 8,
    quotePrecision: 8,
    underlyingType: 'COIN',
    underlyingSubType: [],
    triggerProtect: '0.0500',
    liquidationFee: '0.012500',
    marketTakeBound: '0.05',
    maxMoveOrderLimit: 10_000,
    filters: [
      ...sizeFilters(instrument),
      { filterType: 'MAX_NUM_ORDERS', limit: 200 },
      { filterType: 'MIN_NOTIONAL', notional: instrument.notionalMin },
      {
        filterType: 'PERCENT_PRICE',
        multiplierUp: '1.0500',
        multiplierDown: '0.9500',
        multiplierDecimal: '4',
      },
    ],
    orderTypes: ['LIMIT', 'MARKET'],
    timeInForce: ['GTC', 'IOC', 'FOK', 'GTX'],
  };
}

function rateLimits(family: Family): Json {
  const minute = { interval: 'MINUTE', intervalNum: 1 };
  return [
    { rateLimitType: 'REQUEST_WEIGHT', ...minute, limit: weightPerMinuteMax[family] },
    { rateLimitType: 'ORDERS', ...minute, limit: ordersPerMinuteMax },
  ];
}

function info(family: Family): (context: CallContext) => Reply {
  return ({ venue, parameters }) => {
    const symbol = text(parameters, 'symbol');
    const category = family === 'spot' ? 'spot' : 'linear';
    const listed = instrumentsNow(venue).filter((i) => i.category === category);
    const wanted = listed.filter((i) => symbol === '' || i.symbol === symbol);
    if (wanted.length === 0 && symbol !== '') return unknownSymbol;
    const settling = new Set(listed.map((i) => i.quoteCoin));
    const assets = [...settling].map(
      (asset): Row => ({
        asset,
        marginAvailable: true,
        autoAssetExchange: '-10000',
      }),
    );
    return ok({
      timezone: 'UTC',
      serverTime: venue.live.nowMs,
      rateLimits: rateLimits(family),
      exchangeFilters: [],
      ...(family === 'spot' ? {} : { futuresType: 'U_MARGINED', assets }),
      symbols: wanted.map((i) => (family === 'spot' ? spotRow(i) : contractRow(i, listed))),
    });
  };
}

/** No coin-margined contracts, no options: the class asks for them all the same. */
const nothing = (): Reply => ok({ timezone: 'UTC', rateLimits: [], symbols: [] });

const open = { method: 'GET', permission: 'public' } as const;

export const infoCalls: readonly Call[] = [
  { ...open, path: '/api/v3/exchangeInfo', weight: 20, answer: info('spot') },
  { ...open, path: '/fapi/v1/exchangeInfo', weight: 1, answer: info('futures') },
  { ...open, path: '/dapi/v1/exchangeInfo', weight: 1, answer: nothing },
];
