/**
 * Goal: half a pair whose time for repairs is over is mended by the next who comes, unless a newer decision has traded since.
 * Method: a carry pair in a world in memory whose venue refuses every repair until the time is over.
 *
 * Tried, and seen to fail: an open newer decision waited for past its deadline; not waited for before it, nor where it has begun
 * the instrument, or the other half of its pair there.
 */
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import { readClientOrderId } from '../../src/domain/ids.ts';
import type { OrderRecord, PlannedOrder } from '../../src/domain/order.ts';
import { execute } from '../../src/rebalance/execute.ts';
import type { DecisionRecord } from '../../src/rebalance/ports/stores.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { rebalance } from '../../src/rebalance/rebalance.ts';
import { slotOf } from '../../src/rebalance/slot.ts';
import type { World } from '../simulation/world.ts';
import {
  attempts,
  btc,
  eth,
  leaseOf,
  openedWorld,
  planned,
  policy,
  recordTrade,
  symbolNamed,
} from './given.ts';
import { long, pair, short, wants } from './pairsGiven.ts';

describe('repairPairs', () => {
  describe('whose time for repairs is over', () => {
    async function outOfTime() {
      const { world, ports } = openedWorld();
      const refused = Array.from({ length: 99 }, () => 'reject' as const);
      world.venue.faults.sends.push('none', ...refused);
      const record = await recordTrade(ports, pair, wants);
      await execute(ports, record, await leaseOf(ports));
      world.venue.faults.sends.length = 0;
      world.rows.lease = null;
      return { world, ports, record };
    }

    test('is left open, and the next run mends it by one order', async () => {
      const { world, ports, record } = await outOfTime();
      expect(await ports.decisions.unfinished(policy.portfolio)).toHaveLength(1);
      const before = world.venue.requests.length;
      await execute(ports, record, await leaseOf(ports));
      expect(world.venue.requests).toHaveLength(before + 1);
      expect(long(world)).toBe(short(world));
      expect(await ports.decisions.unfinished(policy.portfolio)).toEqual([]);
    });

    const newer = async (ports: Ports, change: Partial<PlannedOrder>) =>
      await recordTrade(ports, [planned({ quantityBase: decimal('1'), ...change })]);
    const ofPair = {
      symbol: eth.symbol,
      limitPrice: decimal('3006'),
      decisionPrice: 3_000,
      notionalUsd: 3_000,
    };

    test.each([
      [
        'has traded',
        async (ports: Ports, record: DecisionRecord) =>
          void (await execute(ports, record, await leaseOf(ports))),
      ],
      [
        'has traded, and another has stood since',
        async (ports: Ports, record: DecisionRecord, world: World) => {
          await execute(ports, record, await leaseOf(ports));
          world.nowMs += 60_000;
          world.rows.lease = null;
          world.rows.halt = 'by hand';
          await rebalance(ports, policy, slotOf(policy.portfolio, 'schedule', world.nowMs), 'v');
          world.rows.halt = null;
        },
      ],
    ])('is not mended where a newer decision on it %s', async (_, happens) => {
      const { world, ports, record } = await outOfTime();
      world.nowMs += 60_000;
      // The stood one settles what it finds: this one's rest is kept from it, as by a venue that gives no answer.
      world.rows.outcomes.set(record.rebalanceId, 'partial');
      await happens(ports, await newer(ports, ofPair), world);
      world.rows.outcomes.delete(record.rebalanceId);
      world.rows.lease = null;
      const before = world.venue.requests.length;
      await execute(ports, record, await leaseOf(ports));
      expect(world.venue.requests).toHaveLength(before);
      const open = await ports.decisions.unfinished(policy.portfolio);
      expect(open.map((one) => one.rebalanceId)).not.toContain(record.rebalanceId);
    });

    test('waits where a newer decision on it is open, and is mended when that has ended without a trade', async () => {
      const { world, ports, record } = await outOfTime();
      world.nowMs += 60_000;
      const other = await newer(ports, ofPair);
      const openIds = async () =>
        (await ports.decisions.unfinished(policy.portfolio)).map((one) => one.rebalanceId);
      const before = world.venue.requests.length;
      await execute(ports, record, await leaseOf(ports));
      expect(world.venue.requests).toHaveLength(before);
      expect(await openIds()).toContain(record.rebalanceId);
      // Killed before its first request, and found when its time is over, under a halt at that.
      world.nowMs += policy.execution.deadlineMs;
      world.rows.halt = 'by hand';
      world.rows.lease = null;
      await execute(ports, other, await leaseOf(ports));
      world.rows.lease = null;
      await execute(ports, record, await leaseOf(ports));
      expect(long(world)).toBe(short(world));
      expect(await openIds()).toEqual([]);
    });

    test.each([
      ['whose deadline is over and that has sent nothing there is followed only', true, 'mended'],
      ['that still has time may trade there', false, 'waits'],
    ])('a newer decision %s', async (_, isOver, then) => {
      const { world, ports, record } = await outOfTime();
      world.nowMs += 60_000;
      const other = await newer(ports, ofPair);
      if (isOver) world.nowMs = other.decision.deadlineMs;
      else world.nowMs = other.decision.deadlineMs - 1;
      await execute(ports, record, await leaseOf(ports));
      const open = await ports.decisions.unfinished(policy.portfolio);
      expect(open.map((one) => one.rebalanceId)).toContain(other.rebalanceId);
      expect(long(world) === short(world)).toBe(then === 'mended');
      expect(open.some((one) => one.rebalanceId === record.rebalanceId)).toBe(then === 'waits');
    });

    /** A newer decision past its deadline that is open, with one order of it, as it is recorded. */
    async function besideBegun(begun: string, pair: string | null, ended: Partial<OrderRecord>) {
      const { world, ports, record } = await outOfTime();
      world.nowMs += 60_000;
      const other = await recordTrade(ports, [
        planned({ ...ofPair, quantityBase: decimal('1'), pair }),
        planned({ pair }),
      ]);
      world.nowMs = other.decision.deadlineMs;
      const [row] = attempts(world);
      if (row === undefined) throw new Error('an order is recorded');
      world.rows.orders.set(readClientOrderId('f'.repeat(32)), {
        ...row,
        clientOrderId: readClientOrderId('f'.repeat(32)),
        rebalanceId: other.rebalanceId,
        instrument: symbolNamed(begun).id,
        symbol: begun,
        intendedAtMs: other.decision.decidedAtMs,
        ...ended,
      });
      const before = world.venue.requests.length;
      await execute(ports, record, await leaseOf(ports));
      return { world, ports, record, sent: world.venue.requests.length - before };
    }

    test.each([
      ['the same instrument', ofPair.symbol, null, { state: 'unknown' }],
      ['its pair’s other one', btc.symbol, 'carry:0', { filledBase: decimal('0.1') }],
    ] as const)('waits where a newer one past its deadline has begun %s', async (...given) => {
      const [, begun, pair, ended] = given;
      const row = { state: 'cancelled', filledBase: decimal('0'), ...ended } as const;
      const { ports, record, sent } = await besideBegun(begun, pair, row);
      expect(sent).toBe(0);
      const open = await ports.decisions.unfinished(policy.portfolio);
      expect(open.map((one) => one.rebalanceId)).toContain(record.rebalanceId);
    });

    test('does not wait where what a newer one had begun ended without a fill', async () => {
      const missed = { state: 'cancelled', filledBase: decimal('0') } as const;
      const { world } = await besideBegun(btc.symbol, 'carry:0', missed);
      expect(long(world)).toBe(short(world));
    });

    test.each([
      ['was refused everything', ofPair, ['reject'] as const],
      ['traded another instrument', { notionalUsd: 5_000, quantityBase: decimal('0.1') }, []],
    ])('is mended where a newer decision %s', async (_, change, faults) => {
      const { world, ports, record } = await outOfTime();
      world.nowMs += 60_000;
      world.venue.faults.sends.push(...faults);
      await execute(ports, await newer(ports, change), await leaseOf(ports));
      world.rows.lease = null;
      await execute(ports, record, await leaseOf(ports));
      expect(long(world)).toBe(short(world));
    });
  });
});
