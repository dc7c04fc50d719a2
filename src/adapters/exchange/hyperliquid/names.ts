/** Hyperliquid's names: the wallet that is asked about, and coins for markets. */
import { isRow, optionalText } from '../answer.ts';
import type { Session } from '../session.ts';
import type { Market } from '../unified/market.ts';

export const addressOf = ({ client }: Session): string =>
  (client as unknown as { readonly walletAddress: string }).walletAddress;

export const coinOf = (market: Market): string =>
  optionalText(market.raw, 'baseName') ?? market.base;

/** null for a coin whose market is not loaded. */
export function symbolOfCoin(session: Session, coin: string): string | null {
  const markets = Object.values(session.client.markets ?? {}).filter(isRow);
  const found = markets.find((market) => market['baseName'] === coin && market['swap'] === true);
  return found === undefined ? null : optionalText(found, 'symbol');
}
