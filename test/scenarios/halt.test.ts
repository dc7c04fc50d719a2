/**
 * Goal: withdrawals halted at one of two venues: what stands there is closed, nothing is added there, and the other goes on.
 * Method: the whole daemon on a virtual clock against two simulated exchanges over one market.
 */
import { expect, test } from 'vitest';
import { twoVenues } from './books.ts';
import { hourMs, startMs } from './stage.ts';
import { tell } from './story.ts';
import { grossUsd } from './verdict.ts';

let before = { alpha: 0, beta: 0 };
const told = tell(
  {
    balances: { alpha: { USDT: '60000' }, beta: { USDT: '60000' } },
    config: twoVenues,
    fundingRate: 0.0001,
  },
  async ({ stage, playTo }) => {
    await playTo(1.5 * hourMs, hourMs);
    before = { alpha: grossUsd(stage, 'alpha'), beta: grossUsd(stage, 'beta') };
    stage.venue('alpha').inject({ kind: 'withdrawalHalt', coins: ['USDT', 'USDC', 'BTC'] });
    await playTo(18 * hourMs, hourMs);
  },
);

test('the venue is left and the other is not', () => {
  const { stage, forbidden } = told();
  expect(before.alpha).toBeGreaterThan(1000);
  expect(before.beta).toBeGreaterThan(1000);
  const exit = forbidden.filter(({ venue, why }) => venue === 'alpha' && why === 'exit');
  expect(exit.length).toBeGreaterThan(0);
  expect(Math.min(...exit.map(({ fromMs }) => fromMs))).toBeLessThan(startMs + 3 * hourMs);
  expect(forbidden.filter(({ venue }) => venue === 'beta')).toEqual([]);
  expect(grossUsd(stage, 'alpha')).toBeLessThan(0.02 * before.alpha);
  expect(grossUsd(stage, 'beta')).toBeGreaterThan(0.2 * before.beta);
});
