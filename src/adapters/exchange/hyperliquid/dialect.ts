/** Hyperliquid where ccxt's unified words do not do: cancels without an id, leverage, margin tables, odd states. */
import { subtract } from '../../../domain/decimal.ts';
import type { MarginTier } from '../../../domain/instrument.ts';
import { invariant } from '../../../math/invariant.ts';
import {
  amount,
  isRow,
  MalformedAnswer,
  number,
  optionalText,
  type Row,
  row,
  rows,
} from '../answer.ts';
import { callImplicit } from '../ccxtClient.ts';
import type { Dialect } from '../dialect.ts';
import type { Session } from '../session.ts';
import { type Figures, readAccount } from '../unified/account.ts';
import { createUnifiedDialect } from '../unified/dialect.ts';
import { type Market, marketOf } from '../unified/market.ts';
import { prepareAccount } from '../unified/settings.ts';
import { readCashEvents } from './cashEvents.ts';
import { addressOf, coinOf } from './names.ts';

/** The venue takes no time nearer than five seconds. */
const DEAD_MAN_MS_MIN = 5_000;

export function createHyperliquidDialect(session: Session): Dialect {
  const account: Dialect['account'] = (perpetuals) => readAccount(session, perpetuals, figuresIn);
  return {
    ...createUnifiedDialect(session),
    account,
    cancel: async ({ clientOrderId, venueOrderId, symbol }) => {
      const id = session.profile.clientId.encode(clientOrderId);
      const params = venueOrderId === null ? { clientOrderId: id } : {};
      const answer = await session.client.cancelOrder(venueOrderId ?? undefined, symbol, params);
      // The venue says "success" and no id; anything else was raised.
      const status = row(answer, 'cancelled order')['status'];
      if (status !== 'success') {
        throw new MalformedAnswer(`cancelled order: status must be success, was ${String(status)}`);
      }
    },
    cashEvents: (_, sinceMs) => readCashEvents(session, sinceMs),
    prepare: (instruments, leverage) =>
      prepareAccount(session, instruments, leverage, {
        account,
        leverage: (symbol) => readLeverage(session, symbol),
      }),
    deadMan: async (timeoutMs) => {
      await session.protect('dead-man switch', () =>
        session.client.cancelAllOrdersAfter(Math.max(timeoutMs, DEAD_MAN_MS_MIN)),
      );
    },
    tiers: (market) => readTiers(session, market),
  };
}

/** The wallet is what the account is worth without the gains of open positions. */
function figuresIn(state: Row): Figures {
  const what = 'balance';
  const summary = row(state['marginSummary'], what);
  const gains = rows(state['assetPositions'], what).map((each) =>
    amount(row(each['position'], what), 'unrealizedPnl', what),
  );
  const equity = amount(summary, 'accountValue', what);
  return {
    equityUsd: Number(equity),
    initialMarginUsd: number(summary, 'totalMarginUsed', what),
    maintenanceMarginUsd: number(state, 'crossMaintenanceMarginUsed', what),
    coins: [
      {
        coin: 'USDC',
        wallet: gains.reduce((left, gain) => subtract(left, gain), equity),
        free: amount(state, 'withdrawable', what),
      },
    ],
  };
}

/** null unless it is cross: then it must be set. */
async function readLeverage(session: Session, symbol: string): Promise<number | null> {
  const what = `leverage of ${symbol}`;
  const answer = await info(session, what, {
    type: 'activeAssetData',
    user: addressOf(session),
    coin: coinOf(marketOf(session, symbol)),
  });
  const leverage = row(row(answer, what)['leverage'], what);
  return leverage['type'] === 'cross' ? number(leverage, 'value', what) : null;
}

/**
 * Tiers of the market's margin table: from `lowerBound` USD on, `maxLeverage`; maintenance is half of the initial margin at
 * the highest leverage (hyperliquid.gitbook.io, margin tiers).
 */
async function readTiers(session: Session, market: Market): Promise<readonly MarginTier[]> {
  const what = `margin tiers of ${market.symbol}`;
  const meta = row(await info(session, what, { type: 'meta' }), what);
  const own = rows(meta['universe'], what).find((each) => each['name'] === coinOf(market));
  if (own === undefined) throw new MalformedAnswer(`${what}: the venue does not list it`);
  const tableId = optionalText(own, 'marginTableId');
  const table = tableId === null ? undefined : tableOf(meta, tableId);
  const stated =
    table === undefined
      ? [{ floorUsd: 0, leverageMax: number(own, 'maxLeverage', what) }]
      : rows(table['marginTiers'], what).map((tier) => ({
          floorUsd: number(tier, 'lowerBound', what),
          leverageMax: number(tier, 'maxLeverage', what),
        }));
  return withDeductions(stated);
}

function withDeductions(
  stated: readonly { readonly floorUsd: number; readonly leverageMax: number }[],
): readonly MarginTier[] {
  let deductionUsd = 0;
  let rateBefore: number | null = null;
  return stated.map(({ floorUsd, leverageMax }, index) => {
    invariant(leverageMax > 0, `a tier's leverage must be above 0, was ${leverageMax}`);
    const maintenanceMarginRate = 1 / (2 * leverageMax);
    if (rateBefore !== null) deductionUsd += floorUsd * (maintenanceMarginRate - rateBefore);
    rateBefore = maintenanceMarginRate;
    const capUsd = stated[index + 1]?.floorUsd ?? null;
    return { floorUsd, capUsd, maintenanceMarginRate, deductionUsd, leverageMax };
  });
}

/** `marginTables` is a list of pairs: id, table. Ids below fifty are a leverage, and have no table. */
function tableOf(meta: Row, id: string): Row | undefined {
  const tables = Array.isArray(meta['marginTables']) ? meta['marginTables'] : [];
  const found = tables.find((pair: unknown) => Array.isArray(pair) && String(pair[0]) === id);
  const table: unknown = Array.isArray(found) ? found[1] : undefined;
  return isRow(table) ? table : undefined;
}

const info = (
  session: Session,
  what: string,
  params: Readonly<Record<string, unknown>>,
): Promise<unknown> =>
  session.read(what, () => callImplicit(session.client, 'publicPostInfo', params));
