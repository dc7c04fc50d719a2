/**
 * Deribit where ccxt's unified words do not do: orders by label, figures per currency, cash from the transaction log.
 *
 * Its dead-man switch (cancel on disconnect) is of a websocket; this adapter speaks HTTP, so there is none here.
 */
import type { LookUpOutcome } from '../../../rebalance/ports/venue.ts';
import { amount, isRow, MalformedAnswer, number, type Row, row, rows, text } from '../answer.ts';
import { callImplicit } from '../ccxtClient.ts';
import type { Dialect } from '../dialect.ts';
import type { Session } from '../session.ts';
import { type Figures, readAccount } from '../unified/account.ts';
import { cancelByCcxt } from '../unified/cancel.ts';
import { createUnifiedDialect } from '../unified/dialect.ts';
import { marketOf } from '../unified/market.ts';
import { venueOrderOf } from '../unified/orders.ts';
import { prepareAccount, unifiedReader } from '../unified/settings.ts';
import { readLog } from './cashEvents.ts';

const DOLLAR_COINS = new Set(['USDC', 'USDT', 'USDE', 'USYC']);

export function createDeribitDialect(session: Session): Dialect {
  const account: Dialect['account'] = (perpetuals) => readAccount(session, perpetuals, figuresIn);
  return {
    ...createUnifiedDialect(session),
    account,
    lookUp: async (record, instrument) => {
      const market = marketOf(await connected(session), instrument.symbol);
      const what = `order ${record.clientOrderId}`;
      const answer = await session.read(what, () =>
        callImplicit(session.client, 'privateGetGetOrderStateByLabel', {
          currency: market.quote,
          label: session.profile.clientId.encode(record.clientOrderId),
        }),
      );
      const found = rows(row(answer, what)['result'], what).map((raw) =>
        venueOrderOf(session, raw, instrument.symbol),
      );
      return theOne(found, record.clientOrderId, what);
    },
    cancel: async (record) => {
      if (record.venueOrderId !== null) return cancelByCcxt(session, record, {});
      const label = session.profile.clientId.encode(record.clientOrderId);
      const answer = await callImplicit(session.client, 'privateGetCancelByLabel', { label });
      const count = number(row(answer, 'cancel'), 'result', 'cancel');
      if (count === 0) throw new OrderNotFound('no order of this label rests');
    },
    cashEvents: (_, sinceMs) => readLog(session, sinceMs),
    prepare: (instruments, leverage) =>
      prepareAccount(session, instruments, leverage, { ...unifiedReader(session), account }),
  };
}

/** Named as ccxt's own, by which it is known. */
class OrderNotFound extends Error {}

type Found = Extract<LookUpOutcome, { readonly kind: 'found' }>['order'];

/** A label is not unique: two orders of one label are a defect that a person must see. */
function theOne(found: readonly Found[], clientOrderId: string, what: string): LookUpOutcome {
  const own = found.filter((order) => order.clientOrderId === clientOrderId);
  const [first, second] = own;
  if (second !== undefined)
    return { kind: 'unknown', reason: `${what}: two orders bear its label` };
  if (first !== undefined) return { kind: 'found', order: first };
  if (found.length === 0) return { kind: 'absent' };
  return { kind: 'unknown', reason: `${what}: the venue answered with another order` };
}

async function connected(session: Session): Promise<Session> {
  await session.connect();
  return session;
}

/**
 * With cross collateral the account's totals are in USD. Without it each currency stands for itself, and only those that
 * are dollars count: linear perpetuals are margined in them.
 */
function figuresIn(info: Row): Figures {
  const what = 'balance';
  const result = isRow(info['result']) ? info['result'] : info;
  const summaries = rows(result['summaries'], what);
  const [first] = summaries;
  if (first === undefined) throw new MalformedAnswer(`${what} must have a currency, was none`);
  const coins = summaries.map((each) => ({
    coin: text(each, 'currency', what),
    wallet: amount(each, 'balance', what),
    free: amount(each, 'available_funds', what),
  }));
  if (first['cross_collateral_enabled'] === true) {
    return {
      coins,
      equityUsd: number(first, 'total_equity_usd', what),
      initialMarginUsd: number(first, 'total_initial_margin_usd', what),
      maintenanceMarginUsd: number(first, 'total_maintenance_margin_usd', what),
    };
  }
  const dollars = summaries.filter((each) => DOLLAR_COINS.has(String(each['currency'])));
  const sum = (field: string): number =>
    dollars.reduce((total, each) => total + number(each, field, what), 0);
  return {
    coins,
    equityUsd: sum('equity'),
    initialMarginUsd: sum('initial_margin'),
    maintenanceMarginUsd: sum('maintenance_margin'),
  };
}
