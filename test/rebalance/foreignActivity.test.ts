/**
 * Goal: what somebody else does in the account is told once, booked, and refused where the config says so.
 * Method: a world in memory whose venue lists orders and fills that no row of ours explains; the process killed in between.
 */
import { describe, expect, test } from 'vitest';
import type { Policy } from '../../src/domain/policy.ts';
import { applyTransactions, emptyBook, positionOf } from '../../src/ledger/book.ts';
import { decide } from '../../src/rebalance/decide.ts';
import { foreignQuietMs } from '../../src/rebalance/foreignActivity.ts';
import { observe } from '../../src/rebalance/observe.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { reconcileVenues } from '../../src/rebalance/reconcileVenues.ts';
import { slotOf } from '../../src/rebalance/slot.ts';
import { alpha } from '../simulation/instrumentsInMemory.ts';
import { startProcess } from '../simulation/world.ts';
import { blockedIn, foreignFill, listing, resting, withMode } from './foreignGiven.ts';
import { btc, eth, ethSpot, openedWorld, policy } from './given.ts';
import { adjusting } from './reconciledGiven.ts';

describe('what somebody else does in the account', () => {
  test('is booked and told, and keeps nobody from trading, unless the config says so', async () => {
    const { world, ports } = openedWorld();
    foreignFill(world, null);
    expect(await reconcileVenues(ports, policy, adjusting)).toMatchObject({ foreignFills: 1 });
    expect(await blockedIn(ports, policy)).toBeUndefined();
    expect(world.rows.events).toEqual(['foreignFill']);
  });

  test('keeps new risk out of its instrument until it has been quiet, where the config says block', async () => {
    const { world, ports } = openedWorld();
    const mode = withMode('block');
    foreignFill(world, null);
    await reconcileVenues(listing(ports, resting(null)), mode, adjusting);
    expect(await blockedIn(ports, mode)).toEqual([btc.id, eth.id]);
    const snapshot = await observe(ports, mode, slotOf('test', 'manual', world.nowMs));
    const decision = decide(snapshot, mode);
    const denied = decision.denials.filter((one) => one.code === 'FOREIGN_ORDER');
    // The spot half of a pair stands or falls with the other.
    expect(new Set(denied.map((one) => one.instrument))).toEqual(
      new Set([btc.id, eth.id, ethSpot.id]),
    );
    world.nowMs += foreignQuietMs - 1;
    expect(await blockedIn(ports, mode)).toEqual([btc.id, eth.id]);
    world.nowMs += 1;
    expect(await blockedIn(ports, mode)).toBeUndefined();
  });

  test('halts trading where the config says halt', async () => {
    const { world, ports } = openedWorld();
    await reconcileVenues(listing(ports, resting('by-hand')), withMode('halt'), adjusting);
    expect(world.rows.halt).toBe('somebody else trades alpha|BTC/USDT:USDT');
    expect(world.rows.events).toEqual(['halted', 'foreignOrder']);
  });

  test('in a symbol that no leg names is found, told and brought into the book', async () => {
    const { world, ports } = openedWorld();
    const onlyBtc: Policy = {
      ...policy,
      legs: policy.legs.filter((leg) => leg.id === 'btc'),
    };
    foreignFill(world, null);
    const report = await reconcileVenues(ports, onlyBtc, adjusting);
    expect(report).toMatchObject({ foreignFills: 1, adjusted: [], outstanding: [] });
    const book = applyTransactions(emptyBook, [...world.rows.transactions.values()]);
    expect(positionOf(book, alpha, eth.symbol)).toBe('1');
  });

  test('the position alone, without a fill that explains it, is an adjustment at its mark', async () => {
    const { world, ports } = openedWorld();
    const onlyBtc: Policy = { ...policy, legs: policy.legs.filter((leg) => leg.id === 'btc') };
    world.venue.positions.set(eth.symbol, { quantity: 1, cost: 3_000 });
    const report = await reconcileVenues(ports, onlyBtc, adjusting);
    expect(report?.adjusted).toMatchObject([{ subject: eth.symbol, ledger: '0', venueSays: '1' }]);
    const [adjustment] = [...world.rows.transactions.values()].filter(
      (one) => one.kind === 'adjustment',
    );
    expect(adjustment?.postings).toContainEqual(
      expect.objectContaining({ account: 'contracts', amount: '-3000' }),
    );
  });

  test.each(['appendEvent', 'post', 'recordFills'] as const)(
    'is told, however the process that found it dies: at %s',
    async (call) => {
      const { world, ports } = openedWorld();
      foreignFill(world, null);
      for (const when of ['before', 'after'] as const) {
        const die = async (act: () => Promise<unknown>): Promise<never> => {
          if (when === 'after') await act();
          throw new Error('killed');
        };
        const dying: Ports = {
          ...ports,
          state: {
            ...ports.state,
            ...(call === 'appendEvent' && {
              appendEvent: (...args) => die(() => ports.state.appendEvent(...args)),
            }),
          },
          ledger: {
            ...ports.ledger,
            ...(call === 'post' && { post: (...args) => die(() => ports.ledger.post(...args)) }),
            ...(call === 'recordFills' && {
              recordFills: (...args) => die(() => ports.ledger.recordFills(...args)),
            }),
          },
        };
        if (when === 'after' && call === 'recordFills') continue;
        await expect(reconcileVenues(dying, policy, adjusting)).rejects.toThrow('killed');
        expect(world.rows.fills.size, 'not remembered before it is told and booked').toBe(0);
      }
      const report = await reconcileVenues(startProcess(world, 1), policy, adjusting);
      expect(report).toMatchObject({ foreignFills: 1, adjusted: [], outstanding: [] });
      expect(world.rows.events).toContain('foreignFill');
      const booked = [...world.rows.transactions.values()].filter((one) => one.kind === 'fill');
      expect(booked).toHaveLength(1);
    },
  );
});
