/**
 * Goal: auto-deleveraging takes half of a carry's hedge: the pair is whole again, or closed, by its repair deadline.
 * Method: the whole daemon on a virtual clock against the simulator; spot and short of the journal against each other.
 */
import { expect, test } from 'vitest';
import { mixed } from './books.ts';
import { hourMs, minuteMs, startMs } from './stage.ts';
import { tell } from './story.ts';
import { unhedgedUsd } from './verdict.ts';

const takenMs = 1.5 * hourMs;
let before = 0;
let taken = 0;
let mended = 0;
const told = tell(
  { balances: { alpha: { USDT: '100000' } }, config: mixed, fundingRate: 0.0003 },
  async ({ stage, playTo }) => {
    await playTo(takenMs, hourMs);
    before = unhedgedUsd(stage, 'alpha', 'ETH');
    stage
      .venue('alpha')
      .inject({ kind: 'autoDeleveraging', symbol: 'ETHUSDT', side: 'short', share: 0.5 });
    taken = unhedgedUsd(stage, 'alpha', 'ETH');
    // the guard's next look, and twice the time that a repair has
    await playTo(takenMs + 4 * minuteMs);
    mended = unhedgedUsd(stage, 'alpha', 'ETH');
    await playTo(10 * hourMs, hourMs);
  },
);

test('half of the hedge was gone, and the pair was mended by its deadline', () => {
  const { stage } = told();
  const { unhedgedUsdMax } = stage.policy.execution;
  expect(before).toBeLessThan(100);
  expect(taken).toBeGreaterThan(unhedgedUsdMax);
  expect(mended).toBeLessThan(unhedgedUsdMax);
  expect(unhedgedUsd(stage, 'alpha', 'ETH')).toBeLessThan(unhedgedUsdMax);
});

test('what the venue took is told, and booked as nobody’s order of ours', async () => {
  const { stage } = told();
  expect(stage.events.some(({ event }) => event === 'autoDeleveraged')).toBe(true);
  const transactions = await stage.ports.ledger.transactions('scenario', { sinceMs: startMs });
  const taken = transactions.filter(
    (one) => one.kind === 'fill' && one.clientOrderId === null && one.atMs === startMs + takenMs,
  );
  expect(taken.length).toBeGreaterThan(0);
});
