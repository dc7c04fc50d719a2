/** Any ccxt class in ccxt's own unified words. No earn products: ccxt has no unified form of them. */
import type { Dialect } from '../dialect.ts';
import type { Session } from '../session.ts';
import { readAccount, readPositions } from './account.ts';
import { cancelAllOrders, cancelByCcxt } from './cancel.ts';
import { readCashEvents } from './cashEvents.ts';
import { type ClientIds, readFills, readFillsOf } from './fills.ts';
import { lookUpOrder, readOpenOrders } from './orders.ts';
import { prepareAccount, readPermissions } from './settings.ts';

export function createUnifiedDialect(session: Session): Dialect {
  const clientIds: ClientIds = new Map();
  return {
    account: (perpetuals) => readAccount(session, perpetuals),
    positions: () => readPositions(session),
    openOrders: (instruments) => readOpenOrders(session, instruments),
    lookUp: (record, instrument) => lookUpOrder(session, record, instrument),
    fills: (instrument, sinceMs) => readFills(session, instrument, sinceMs, clientIds),
    fillsOf: (record, instrument) => readFillsOf(session, record, instrument),
    cashEvents: (instruments, sinceMs) => readCashEvents(session, instruments, sinceMs),
    permissions: () => readPermissions(session),
    prepare: (instruments, leverage) => prepareAccount(session, instruments, leverage),
    cancelAll: (instruments) => cancelAllOrders(session, instruments),
    cancel: (record) => {
      const { clientId } = session.profile;
      return cancelByCcxt(session, record, {
        clientOrderId: clientId.encode(record.clientOrderId),
      });
    },
    earn: null,
  };
}
