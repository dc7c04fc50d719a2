/**
 * The margin watch: finds the rung, tells every step, raises the fence where margin is tight or unknown, and lets it fall by itself.
 *
 * Method: accounts of known margin at and beside each limit; then an order against the fence.
 */
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import { execute } from '../../src/rebalance/execute.ts';
import { increasesCursor, noIncreaseCursor, raiseFence } from '../../src/rebalance/fence.ts';
import { lookFirst } from '../../src/rebalance/lookFirst.ts';
import { watchMargin } from '../../src/rebalance/marginWatch.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { eventsNamed, leaseOf, openedWorld, planned, policy, recordTrade } from './given.ts';
import { fenceMs, holdBitcoin, settings, withAccount } from './guardGiven.ts';

const fence = noIncreaseCursor(policy.portfolio);
const withMargin = async (ports: Ports, maintenanceMarginUsd: number, equityUsd = 1_000) =>
  await withAccount(ports, { equityUsd, marginBalanceUsd: equityUsd, maintenanceMarginUsd });

describe('watchMargin', () => {
  const rows = [
    ['nothing held', 0, 1_000, 'calm', 0],
    ['under the warning', 499, 1_000, 'calm', 0.499],
    ['at the warning', 500, 1_000, 'warn', 0.5],
    ['under the fence', 699, 1_000, 'warn', 0.699],
    ['at the fence', 700, 1_000, 'noIncrease', 0.7],
    ['where positions are to be reduced', 800, 1_000, 'deleverage', 0.8],
    ['past liquidation', 2_000, 1_000, 'flatten', 2],
    ['no equity, nothing held', 0, 0, 'noIncrease', 0],
    ['debt', 10, -5, 'flatten', null],
  ] as const;
  test.each(rows)('%s', async (_, maintenance, equity, level, marginRatio) => {
    const { world, ports } = openedWorld();
    const watched = await withMargin(ports, maintenance, equity);
    const [reading] = await watchMargin(watched, policy, settings);
    expect(reading).toMatchObject({ venue: 'alpha', equityUsd: equity, marginRatio, level });
    expect(world.rows.cursors.has(fence)).toBe(level !== 'calm' && level !== 'warn');
    expect(eventsNamed(world, 'guardStep')).toHaveLength(level === 'calm' ? 0 : 1);
  });

  test('an account that cannot be read raises the fence: unknown is not calm', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.isDown = true;
    const [reading] = await watchMargin(ports, policy, settings);
    expect(reading).toMatchObject({ equityUsd: null, marginRatio: null, level: 'noIncrease' });
    expect(world.rows.cursors.get(fence)).toBe(world.nowMs + fenceMs);
  });

  test('a rung is kept until the account has been better for the time that it is held', async () => {
    const { world, ports } = openedWorld();
    await watchMargin(await withMargin(ports, 900), policy, settings);
    const calm = await withMargin(ports, 0);
    const levels: string[] = [];
    for (let run = 0; run < 14; run += 1) {
      world.nowMs += settings.periodMs;
      levels.push((await watchMargin(calm, policy, settings))[0]?.level ?? '');
    }
    expect(levels.slice(0, 11)).toEqual(Array.from({ length: 11 }, () => 'flatten'));
    expect(levels.slice(11)).toEqual(['calm', 'calm', 'calm']);
    expect(eventsNamed(world, 'guardStep').map(({ from, to }) => [from, to])).toEqual([
      ['calm', 'flatten'],
      ['flatten', 'calm'],
    ]);
    expect(world.rows.events.filter((one) => one === 'guardStep')).toHaveLength(2);
  });

  test('a position whose price is unknown forbids increases, although the venue calls itself calm', async () => {
    const { world, ports } = openedWorld();
    holdBitcoin(world, 0.1);
    world.venue.prices.delete('BTC/USDT:USDT');
    const [reading] = await watchMargin(await withMargin(ports, 10), policy, settings);
    expect(reading).toMatchObject({ level: 'noIncrease', distanceShare: null });
  });

  test('the worse of the venue and the model counts, and the difference is told once', async () => {
    const { world, ports } = openedWorld();
    holdBitcoin(world, 6);
    const honest = (await watchMargin(ports, policy, settings))[0];
    expect(honest?.marginRatio).toBeCloseTo(0.015, 12);
    expect(eventsNamed(world, 'marginDiffers')).toEqual([]);
    world.venue.faults.maintenanceRatio = 20;
    const [strict] = await watchMargin(ports, policy, settings);
    expect(strict?.marginRatio).toBeCloseTo(0.3, 12);
    // Three times the equity, long: 1 - 3d = 3·rate·(1 - d).
    expect(honest?.distanceShare).toBeCloseTo((1 - 0.015) / (3 - 0.015), 6);
    expect(strict?.distanceShare).toBeCloseTo((1 - 0.3) / (3 - 0.3), 6);
    await watchMargin(ports, policy, settings);
    expect(eventsNamed(world, 'marginDiffers')).toHaveLength(1);
    // As many as before, but another.
    world.venue.faults.maintenanceRatio = 1;
    const liquidationPrices = { 'BTC/USDT:USDT': 1 };
    await watchMargin(await withAccount(ports, { liquidationPrices }), policy, settings);
    expect(
      eventsNamed(world, 'marginDiffers').map(({ differences }) =>
        (differences as { figure: string }[]).map((one) => one.figure),
      ),
    ).toEqual([['maintenanceMarginUsd'], ['liquidationPrice BTC/USDT:USDT']]);
    world.venue.faults.maintenanceRatio = 0.01;
    expect((await watchMargin(ports, policy, settings))[0]?.marginRatio).toBeCloseTo(0.015, 12);
  });
});

describe('the fence', () => {
  const run = async (ports: Ports, orders: Parameters<typeof recordTrade>[1]) =>
    await execute(ports, await recordTrade(ports, orders), await leaseOf(ports));

  test('stops an increase while it stands, and falls once the accounts are calm', async () => {
    const { world, ports } = openedWorld();
    await watchMargin(await withMargin(ports, 750), policy, settings);
    expect(await run(ports, [planned()])).toBe('partial');
    expect(world.venue.requests).toEqual([]);
    // Run out, but nobody has looked since.
    world.nowMs += fenceMs;
    expect(await run(ports, [planned()])).toBe('partial');
    world.nowMs += settings.limits.holdMs;
    await watchMargin(await withMargin(ports, 0), policy, settings);
    await watchMargin(await withMargin(ports, 0), policy, settings);
    world.nowMs += settings.limits.holdMs;
    await watchMargin(await withMargin(ports, 0), policy, settings);
    expect(await run(ports, [planned()])).toBe('complete');
  });

  test('stands where no watch ever ran, and again when the last look is too old', async () => {
    const { world, ports } = openedWorld();
    world.rows.cursors.delete(increasesCursor(policy.portfolio));
    expect(await run(ports, [planned()])).toBe('partial');
    await watchMargin(ports, policy, settings);
    expect(world.rows.cursors.get(increasesCursor(policy.portfolio))).toBe(world.nowMs + fenceMs);
    expect(await run(ports, [planned()])).toBe('complete');
    world.nowMs = (world.rows.cursors.get(increasesCursor(policy.portfolio)) ?? 0) + 1;
    expect(await run(ports, [planned()])).toBe('partial');
  });

  test('is not taken down by a calm look before it has run out', async () => {
    const { world, ports } = openedWorld();
    await raiseFence(ports, policy.portfolio, settings);
    await watchMargin(ports, policy, settings);
    expect(await run(ports, [planned()])).toBe('partial');
    world.nowMs += fenceMs;
    await watchMargin(ports, policy, settings);
    expect(await run(ports, [planned()])).toBe('complete');
  });

  test('stands though a look beside the raising found all calm and permits', async () => {
    const { world, ports } = openedWorld();
    world.rows.cursors.delete(increasesCursor(policy.portfolio));
    const { state } = ports;
    let asked = 0;
    const raised: Ports['state'] = {
      ...state,
      setCursor: async (name, atMs) => {
        asked += 1;
        if (asked === 1) await raiseFence(ports, policy.portfolio, settings);
        await state.setCursor(name, atMs);
      },
    };
    await watchMargin({ ...ports, state: raised }, policy, { ...settings, permitMs: 60_000 });
    expect(asked).toBeGreaterThan(0);
    expect(await run(ports, [planned()])).toBe('partial');
    // Nor does it leave a permission for when the fence has run out.
    world.nowMs += fenceMs;
    expect(await run(ports, [planned()])).toBe('partial');
    expect(world.venue.requests).toEqual([]);
  });

  test('stands over a permission that is written after it', async () => {
    const { world, ports } = openedWorld();
    await raiseFence(ports, policy.portfolio, settings);
    world.rows.cursors.set(increasesCursor(policy.portfolio), Number.MAX_SAFE_INTEGER);
    expect(await run(ports, [planned()])).toBe('partial');
    expect(world.venue.requests).toEqual([]);
  });

  test('a command looks by itself, for as long as it may send, and only where nobody else did', async () => {
    const { world, ports } = openedWorld();
    const cursor = increasesCursor(policy.portfolio);
    world.rows.cursors.delete(cursor);
    const asCommand = { ...settings, permitMs: 60_000 };
    await lookFirst(ports, policy, asCommand);
    const untilMs = world.nowMs + 60_000;
    expect(world.rows.cursors.get(cursor)).toBe(untilMs);
    // The daemon's permission still holds; the next command's does not reach to its end.
    world.venue.faults.isDown = true;
    await lookFirst(ports, policy, settings);
    expect(world.rows.cursors.get(cursor)).toBe(untilMs);
    await lookFirst(ports, policy, asCommand);
    expect(world.rows.cursors.get(cursor)).toBe(0);
  });

  test('lets a reduction go', async () => {
    const { world, ports } = openedWorld();
    await run(ports, [planned()]);
    world.nowMs += 1_000;
    await watchMargin(await withMargin(ports, 750), policy, settings);
    const selling = planned({
      action: 'sell',
      limitPrice: decimal('49900'),
      reduceOnly: true,
      risk: 'reduces',
    });
    expect(await run(ports, [selling])).toBe('complete');
    expect(world.venue.positions.get('BTC/USDT:USDT')?.quantity).toBe(0);
  });
});
