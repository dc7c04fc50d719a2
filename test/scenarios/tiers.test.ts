/**
 * Goal: tiers tightened overnight bring the book under the new rules before the market can.
 * Method: the whole daemon on a virtual clock against the simulator; twenty times the rates at a gross leverage of three, then a fall.
 */
import { expect, test } from 'vitest';
import { leveraged } from './books.ts';
import { hourMs } from './stage.ts';
import { tell } from './story.ts';
import { grossUsd, worthUsd } from './verdict.ts';

const ratio = () => grossUsd(told().stage, 'alpha') / worthUsd(told().stage, 'alpha');
let before = 0;
let after = 0;
const told = tell(
  { balances: { alpha: { USDT: '100000' } }, config: leveraged },
  async ({ stage, playTo }) => {
    await playTo(1.5 * hourMs, hourMs);
    before = ratio();
    for (const symbol of ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'])
      stage.venue('alpha').inject({ kind: 'tiersChanged', symbol, rateRatio: 20, capRatio: 0.2 });
    await playTo(10 * hourMs, 30 * 60_000);
    after = ratio();
    for (const coin of ['BTC', 'ETH', 'SOL'])
      stage.venue('alpha').inject({ kind: 'priceShock', coin, move: -0.15, overMs: hourMs });
    await playTo(12 * hourMs);
  },
);

test('the book shrank under the new rules before the fall', () => {
  expect(before).toBeGreaterThan(2.5);
  expect(after).toBeLessThan(0.95 * before);
  expect(after).toBeGreaterThan(0);
});
