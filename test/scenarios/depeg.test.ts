/**
 * Goal: a stablecoin that falls to 0.90 and comes back costs what was lent in it, once; nothing is added to it on the way down.
 * Method: the whole daemon on a virtual clock against the simulator; USDC falls over two hours, stays for four, and comes back over four.
 */
import { expect, test } from 'vitest';
import { toNumber, zero } from '../../src/domain/decimal.ts';
import { stakesIn } from '../e2e/truth.ts';
import { mixed } from './books.ts';
import { hourMs, minuteMs, type Stage, startMs } from './stage.ts';
import { tell } from './story.ts';
import { fillsBetween, worthUsd } from './verdict.ts';

const fallMs = 1.5 * hourMs;
let before = 0;
const lent = { before: 0, low: 0 };
const lentUsdc = (stage: Stage): number =>
  toNumber(stakesIn(stage.venue('alpha').journal()).get('USDC') ?? zero);
const told = tell(
  { balances: { alpha: { USDT: '100000' } }, config: mixed, fundingRate: 0.0003 },
  async ({ stage, playTo }) => {
    await playTo(fallMs, hourMs);
    before = worthUsd(stage, 'alpha');
    lent.before = lentUsdc(stage);
    stage.venue('alpha').inject({
      kind: 'depeg',
      coin: 'USDC',
      move: -0.1,
      overMs: 2 * hourMs,
      durationMs: 4 * hourMs,
      backMs: 4 * hourMs,
    });
    await playTo(8 * hourMs, 10 * minuteMs);
    lent.low = lentUsdc(stage);
    await playTo(18 * hourMs, hourMs);
  },
);

test('what was lent in it is taken back while it is off its peg', () => {
  expect(lent.before).toBeGreaterThan(1000);
  expect(lent.low).toBeLessThan(0.01 * lent.before);
});

test('no dollars go into the coin while it is off its peg', () => {
  const journal = told().stage.venue('alpha').journal();
  // from one cent off on the way down to one cent off on the way back
  const [fromMs, toMs] = [startMs + fallMs + 12 * minuteMs, startMs + fallMs + 9.6 * hourMs];
  const bought = fillsBetween(journal, fromMs, toMs).filter(
    (fill) => fill.symbol === 'USDCUSDT' && fill.side === 'Buy',
  );
  const staked = journal.filter(
    (entry) =>
      entry.kind === 'earnOrder' &&
      entry.order.orderType === 'Stake' &&
      entry.atMs > fromMs &&
      entry.atMs <= toMs,
  );
  expect([bought, staked]).toEqual([[], []]);
});

test('the account is worth about what it was when the coin is back', () => {
  expect(worthUsd(told().stage, 'alpha') / before).toBeGreaterThan(0.9);
});
