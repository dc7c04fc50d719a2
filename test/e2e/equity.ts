/** What the simulated account is worth, from the venue's own journal and the recorded prices: not what the line thinks. */
import { usdPerTether } from '../../src/domain/bookUnit.ts';
import type { Rig } from './rig.ts';
import { openCostIn, positionsIn, stakesIn, walletsIn } from './truth.ts';

/** USD of the book's unit per coin at a time: USDT by the unit, other coins by their spot against USDT. */
export function unitUsd({ market, policy }: Rig, coin: string, atMs: number): number {
  const mark = (of: string): number => market.quote('spot', `${of}USDT`, atMs)?.mark ?? Number.NaN;
  const tether = usdPerTether(policy.bookUnit, [mark('USDC')]) ?? Number.NaN;
  return coin === 'USDT' ? tether : mark(coin) * tether;
}

/** Coins at their spot, perpetuals at the mark less what they cost. */
export function equityNow(rig: Rig): number {
  const { simulator, market } = rig;
  const atMs = simulator.nowMs();
  const journal = simulator.journal();
  const usd = (coin: string): number => unitUsd(rig, coin, atMs);
  let equityUsd = -openCostIn(journal) * usd('USDT');
  for (const [coin, amount] of walletsIn(journal)) equityUsd += Number(amount) * usd(coin);
  for (const [coin, amount] of stakesIn(journal)) equityUsd += Number(amount) * usd(coin);
  for (const [symbol, quantity] of positionsIn(journal)) {
    const mark = market.quote('linear', symbol, atMs)?.mark ?? Number.NaN;
    equityUsd += Number(quantity) * mark * usd('USDT');
  }
  return equityUsd;
}
