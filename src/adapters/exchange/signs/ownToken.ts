/** The move of a venue's own token over a day, and bitcoin's, by the venue's own tickers; only where it lists its token. */
import type { OwnTokenMove } from '../../../signals/solvency/figures.ts';
import { number, row } from '../answer.ts';
import type { Session } from '../session.ts';
import { listedMarket } from './listed.ts';

/** Tokens that an exchange issued or that stand for it. */
const tokens: Readonly<Record<string, string>> = {
  aster: 'ASTER',
  binance: 'BNB',
  binanceusdm: 'BNB',
  bitfinex: 'LEO',
  bitget: 'BGB',
  bybit: 'MNT',
  cryptocom: 'CRO',
  dydx: 'DYDX',
  gate: 'GT',
  htx: 'HTX',
  hyperliquid: 'HYPE',
  kucoin: 'KCS',
  kucoinfutures: 'KCS',
  mexc: 'MX',
  myokx: 'OKB',
  okx: 'OKB',
  whitebit: 'WBT',
  woo: 'WOO',
};

/** null: the exchange has no token, or does not list it. Call it once the markets are loaded. */
export function ownTokenMove(session: Session): (() => Promise<OwnTokenMove>) | null {
  const token = tokens[session.exchange];
  const symbol = token === undefined ? null : listedMarket(session, token);
  const bitcoin = listedMarket(session, 'BTC');
  if (token === undefined || symbol === null || bitcoin === null) return null;
  return async () => {
    const [tokenMove, bitcoinMove] = await Promise.all([
      dayMove(session, symbol),
      dayMove(session, bitcoin),
    ]);
    return { token, tokenMove, bitcoinMove };
  };
}

async function dayMove(session: Session, symbol: string): Promise<number> {
  const what = `ticker of ${symbol}`;
  const answer = await session.read(what, () => session.client.fetchTicker(symbol), 1, 'market');
  return number(row(answer, what), 'percentage', what) / 100;
}
