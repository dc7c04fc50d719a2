/**
 * What came into the contracts' wallet and left it, oldest first.
 *
 * A trade's change is two rows under one number: the profit that it realised and the commission. A number is the only one of its
 * type.
 */
import Big from 'big.js';
import type { BalanceChange } from '../core/entries.ts';
import type { Venue } from '../core/venue.ts';
import type { Row } from '../http/json.ts';
import { integer, text } from '../http/request.ts';
import { within } from '../http/window.ts';
import type { Call, CallContext } from './call.ts';
import { numberOf } from './ids.ts';
import { ok, type Reply } from './reply.ts';

const weekMs = 7 * 86_400_000;

const types: Readonly<Record<BalanceChange['cause'], string>> = {
  deposit: 'TRANSFER',
  withdrawal: 'TRANSFER',
  transfer: 'TRANSFER',
  trade: 'REALIZED_PNL',
  funding: 'FUNDING_FEE',
  stake: 'TRANSFER',
  redeem: 'TRANSFER',
  yield: 'TRANSFER',
  liquidation: 'REALIZED_PNL',
  adl: 'REALIZED_PNL',
  delivery: 'DELIVERED_SETTELMENT',
};

type Stamped = BalanceChange & { readonly atMs: number };

function incomeRows(venue: Venue, change: Stamped): Row[] {
  const execution = venue.history.executionsById.get(change.execId ?? '');
  const row = (incomeType: string, income: Big): Row => ({
    symbol: execution?.symbol ?? '',
    incomeType,
    income: income.toFixed(),
    asset: change.coin,
    info: incomeType,
    time: change.atMs,
    tranId: numberOf(change.execId ?? change.reference ?? change.id),
    tradeId: execution === undefined ? '' : String(numberOf(execution.execId)),
  });
  const type = types[change.cause];
  const main = new Big(change.cashFlow).plus(change.funding);
  const fee = new Big(change.fee);
  const rows: Row[] = [];
  if (!main.eq(0) || type === 'FUNDING_FEE') rows.push(row(type, main));
  if (!fee.eq(0)) rows.push(row('COMMISSION', fee.neg()));
  return rows;
}

function income({ venue, parameters, lagMs, repeatRows }: CallContext): Reply {
  const { nowMs } = venue.live;
  const start = integer(parameters, 'startTime');
  const toMs = Math.min(integer(parameters, 'endTime') ?? nowMs, nowMs - lagMs);
  const fromMs = start ?? toMs - weekMs;
  const type = text(parameters, 'incomeType');
  const symbol = text(parameters, 'symbol');
  const rows = within(venue.history.balances, { fromMs, toMs }, (change) => change.atMs)
    .filter((change) => change.wallet === undefined)
    .flatMap((change) => incomeRows(venue, change))
    .filter(
      (row) =>
        (type === '' || row['incomeType'] === type) && (symbol === '' || row['symbol'] === symbol),
    );
  const limit = Math.min(integer(parameters, 'limit') ?? 100, 1000);
  const page = Math.max(1, integer(parameters, 'page') ?? 1);
  const first = start === undefined && page === 1 ? Math.max(0, rows.length - limit) : 0;
  const skipped = start === undefined ? 0 : (page - 1) * limit;
  const found = rows.slice(first + skipped, first + skipped + limit);
  return ok(repeatRows ? found.flatMap((row) => [row, row]) : found);
}

export const incomeCalls: readonly Call[] = [
  { method: 'GET', path: '/fapi/v1/income', permission: 'read', weight: 30, answer: income },
];
