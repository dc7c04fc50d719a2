/**
 * Why the venue refuses a request, before any dialect gives it a code.
 */
export type RefusalReason =
  | 'unknownInstrument'
  | 'notTrading'
  | 'badParameter'
  | 'clientId'
  | 'postOnlyWouldTake'
  | 'quantityStep'
  | 'quantityMin'
  | 'quantityMax'
  | 'priceTick'
  | 'priceBand'
  | 'notionalMin'
  | 'insufficientBalance'
  | 'reduceOnly'
  | 'duplicateClientId'
  | 'tooManyOrders'
  | 'riskLimit'
  | 'orderNotFound'
  | 'orderFinished'
  | 'notModified'
  | 'positionMode'
  | 'leverageUnchanged'
  | 'leverageRange'
  | 'earnProduct'
  | 'earnAmount'
  | 'earnBalance'
  | 'earnDuplicate';

export type Refusal = {
  readonly kind: 'refused';
  readonly reason: RefusalReason;
  readonly message: string;
};

export function refuse(reason: RefusalReason, message: string): Refusal {
  return { kind: 'refused', reason, message };
}

export function isRefusal(value: object): value is Refusal {
  return 'kind' in value && value.kind === 'refused';
}
