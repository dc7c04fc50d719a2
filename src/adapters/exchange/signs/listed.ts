/** The market of a coin that a venue has, whichever stablecoin it trades in: perpetuals first, they have depth and funding. */
import { isRow } from '../answer.ts';
import type { Session } from '../session.ts';

const perpetuals = (coin: string): readonly string[] => [`${coin}/USDT:USDT`, `${coin}/USDC:USDC`];
const spots = (coin: string): readonly string[] => [`${coin}/USDT`, `${coin}/USDC`];

/** null: it has none. Call it once the markets are loaded. */
export const listedMarket = (session: Session, coin: string): string | null =>
  [...perpetuals(coin), ...spots(coin)].find((symbol) => isListed(session, symbol)) ?? null;

/** What one stablecoin is worth in the other. */
export const rateMarket = (session: Session, coin: string): string | null =>
  [`${coin}/USDT`].find((symbol) => isListed(session, symbol)) ?? null;

function isListed({ client }: Session, symbol: string): boolean {
  const market = client.markets?.[symbol];
  return isRow(market) && market['active'] !== false;
}
