/**
 * What the account holds in its two wallets, USD-M futures and spot.
 *
 * Maintenance is held against the futures wallet alone, so its balance is stated as the margin balance; the spot wallet
 * counts for equity, dollars at one and other coins at their USDT price. A coin without such a market counts for nothing.
 */
import { add, compare, type DecimalText, zero } from '../../../domain/decimal.ts';
import type { CoinBalance } from '../../../domain/venue.ts';
import { amount, number, optionalText, type Row, row, rows, text } from '../answer.ts';
import { callImplicit } from '../ccxtClient.ts';
import type { Session } from '../session.ts';
import type { Figures } from '../unified/account.ts';

const DOLLAR_COINS = new Set(['USDT', 'USDC', 'FDUSD', 'USDE', 'BFUSD', 'TUSD', 'USD1']);

/** `fapi/v3/account`. */
export function futuresFigures(info: Row): Figures {
  const what = 'balance';
  return {
    equityUsd: number(info, 'totalMarginBalance', what),
    initialMarginUsd: number(info, 'totalInitialMargin', what),
    maintenanceMarginUsd: number(info, 'totalMaintMargin', what),
    coins: rows(info['assets'], what).map((asset) => ({
      coin: text(asset, 'asset', what),
      wallet: amount(asset, 'walletBalance', what),
      free: amount(asset, 'availableBalance', what),
    })),
  };
}

export async function readSpotCoins(session: Session): Promise<readonly CoinBalance[]> {
  const what = 'spot balance';
  const answer = await session.read(what, () =>
    callImplicit(session.client, 'privateGetAccount', { omitZeroBalances: 'true' }),
  );
  return rows(row(answer, what)['balances'], what)
    .map((balance) => {
      const free = amount(balance, 'free', what);
      const wallet = add(free, amount(balance, 'locked', what));
      return { coin: text(balance, 'asset', what), wallet, free };
    })
    .filter(({ wallet }) => compare(wallet, 0) > 0);
}

/** Coins of both wallets; what is free in one cannot be used in the other before it is transferred. */
export function together(
  futures: readonly CoinBalance[],
  spot: readonly CoinBalance[],
): readonly CoinBalance[] {
  const sums = new Map<string, { readonly wallet: DecimalText; readonly free: DecimalText }>();
  for (const { coin, wallet, free } of [...futures, ...spot]) {
    const before = sums.get(coin) ?? { wallet: zero, free: zero };
    sums.set(coin, { wallet: add(before.wallet, wallet), free: add(before.free, free) });
  }
  return [...sums].map(([coin, sum]) => ({ coin, ...sum }));
}

export async function spotValueUsd(
  session: Session,
  coins: readonly CoinBalance[],
): Promise<number> {
  const priced = coins.filter(
    ({ coin }) => !DOLLAR_COINS.has(coin) && session.client.markets?.[`${coin}/USDT`] !== undefined,
  );
  const prices =
    priced.length === 0 ? new Map<string, number>() : await readPrices(session, priced);
  return coins.reduce((sum, { coin, wallet }) => {
    const price = DOLLAR_COINS.has(coin) ? 1 : (prices.get(`${coin}USDT`) ?? 0);
    return sum + Number(wallet) * price;
  }, 0);
}

async function readPrices(
  session: Session,
  coins: readonly CoinBalance[],
): Promise<ReadonlyMap<string, number>> {
  const what = 'spot prices';
  const symbols = JSON.stringify(coins.map(({ coin }) => `${coin}USDT`));
  const ask = () => callImplicit(session.client, 'publicGetTickerPrice', { symbols });
  const answer = rows(await session.read(what, ask, 1, 'market'), what);
  return new Map(
    answer.map((each) => [optionalText(each, 'symbol') ?? '', number(each, 'price', what)]),
  );
}
