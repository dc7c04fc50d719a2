/** Bybit v5 in its own words: exact decimals, client ids, earn products and the transaction log. */
import type { Dialect, EarnDialect } from '../dialect.ts';
import { NotPermitted } from '../faults.ts';
import type { Session } from '../session.ts';
import { cancelByCcxt } from '../unified/cancel.ts';
import { type ModeCache, readAccount, readPositions } from './account.ts';
import { readCashEvents, readYieldEvents } from './cashEvents.ts';
import { createEarnDialect } from './earn.ts';
import { readFills, readFillsOf, readFillsOfAll } from './fills.ts';
import { joinReads } from './joinReads.ts';
import { cancelAllOrders, lookUpOrder, readOpenOrders } from './orders.ts';
import { prepareAccount, readPermissions } from './settings.ts';

/** Earn is offered where there is real money, and by the simulator. */
const EARN_ENVIRONMENTS = new Set(['live', 'simulated']);

export function createBybitDialect(session: Session): Dialect {
  joinReads(session);
  const modes: ModeCache = new Map();
  const earn = EARN_ENVIRONMENTS.has(session.environment) ? createEarnDialect(session) : null;
  return {
    account: (perpetuals) => readAccount(session, perpetuals, modes),
    positions: async () => {
      const [perpetuals, saved] = await Promise.all([
        readPositions(session),
        lent(earn, {}, (dialect) => dialect.positions()),
      ]);
      return { ...perpetuals, ...saved };
    },
    openOrders: async () => {
      const [resting, pending] = await Promise.all([
        readOpenOrders(session),
        lent(earn, [], (dialect) => dialect.openOrders()),
      ]);
      return [...resting, ...pending];
    },
    lookUp: (record, instrument) => lookUpOrder(session, record, instrument),
    fills: (instrument, sinceMs) => readFills(session, instrument, sinceMs),
    fillsOfAll: (instruments, sinceMs) => readFillsOfAll(session, instruments, sinceMs),
    fillsOf: (record, instrument) => readFillsOf(session, record, instrument),
    cashEvents: async (_, sinceMs) => {
      const [logged, yields] = await Promise.all([
        readCashEvents(session, sinceMs),
        lent(earn, [], () => readYieldEvents(session, sinceMs)),
      ]);
      return [...logged, ...yields].sort((a, b) => a.atMs - b.atMs);
    },
    permissions: () => readPermissions(session),
    prepare: (instruments, leverage) => prepareAccount(session, instruments, leverage, modes),
    cancelAll: () => cancelAllOrders(session),
    cancel: (record) => cancelByCcxt(session, record, { orderLinkId: record.clientOrderId }),
    earn,
  };
}

/** A key without the earn permission is taken to hold nothing there, unless an earn product is in use. */
async function lent<T>(
  earn: EarnDialect | null,
  nothing: T,
  read: (earn: EarnDialect) => Promise<T>,
): Promise<T> {
  if (earn === null) return nothing;
  try {
    return await read(earn);
  } catch (error) {
    if (error instanceof NotPermitted && !earn.isInUse()) return nothing;
    throw error;
  }
}
