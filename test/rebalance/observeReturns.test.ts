/**
 * Returns of the legs out of the stored history: the grid, the unit, and what is missing.
 *
 * Method: histories of a few bars whose returns are computed by hand.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { legId, venueId } from '../../src/domain/ids.ts';
import type { Leg } from '../../src/domain/leg.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { observeReturns } from '../../src/rebalance/observeReturns.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import {
  createWorld,
  startMs,
  startProcess,
  policy as template,
  type World,
} from '../simulation/world.ts';

const hourMs = 3_600_000;
const yearMs = 365 * 24 * hourMs;
const base = { venue: venueId('alpha'), group: null, budget: null };
const btc: Leg = {
  ...base,
  id: legId('btc'),
  kind: 'perpetual',
  symbol: 'BTC/USDT:USDT',
  direction: 'long',
};
const carry: Leg = {
  ...base,
  id: legId('carry'),
  kind: 'carry',
  spot: 'ETH/USDT',
  perpetual: 'ETH/USDT:USDT',
};
const lending: Leg = { ...base, id: legId('lent'), kind: 'lending', coin: 'USDC' };
const policyWith = (legs: readonly Leg[], bookUnit: Policy['bookUnit'] = 'usdt'): Policy => ({
  ...template,
  bookUnit,
  legs,
  risk: { ...template.risk, barMs: hourMs, lookbackBars: 3 },
});

let world: World;
let ports: Ports;
beforeEach(() => {
  world = createWorld();
  world.rows.bars.clear();
  ports = startProcess(world, 1);
});

/** Closes of the four bars whose last ends at the start; null: no such bar. */
function closes(symbol: string, kind: 'mark' | 'last', values: readonly (number | null)[]): void {
  world.rows.bars.set(
    `alpha|${symbol} ${kind}`,
    values.flatMap((close, k) =>
      close === null ? [] : [{ openMs: startMs + (k - values.length) * hourMs, close }],
    ),
  );
}
const flat = [1, 1, 1, 1];

/** Equal to twelve digits, bar by bar; null only where null is expected. */
function expectReturns(found: readonly (number | null)[] | undefined, expected: typeof found) {
  expect(found?.map((value) => value === null)).toEqual(expected?.map((value) => value === null));
  expected?.forEach((value, bar) => {
    if (value !== null) expect(found?.[bar]).toBeCloseTo(value, 12);
  });
}

describe('observeReturns', () => {
  test('T bars are the moves between T + 1 closes, oldest first', async () => {
    closes('BTC/USDT:USDT', 'mark', [100, 110, 99, 99]);
    const [returns] = await observeReturns(ports, policyWith([btc]), startMs);
    expectReturns(returns, [0.1, -0.1, 0]);
  });

  test('a missing bar takes both moves that it borders on, and nothing is carried over it', async () => {
    closes('BTC/USDT:USDT', 'mark', [100, null, 121, 133.1]);
    const [returns] = await observeReturns(ports, policyWith([btc]), startMs);
    expectReturns(returns, [null, null, 0.1]);
  });

  test('a leg without any history is null throughout, not zero', async () => {
    const [returns] = await observeReturns(ports, policyWith([btc]), startMs);
    expect(returns).toEqual([null, null, null]);
  });

  test('funding at a bar’s end is paid by who held through the bar', async () => {
    closes('BTC/USDT:USDT', 'mark', [100, 100, 100, 100]);
    world.rows.funding.set('alpha|BTC/USDT:USDT', [
      { atMs: startMs - 3 * hourMs, rate: 0.5 },
      { atMs: startMs - 2 * hourMs, rate: 0.001 },
      { atMs: startMs, rate: 0.002 },
    ]);
    const [returns] = await observeReturns(ports, policyWith([btc]), startMs);
    // The first one falls on the beginning of the grid: it belongs to the bar before.
    expectReturns(returns, [-0.001, 0, -0.002]);
  });

  test('a carry leg earns the funding and the basis, not the market', async () => {
    closes('ETH/USDT', 'last', [100, 110, 110, 121]);
    closes('ETH/USDT:USDT', 'mark', [100, 110, 111.1, 121]);
    world.rows.funding.set('alpha|ETH/USDT:USDT', [{ atMs: startMs - 2 * hourMs, rate: 0.001 }]);
    const [returns] = await observeReturns(ports, policyWith([carry]), startMs);
    expectReturns(returns, [0.001 * 1.1, -0.01, 0.1 - (121 / 111.1 - 1)]);
  });

  test('under the median the unit moves against the tether, and a bar without it is unknown', async () => {
    closes('BTC/USDT:USDT', 'mark', [100, 100, 110, 110]);
    closes('USDC/USDT', 'last', [1, 1, 1.02, null]);
    const policy = policyWith([btc], 'stablecoin-median');
    const [returns] = await observeReturns(ports, policy, startMs);
    // No principal lies in the coin: only the gain of a tenth is worth 1 ÷ 1.01 of itself.
    expectReturns(returns, [0, 0.1 / 1.01, null]);
  });

  test('the unit needs a venue’s USDC: without any, nothing is known', async () => {
    closes('BTC/USDT:USDT', 'mark', [100, 100, 110, 110]);
    const policy = policyWith([btc], 'stablecoin-median');
    expect(await observeReturns(ports, policy, startMs)).toEqual([[null, null, null]]);
  });

  test('a lent coin accrues the rate in force, and moves against the unit', async () => {
    closes('USDC/USDT', 'last', [1, 0.99, 0.99, 0.99]);
    const rated: Ports = {
      ...ports,
      history: {
        ...ports.history,
        yields: async () => [
          { atMs: startMs - 2.5 * hourMs, yieldAnnual: 0.04 },
          { atMs: startMs - 0.5 * hourMs, yieldAnnual: 0.08 },
        ],
      },
    };
    const [returns] = await observeReturns(rated, policyWith([lending]), startMs);
    const at = (rate: number) => (rate * hourMs) / yearMs;
    expectReturns(returns, [(1 + at(0.04)) * 0.99 - 1, at(0.04), at(0.08)]);
  });

  test('a rate that nobody has recorded leaves the leg unknown', async () => {
    closes('USDC/USDT', 'last', flat);
    const unrated: Ports = { ...ports, history: { ...ports.history, yields: async () => [] } };
    const [returns] = await observeReturns(unrated, policyWith([lending]), startMs);
    expect(returns).toEqual([null, null, null]);
  });

  test('legs keep the universe’s order', async () => {
    closes('BTC/USDT:USDT', 'mark', [100, 110, 110, 110]);
    closes('ETH/USDT', 'last', [100, 100, 100, 100]);
    closes('ETH/USDT:USDT', 'mark', [100, 100, 100, 100]);
    const forward = await observeReturns(ports, policyWith([btc, carry]), startMs);
    const backward = await observeReturns(ports, policyWith([carry, btc]), startMs);
    expect(backward).toEqual([...forward].reverse());
    expect(forward[0]?.[0]).toBeCloseTo(0.1, 12);
  });
});
