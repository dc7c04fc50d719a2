/**
 * The account's figures in OKX's own words.
 *
 * In single-currency margin the account-level `imr` and `mmr` are empty: the coins' own ones are summed there, in USD by
 * the price that the same row implies.
 */
import {
  amount,
  MalformedAnswer,
  number,
  optionalAmount,
  optionalNumber,
  type Row,
  rows,
  text,
} from '../answer.ts';
import type { Figures } from '../unified/account.ts';

const WHAT = 'balance';

export function figuresIn(info: Row): Figures {
  const [account] = rows(info['data'], WHAT);
  if (account === undefined) throw new MalformedAnswer(`${WHAT} must have an account, was none`);
  const details = rows(account['details'], WHAT);
  return {
    equityUsd: number(account, 'totalEq', WHAT),
    initialMarginUsd: marginUsd(account, details, 'imr'),
    maintenanceMarginUsd: marginUsd(account, details, 'mmr'),
    coins: details.map((coin) => ({
      coin: text(coin, 'ccy', WHAT),
      wallet: amount(coin, 'cashBal', WHAT),
      // Empty in the simple mode.
      free: optionalAmount(coin, 'availEq', WHAT) ?? amount(coin, 'availBal', WHAT),
    })),
  };
}

function marginUsd(account: Row, details: readonly Row[], field: 'imr' | 'mmr'): number {
  const stated = optionalNumber(account, field, WHAT);
  if (stated !== null) return stated;
  return details.reduce((sum, coin) => sum + coinMarginUsd(coin, field), 0);
}

function coinMarginUsd(coin: Row, field: string): number {
  const margin = optionalNumber(coin, field, WHAT) ?? 0;
  if (margin === 0) return 0;
  const price = number(coin, 'eqUsd', WHAT) / number(coin, 'eq', WHAT);
  if (!(price > 0))
    throw new MalformedAnswer(`${WHAT}: a coin's price must be above 0, was ${price}`);
  return margin * price;
}
