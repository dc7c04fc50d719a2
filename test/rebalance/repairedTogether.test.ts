/**
 * Several pairs of one decision: each has repairs of its own, and none waits for another's.
 *
 * Method: beside the carry a second pair in a world in memory, on the carry's perpetual or on others; requests fail by symbol.
 */
import { expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import { execute } from '../../src/rebalance/execute.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import {
  attempts,
  btc,
  eth,
  ethSpot,
  leaseOf,
  openedWorld,
  policy,
  recordTrade,
  withVenue,
} from './given.ts';
import { half, long, pair, repairs, short } from './pairsGiven.ts';

const tenth = { quantityBase: decimal('0.1'), notionalUsd: 300, pair: 'other' };
const bought = half({
  ...tenth,
  symbol: btc.symbol,
  decisionPrice: 50_000,
  limitPrice: decimal('50100'),
});
/** Its first half has the slice of the carry's first half, its second half trades the carry's perpetual. */
const onOnePerpetual = [
  { ...bought, stage: 2 },
  half({
    ...tenth,
    symbol: eth.symbol,
    action: 'sell',
    limitPrice: decimal('2994'),
    stage: 2,
    slice: 1,
  }),
];
const elsewhere = [
  half({ ...tenth, symbol: 'USDC/USDT', decisionPrice: 1, limitPrice: decimal('1.01') }),
  { ...bought, action: 'sell' as const, limitPrice: decimal('49900') },
];

/** The perpetual half of the carry never fills; the second pair's once not; spot can be bought and not sold. */
function refusing(ports: Ports, carry: () => 'refused' | 'thrown'): Ports {
  const gateway = ports.venues.get(eth.venue)?.gateway;
  if (gateway === undefined) throw new Error('the venue is there');
  const seen = new Set<string>();
  return withVenue(ports, {
    gateway: {
      send: async (order, record, askedAtMs) => {
        const isFirst = !seen.has(record.symbol);
        seen.add(record.symbol);
        const isRefused =
          record.symbol === eth.symbol ||
          (record.symbol === ethSpot.symbol && !isFirst) ||
          (record.symbol === btc.symbol && isFirst);
        if (!isRefused) return await gateway.send(order, record, askedAtMs);
        if (record.purpose === 'repair' && carry() === 'thrown') throw new Error('killed');
        return { kind: 'rejected', code: '110007', message: 'refused' };
      },
    },
  });
}

test('two pairs on one perpetual take no repair of each other for their own', async () => {
  const { world, ports } = openedWorld();
  world.venue.faults.sends.push('none', 'reject');
  const record = await recordTrade(ports, [...pair, ...onOnePerpetual]);
  await execute(ports, record, await leaseOf(ports));
  expect([long(world), short(world)]).toEqual([2, 2.1]);
  expect(world.venue.positions.get(btc.symbol)?.quantity).toBe(0.1);
  expect(repairs(world)).toHaveLength(1);
});

test('a pair that is refused again and again does not hold up another', async () => {
  const { world, ports } = openedWorld();
  const record = await recordTrade(ports, [...pair, ...elsewhere]);
  const startedMs = world.nowMs;
  await execute(
    refusing(ports, () => 'refused'),
    record,
    await leaseOf(ports),
  );
  expect(long(world)).toBe(2);
  const [mended] = repairs(world).filter((one) => one.symbol === btc.symbol);
  expect(mended).toMatchObject({ state: 'filled', quantityBase: '0.1' });
  expect((mended?.intendedAtMs ?? 0) - startedMs).toBeLessThan(policy.execution.repairMs / 10);
});

test('where one fails, the others are waited for before the failure is told', async () => {
  const { world, ports } = openedWorld();
  const record = await recordTrade(ports, [...pair, ...elsewhere]);
  const failing = refusing(ports, () => 'thrown');
  await expect(execute(failing, record, await leaseOf(ports))).rejects.toThrow('killed');
  const ofOther = attempts(world).filter((one) => one.symbol === btc.symbol);
  expect(ofOther.map((one) => one.state)).toEqual(['rejected', 'filled']);
});
