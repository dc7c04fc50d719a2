/**
 * Goal: withdrawals halted at one of two venues: what stands there is closed at once and not at the next slot, a person is told what
 * to take away, nothing is added there, and the other goes on.
 * Method: the whole daemon on a virtual clock against two simulated exchanges over one market.
 */
import { expect, test } from 'vitest';
import { twoVenues } from './books.ts';
import { hourMs, startMs } from './stage.ts';
import { tell } from './story.ts';
import { grossUsd } from './verdict.ts';

let before = { alpha: 0, beta: 0 };
let soonAfter = 0;
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
    // The next slot is five hours off.
    await playTo(3 * hourMs, hourMs);
    soonAfter = grossUsd(stage, 'alpha');
    await playTo(18 * hourMs, hourMs);
  },
);

test('it is closed by the watch, not by the slot, and what lies there is named for a person', () => {
  const { stage } = told();
  expect(soonAfter).toBeLessThan(0.02 * before.alpha);
  expect(stage.events.find(({ event }) => event === 'leaving')).toMatchObject({
    exits: ['alpha'],
  });
  const withdraw = stage.events.filter(({ event }) => event === 'withdraw');
  expect(withdraw.length).toBeGreaterThan(1);
  for (const told of withdraw) {
    expect(told['venue']).toBe('alpha');
    expect(told['instruction']).toMatch(
      /by hand, the keys cannot, once positions are closed: .*USDT/,
    );
  }
});

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
