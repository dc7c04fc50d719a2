/** What the simulated account is worth, from the venue's own journal and the recorded prices: not what the line thinks. */
import type { Rig } from './rig.ts';
import { openCostIn, positionsIn, stakesIn, walletsIn } from './truth.ts';

/** USD by the recorded indices; perpetuals at the mark less what they cost. */
export function equityNow({ simulator, market }: Rig): number {
  const atMs = simulator.nowMs();
  const journal = simulator.journal();
  const usd = (coin: string): number => market.usdIndex(coin, atMs) ?? Number.NaN;
  let equityUsd = -openCostIn(journal) * usd('USDT');
  for (const [coin, amount] of walletsIn(journal)) equityUsd += Number(amount) * usd(coin);
  for (const [coin, amount] of stakesIn(journal)) equityUsd += Number(amount) * usd(coin);
  for (const [symbol, quantity] of positionsIn(journal)) {
    const mark = market.quote('linear', symbol, atMs)?.mark ?? Number.NaN;
    equityUsd += Number(quantity) * mark * usd('USDT');
  }
  return equityUsd;
}
