/**
 * Goal: a pair that lost a half gets it back where new risk is allowed and would stand its stress; else the other half goes.
 * Method: one broken pair under each reason that forbids new risk, and beside a long leg in the same perpetual.
 */
import { describe, expect, test } from 'vitest';
import type { Policy } from '../../src/domain/policy.ts';
import { carryLeg } from '../rebalance/legsGiven.ts';
import type { Scene } from '../rebalance/snapshotWorld.ts';
import { act, brief, btc, ethLong, sceneOf } from './guardOrdersGiven.ts';

describe('a pair that lost a half', () => {
  const broken = { 'eth-carry': { 'ETH/USDT': '10', 'ETH/USDT:USDT': '-4' } };

  test('gets it back where new risk is allowed', () => {
    const { orders, actions } = act(sceneOf([carryLeg], broken), 'calm');
    expect(brief(orders)).toEqual(['sell 6 ETH/USDT:USDT']);
    expect(orders[0]?.reduceOnly).toBe(false);
    expect(actions).toMatchObject([{ kind: 'completeHedge', detail: { unhedgedUsd: 15_000 } }]);
  });

  const forbidden: readonly (readonly [string, Scene, Partial<Policy['limits']>])[] = [
    ['halted', { snapshot: { halt: { halted: true, reason: 'a person' } } }, {}],
    ['on the restricted list', {}, { restricted: ['ETH'] }],
    [
      'at a venue that weakens',
      { venue: (seen) => ({ ...seen, health: { ...seen.health, state: 'restrict' } }) },
      {},
    ],
  ];
  test.each(forbidden)('gives up the other half where it is %s', (_, change, limits) => {
    const { policy, snapshot } = sceneOf([carryLeg], broken);
    const scene = { ...snapshot, ...change.snapshot };
    const venues = scene.venues.map((seen) => change.venue?.(seen) ?? seen);
    const changed = { ...policy, limits: { ...policy.limits, ...limits } };
    const { orders, actions } = act({ policy: changed, snapshot: { ...scene, venues } }, 'calm');
    expect(brief(orders)).toEqual(['sell 6 ETH/USDT']);
    expect(actions).toMatchObject([{ kind: 'unwindHedge' }]);
  });

  test('gives up the other half where the account would not stand its stress with the hedge back', () => {
    const scene = sceneOf([carryLeg, btc], {
      ...broken,
      btc: { 'BTC/USDT:USDT': '8' },
    });
    expect(act(scene, 'noIncrease').actions).toMatchObject([{ kind: 'unwindHedge' }]);
  });

  test('a little uneven, as fees in coins make it, is no loss', () => {
    const even = { 'eth-carry': { 'ETH/USDT': '9.9', 'ETH/USDT:USDT': '-10' } };
    expect(act(sceneOf([carryLeg], even), 'calm').orders).toEqual([]);
  });

  test('a long leg beside it in the same perpetual hides nothing, and keeps what is its own', () => {
    const scene = sceneOf([carryLeg, ethLong], { ...broken, eth: { 'ETH/USDT:USDT': '20' } });
    const { orders, targets } = act(scene, 'calm');
    expect(brief(orders)).toEqual(['sell 6 ETH/USDT:USDT']);
    const perpetual = targets.find((one) => one.instrument.endsWith(':USDT'));
    expect(perpetual?.parts).toEqual([
      { leg: 'eth-carry', targetBase: -10 },
      { leg: 'eth', targetBase: 20 },
    ]);
  });
});
