/**
 * The envelope of every Bybit v5 answer, and the codes that the core's refusals get in it.
 *
 * Codes are those of the venue's error table; spot has codes of its own for most order faults.
 */

import type { Refusal, RefusalReason } from '../core/refusal.ts';
import type { Row } from '../http/json.ts';
import type { Category } from '../market/market.ts';

export type Reply = {
  readonly retCode: number;
  readonly retMsg: string;
  readonly result: Row;
  readonly retExtInfo: Row;
};

export function ok(result: Row, retExtInfo: Row = {}): Reply {
  return { retCode: 0, retMsg: 'OK', result, retExtInfo };
}

export function failed(retCode: number, retMsg: string): Reply {
  return { retCode, retMsg, result: {}, retExtInfo: {} };
}

const codes: Readonly<Record<RefusalReason, readonly [linear: number, spot: number]>> = {
  unknownInstrument: [10001, 170121],
  notTrading: [110066, 170151],
  badParameter: [10001, 170130],
  clientId: [10001, 170130],
  postOnlyWouldTake: [10001, 170130],
  quantityStep: [10001, 170137],
  quantityMin: [10001, 170136],
  quantityMax: [10001, 170135],
  priceTick: [10001, 170134],
  priceBand: [110003, 170193],
  notionalMin: [110094, 170140],
  insufficientBalance: [110007, 170131],
  reduceOnly: [110017, 170130],
  duplicateClientId: [110072, 170141],
  tooManyOrders: [110020, 170005],
  riskLimit: [110016, 170135],
  orderNotFound: [110001, 170213],
  orderFinished: [110010, 170142],
  notModified: [10001, 170130],
  positionMode: [10001, 10001],
  leverageUnchanged: [110043, 110043],
  leverageRange: [110013, 110013],
  earnProduct: [180008, 180008],
  earnAmount: [180007, 180007],
  earnBalance: [180016, 180016],
  earnDuplicate: [180010, 180010],
};

export function codeOf(refusal: Refusal, category: Category): number {
  const [linear, spot] = codes[refusal.reason];
  return category === 'spot' ? spot : linear;
}

export function refused(refusal: Refusal, category: Category = 'linear'): Reply {
  return failed(codeOf(refusal, category), refusal.message);
}
