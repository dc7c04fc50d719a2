/**
 * What a rebalance cost is said after it: by instrument and in all, equal to what the booked fills cost against the decision.
 *
 * Method: the line in the world in memory; the total is added up
 * here from the venue’s own fills. Tried, and seen to fail: leaving earn orders in, and counting each fill for every attempt.
 */
import { expect, test } from 'vitest';
import { toNumber } from '../../src/domain/decimal.ts';
import { measureShortfall } from '../../src/rebalance/measureShortfall.ts';
import { rebalance } from '../../src/rebalance/rebalance.ts';
import { slotOf } from '../../src/rebalance/slot.ts';
import { startMs } from '../simulation/world.ts';
import { eventsNamed, openedWorld, policy } from './given.ts';

const slot = slotOf(policy.portfolio, 'schedule', startMs);

test('the whole is what the fills cost against the decision, and what is told is the whole', async () => {
  const { world, ports } = openedWorld();
  const result = await rebalance(ports, policy, slot, 'v1');
  if (result.kind !== 'ended') throw new Error('it ended');
  const { whole, byInstrument, unmeasured } = await measureShortfall(ports, result.record);
  const { unit } = result.record.snapshot;
  if (unit.kind === 'unknown') throw new Error('the unit is known');
  const records = await ports.orders.ofRebalance(result.record.rebalanceId);
  const paid = world.venue.fills
    .map((fill) => {
      const order = records.find((one) => one.clientOrderId === fill.clientOrderId);
      if (order === undefined || order.timeInForce === 'none') return 0;
      const side = fill.side === 'buy' ? 1 : -1;
      const move = side * (toNumber(fill.price) - order.decisionPrice);
      const usd = (coin: string): number => unit.usdByCoin[coin] ?? Number.NaN;
      return (
        move * toNumber(fill.quantityBase) * usd('USDT') + toNumber(fill.fee) * usd(fill.feeCoin)
      );
    })
    .reduce((sum, one) => sum + one, 0);
  expect(unmeasured).toBe(0);
  expect(byInstrument.size).toBeGreaterThan(1);
  expect(whole.notionalUsd).toBeGreaterThan(1_000);
  expect(whole.totalUsd).toBeCloseTo(paid, 6);
  const [told] = eventsNamed(world, 'shortfall');
  expect(told).toMatchObject({ totalUsd: Math.round(paid * 100) / 100, unmeasured: 0 });
  expect(eventsNamed(world, 'orderShortfall')).toHaveLength(byInstrument.size);
});

test('nothing filled, nothing told', async () => {
  const { world, ports } = openedWorld();
  world.rows.halt = 'by hand';
  await rebalance(ports, policy, slot, 'v1');
  expect(eventsNamed(world, 'shortfall')).toEqual([]);
});
