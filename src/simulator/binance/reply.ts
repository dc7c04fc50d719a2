/**
 * Answers of Binance: what was asked for as it is, or a code with a message; and the codes of the core's refusals.
 *
 * Codes are those of the venue's error tables; spot has few, and says in words what the contracts' side has numbers for.
 */
import type { Refusal, RefusalReason } from '../core/refusal.ts';
import type { Json } from '../http/json.ts';
import type { Category } from '../market/market.ts';

export type Reply = { readonly status: number; readonly body: Json };

export function ok(body: Json): Reply {
  return { status: 200, body };
}

export function failed(code: number, msg: string, status = statusOf(code)): Reply {
  return { status, body: { code, msg } };
}

const statuses: Readonly<Record<number, number>> = {
  [-1003]: 429,
  [-1007]: 408,
  [-1008]: 503,
  [-1015]: 429,
  [-2014]: 401,
  [-2015]: 401,
};

function statusOf(code: number): number {
  return statuses[code] ?? 400;
}

export const missing = (name: string): Reply =>
  failed(-1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`);

export const unknownSymbol = failed(-1121, 'Invalid symbol.');
export const noSuchOrder = failed(-2013, 'Order does not exist.');
export const unknownOrderSent = failed(-2011, 'Unknown order sent.');

type Said = readonly [code: number, msg: string];

const contracts: Readonly<Record<RefusalReason, Said>> = {
  unknownInstrument: [-1121, 'Invalid symbol.'],
  notTrading: [-4108, 'This symbol is in the process of being settled.'],
  badParameter: [-1130, 'Data sent for a parameter is not valid.'],
  clientId: [-4015, 'Client order id is not valid.'],
  postOnlyWouldTake: [
    -5022,
    'Due to the order could not be executed as maker, the Post Only order will be rejected.',
  ],
  quantityStep: [-1111, 'Precision is over the maximum defined for this asset.'],
  quantityMin: [-4003, 'Quantity less than or equal to zero.'],
  quantityMax: [-4005, 'Quantity greater than max quantity.'],
  priceTick: [-4014, 'Price not increased by tick size.'],
  priceBand: [-4016, "Limit price can't be outside of the price filter."],
  notionalMin: [
    -4164,
    "Order's notional must be no smaller than the minimum (unless you choose reduce only).",
  ],
  insufficientBalance: [-2019, 'Margin is insufficient.'],
  reduceOnly: [-2022, 'ReduceOnly Order is rejected.'],
  duplicateClientId: [-4116, 'ClientOrderId is duplicated.'],
  tooManyOrders: [-2025, 'Reach max open order limit.'],
  riskLimit: [-2027, 'Exceeded the maximum allowable position at current leverage.'],
  orderNotFound: [-2011, 'Unknown order sent.'],
  orderFinished: [-2011, 'Unknown order sent.'],
  notModified: [-5027, 'No need to modify the order.'],
  positionMode: [-4061, "Order's position side does not match user's setting."],
  leverageUnchanged: [-4028, 'Leverage is not valid.'],
  leverageRange: [-4028, 'Leverage is not valid.'],
  earnProduct: [-6001, 'Daily product not exists.'],
  earnAmount: [-6005, 'Product not exist or amount out of range.'],
  earnBalance: [-6018, 'Asset not enough.'],
  earnDuplicate: [-6014, 'Exceeded the number of requests.'],
};

const filter = (name: string): Said => [-1013, `Filter failure: ${name}`];

const pairs: Readonly<Partial<Record<RefusalReason, Said>>> = {
  notTrading: [-1013, 'Market is closed.'],
  clientId: [-1100, "Illegal characters found in parameter 'newClientOrderId'."],
  postOnlyWouldTake: [-2010, 'Order would immediately match and take.'],
  quantityStep: filter('LOT_SIZE'),
  quantityMin: filter('LOT_SIZE'),
  quantityMax: filter('LOT_SIZE'),
  priceTick: filter('PRICE_FILTER'),
  priceBand: filter('PERCENT_PRICE_BY_SIDE'),
  notionalMin: filter('NOTIONAL'),
  insufficientBalance: [-2010, 'Account has insufficient balance for requested action.'],
  duplicateClientId: [-2010, 'Duplicate order sent.'],
  tooManyOrders: filter('MAX_NUM_ORDERS'),
};

export function refused({ reason }: Refusal, category: Category = 'linear'): Reply {
  const [code, msg] = (category === 'spot' ? pairs[reason] : undefined) ?? contracts[reason];
  return failed(code, msg);
}
