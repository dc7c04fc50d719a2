/**
 * Goal: two days of funding at the cap cost what they cost and nothing more: carry that pays is not added to, and every payment is booked.
 * Method: the whole daemon on a virtual clock against the simulator; longs pay the cap, and the short of the carry pays it too.
 */
import { expect, test } from 'vitest';
import { toNumber, zero } from '../../src/domain/decimal.ts';
import { fundingIn, positionsIn, walletsIn } from '../e2e/truth.ts';
import { mixed } from './books.ts';
import { hourMs, type Stage, startMs } from './stage.ts';
import { tell } from './story.ts';
import { fillsBetween } from './verdict.ts';

const spikeMs = 1.5 * hourMs;
/** Coins that are long in the wallet and short in the perpetual. */
const carriedEth = (stage: Stage): number => {
  const journal = stage.venue('alpha').journal();
  const spot = toNumber(walletsIn(journal).get('ETH') ?? zero);
  return Math.min(spot, -toNumber(positionsIn(journal).get('ETHUSDT') ?? zero));
};
const carried = { before: 0, after: 0 };
const told = tell(
  { balances: { alpha: { USDT: '100000' } }, config: mixed, fundingRate: 0.0003 },
  async ({ stage, playTo }) => {
    await playTo(spikeMs, hourMs);
    carried.before = carriedEth(stage);
    const spike = { kind: 'fundingSpike', count: 6 } as const;
    stage.venue('alpha').inject([
      { ...spike, symbol: 'BTCUSDT', rate: 'cap' },
      { ...spike, symbol: 'SOLUSDT', rate: 'cap' },
      { ...spike, symbol: 'ETHUSDT', rate: 'floor' },
    ]);
    await playTo(50 * hourMs, 4 * hourMs);
    carried.after = carriedEth(stage);
  },
);

test('the carry was open before the spike, and is closed by the end', () => {
  expect(carried.before).toBeGreaterThan(0.1);
  expect(carried.after).toBeLessThan(0.01 * carried.before);
});

test('the cap was paid six times by each side that pays it', () => {
  const journal = told().stage.venue('alpha').journal();
  const capped = journal.filter(
    (entry) =>
      entry.kind === 'funding' && [0.00375, 0.02, -0.00375].includes(Number(entry.feeRate)),
  );
  expect(capped.length).toBeGreaterThanOrEqual(12);
  expect(fundingIn(journal).length).toBeGreaterThanOrEqual(capped.length);
});

test('no carry was bought once its gate was shut', async () => {
  const { stage } = told();
  const gates = stage.events.filter(({ event }) => event === 'decided');
  expect(gates.length).toBeGreaterThan(5);
  const shut = await stage.ports.decisions.latest('scenario');
  const carry = shut?.decision.explanation?.legs.find(({ leg }) => leg === 'eth-carry');
  expect(carry?.gateOpen).toBe(false);
  const journal = stage.venue('alpha').journal();
  const bought = fillsBetween(
    journal,
    startMs + spikeMs + 24 * hourMs,
    startMs + 50 * hourMs,
  ).filter((fill) => fill.symbol === 'ETHUSDT' && fill.category === 'spot' && fill.side === 'Buy');
  expect(bought).toEqual([]);
});
