/**
 * Goal: one venue's prices 5 % off everybody else's: it is restricted within minutes and the other is not, nothing is added there
 * while they are, and nothing is lost to them.
 * Method: the whole daemon on a virtual clock against two simulated exchanges over one market; the dislocation lasts six hours.
 */
import { expect, test } from 'vitest';
import { twoVenues } from './books.ts';
import { hourMs, minuteMs, startMs } from './stage.ts';
import { tell } from './story.ts';
import { increasesBetween, worthUsd } from './verdict.ts';

const offMs = 6.5 * hourMs;
let before = 0;
const told = tell(
  {
    balances: { alpha: { USDT: '60000' }, beta: { USDT: '60000' } },
    config: twoVenues,
    fundingRate: 0.0001,
    // so narrow that 5 % is worth an order
    driftBandShare: 0.02,
  },
  async ({ stage, playTo }) => {
    await playTo(offMs, 2 * hourMs);
    before = worthUsd(stage, 'alpha');
    stage.venue('alpha').inject({
      kind: 'dislocation',
      coins: ['BTC', 'ETH', 'SOL'],
      move: -0.05,
      durationMs: 6 * hourMs,
    });
    await playTo(offMs + 2 * hourMs, 10 * minuteMs);
    await playTo(18 * hourMs, hourMs);
  },
);

test('the venue is restricted within twenty minutes, held so for a day, and the other is not', () => {
  const { forbidden } = told();
  const restricted = forbidden.filter(({ venue, why }) => venue === 'alpha' && why === 'restrict');
  const fromMs = Math.min(...restricted.map((one) => one.fromMs));
  expect(fromMs).toBeGreaterThan(startMs + offMs);
  expect(fromMs).toBeLessThanOrEqual(startMs + offMs + 20 * minuteMs);
  expect(Math.max(...restricted.map((one) => one.toMs))).toBeGreaterThan(startMs + 16 * hourMs);
  expect(forbidden.filter(({ why }) => why === 'exit')).toEqual([]);
  expect(forbidden.filter(({ venue }) => venue === 'beta')).toEqual([]);
});

test('nothing grows at the venue while its prices are its own', () => {
  const { stage } = told();
  const fromMs = startMs + offMs + 20 * minuteMs;
  expect(increasesBetween(stage, 'alpha', fromMs, startMs + offMs + 6 * hourMs)).toEqual([]);
});

test('the account is worth what it was when prices are one again', () => {
  expect(worthUsd(told().stage, 'alpha') / before).toBeGreaterThan(0.93);
});
