/**
 * The insurance pool of a venue in USD, by its own endpoint: ccxt has no unified one.
 *
 * Bybit states a value a pool; Binance coins, of which the dollars are counted, since what is kept in others moves with their
 * prices; OKX one total for all of them.
 */
import { isRow, MalformedAnswer, number, optionalText, type Row, row, rows } from '../answer.ts';
import { callImplicit } from '../ccxtClient.ts';
import type { Session } from '../session.ts';

type Pool = {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly usdIn: (answer: unknown) => number;
};

const what = 'insurance fund';
const dollars = ['USDT', 'USDC', 'FDUSD', 'BUSD', 'USD1'];

const binance: Pool = {
  method: 'fapiPublicGetInsuranceBalance',
  params: {},
  usdIn: (answer) => {
    const groups = Array.isArray(answer) ? rows(answer, what) : [row(answer, what)];
    const assets = groups.flatMap((group) => rows(group['assets'], what));
    return sum(
      assets.filter((asset) => dollars.includes(optionalText(asset, 'asset') ?? '')),
      'marginBalance',
    );
  },
};

const okx: Pool = {
  method: 'publicGetPublicInsuranceFund',
  params: { instType: 'SWAP', uly: 'BTC-USDT', limit: '1' },
  usdIn: (answer) => sum(rows(row(answer, what)['data'], what).slice(0, 1), 'total'),
};

const pools: Readonly<Record<string, Pool>> = {
  binance,
  binanceusdm: binance,
  okx,
  myokx: okx,
  bybit: {
    method: 'publicGetV5MarketInsurance',
    params: {},
    usdIn: (answer) => {
      const result = row(answer, what)['result'];
      return sum(rows(isRow(result) ? result['list'] : result, what), 'value');
    },
  },
};

/** null: this adapter knows of no such endpoint. */
export function insuranceUsd(session: Session): (() => Promise<number>) | null {
  const pool = pools[session.exchange];
  if (pool === undefined) return null;
  return async () => {
    const answer = await session.read(
      what,
      () => callImplicit(session.client, pool.method, pool.params),
      1,
      'market',
    );
    return pool.usdIn(answer);
  };
}

/** @throws MalformedAnswer for an empty list: a pool that is not stated is not an empty pool. */
function sum(found: readonly Row[], field: string): number {
  if (found.length === 0) throw new MalformedAnswer(`${what} must state a balance, was none`);
  return found.reduce((total, each) => total + number(each, field, what), 0);
}
