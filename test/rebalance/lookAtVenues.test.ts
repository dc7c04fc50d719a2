/**
 * Goal: the watch tells a venue whose prices are its own from the others, leaves one whose withdrawals halt, and says what to take away.
 * Method: a world in memory with venues that are only looked at, a minute apart; then one decision under what was found.
 */
import { describe, expect, test } from 'vitest';
import { venueId } from '../../src/domain/ids.ts';
import { OperatingError } from '../../src/domain/operatingError.ts';
import { leaveExits } from '../../src/rebalance/leaveExits.ts';
import { lookAtVenues, lookIfDue } from '../../src/rebalance/lookAtVenues.ts';
import { observe } from '../../src/rebalance/observe.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { rebalance } from '../../src/rebalance/rebalance.ts';
import { slotOf } from '../../src/rebalance/slot.ts';
import { alpha } from '../simulation/instrumentsInMemory.ts';
import type { World } from '../simulation/world.ts';
import { eventsNamed, policy } from './given.ts';
import { market, watchedWorld } from './watchedWorld.ts';

const minuteMs = 60_000;
const beta = venueId('beta');
const gamma = venueId('gamma');
const silentVenue = { withdrawalsHalted: null, chains: [] };

async function lookFor(world: World, ports: Ports, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    world.nowMs += minuteMs;
    await lookAtVenues(ports);
  }
}

describe('prices of its own', () => {
  test('restrict a venue after ten minutes, and not the one that it is held against', async () => {
    const { world, ports, show, stateOf } = watchedWorld([{ id: beta, exchange: 'okx' }]);
    await lookFor(world, ports, 2);
    expect([stateOf(alpha), stateOf(beta)]).toEqual(['healthy', 'healthy']);
    show(alpha).price = 95;
    await lookFor(world, ports, 10);
    expect([stateOf(alpha), stateOf(beta)]).toEqual(['healthy', 'healthy']);
    await lookFor(world, ports, 2);
    expect([stateOf(alpha), stateOf(beta)]).toEqual(['restrict', 'healthy']);
    expect(eventsNamed(world, 'venueState')).toMatchObject([
      {
        venue: 'alpha',
        from: 'healthy',
        to: 'restrict',
        evidence: ['alarm priceDislocationShare: -5.0 %'],
      },
    ]);
    expect(world.rows.events).toContain('venueState');
  });

  test('are held against other exchanges only: a second account agrees with whatever its venue says', async () => {
    const live = 'live' as const;
    const { world, ports, show, stateOf } = watchedWorld([
      { id: beta, exchange: 'kraken', environment: live },
      { id: gamma, exchange: 'kraken', environment: live },
    ]);
    show(beta).price = 50;
    show(gamma).price = 50;
    await lookFor(world, ports, 12);
    expect([stateOf(beta), stateOf(gamma)]).toEqual(['healthy', 'healthy']);
    const kept = await ports.solvency?.store.memory(beta);
    expect(kept?.memory.signals.priceDislocationShare).toEqual({ kind: 'notOffered' });
  });

  test('are nobody’s business on a testnet', async () => {
    const testnet = 'testnet' as const;
    const { world, ports, show, stateOf } = watchedWorld([
      { id: beta, exchange: 'okx', environment: testnet },
      { id: gamma, exchange: 'kraken', environment: testnet },
    ]);
    show(beta).price = 50;
    await lookFor(world, ports, 12);
    expect([stateOf(beta), stateOf(gamma)]).toEqual(['healthy', 'healthy']);
  });

  test('cannot be told while no other venue answers: watched, not healthy', async () => {
    const { world, ports, show, stateOf } = watchedWorld([{ id: beta, exchange: 'okx' }]);
    show(beta).isDark = true;
    await lookFor(world, ports, 1);
    expect([stateOf(alpha), stateOf(beta)]).toEqual(['watch', 'watch']);
  });
});

describe('figures', () => {
  test('that fail leave the last ones, until these are too old', async () => {
    const { world, ports, show, stateOf } = watchedWorld();
    const observedAtMs = world.nowMs;
    show(alpha).figures = { insuranceUsd: { kind: 'observed', value: 100, observedAtMs } };
    await lookFor(world, ports, 1);
    show(alpha).figures = { insuranceUsd: { kind: 'unknown', reason: 'timeout' } };
    await lookFor(world, ports, 14);
    expect(stateOf(alpha)).toBe('healthy');
    await lookFor(world, ports, 2);
    expect(stateOf(alpha)).toBe('watch');
  });

  test('are sampled every four hours, by the first look, for the usual of thirty days', async () => {
    const { world, ports, show } = watchedWorld();
    await lookFor(world, ports, 1);
    const thin = [{ ...market, depthQuote: 5 }];
    show(alpha).figures = { markets: { kind: 'observed', value: thin, observedAtMs: world.nowMs } };
    await lookFor(world, ports, 9 * 60);
    const depths = world.rows.readings.get('solvency|test|alpha|depth|BTC');
    expect(depths?.map(({ atMs }) => atMs % (4 * 60 * minuteMs))).toEqual([0, 0, 0]);
    expect(depths?.map(({ value }) => value)).toEqual([1e6, 5, 5]);
  });

  test('are read by whoever decides only where the watch has not looked for five minutes', async () => {
    const { world, ports } = watchedWorld();
    const atMs = async () => (await ports.solvency?.store.memory(alpha))?.atMs;
    await lookIfDue(ports);
    const firstMs = world.nowMs;
    world.nowMs += 5 * minuteMs;
    await lookIfDue(ports);
    expect(await atMs()).toBe(firstMs);
    world.nowMs += 1;
    await lookIfDue(ports);
    expect(await atMs()).toBe(world.nowMs);
  });

  test('are asked for once by a decision, whether it has to look first or not', async () => {
    const { world, ports } = watchedWorld();
    const venue = ports.venues.get(alpha);
    if (venue === undefined) throw new Error('the world has its venue');
    let asked = 0;
    const signs: typeof venue.reader.signs = async (coins) => {
      asked += 1;
      return await venue.reader.signs(coins);
    };
    const counted = {
      ...ports,
      venues: new Map([[alpha, { ...venue, reader: { ...venue.reader, signs } }]]),
    };
    for (const looks of [1, 2]) {
      const slot = slotOf(policy.portfolio, 'manual', world.nowMs + looks);
      const { venues } = await observe(counted, policy, slot);
      expect(venues[0]?.health).toMatchObject({ state: 'healthy', assessedAtMs: world.nowMs });
      expect(asked).toBe(looks);
    }
  });
});

describe('switches that are stated no more', () => {
  const chain = (coin: string, isOpen = true) => ({ coin, chain: 'A', isOpen, feeBase: 1 });
  const open = { withdrawalsHalted: [], chains: [chain('USDT'), chain('BTC')] };

  test('make the venue unknown: all of them, or one main coin', async () => {
    const { world, ports, show, stateOf } = watchedWorld();
    for (const fewer of [{ withdrawalsHalted: [], chains: [chain('USDT')] }, silentVenue]) {
      show(alpha).signs = open;
      await lookFor(world, ports, 1);
      expect(stateOf(alpha)).toBe('healthy');
      show(alpha).signs = fewer;
      await lookFor(world, ports, 1);
      expect(stateOf(alpha)).toBe('unknown');
    }
  });

  test('do not hide a halt of another coin, and coins that are not main ones may go', async () => {
    const { world, ports, show, stateOf } = watchedWorld();
    show(alpha).signs = { withdrawalsHalted: [], chains: [chain('USDT'), chain('DOGE')] };
    await lookFor(world, ports, 1);
    show(alpha).signs = { withdrawalsHalted: [], chains: [chain('USDT')] };
    await lookFor(world, ports, 1);
    expect(stateOf(alpha)).toBe('healthy');
    show(alpha).signs = open;
    await lookFor(world, ports, 1);
    const shut = [chain('USDT', false)];
    show(alpha).signs = { withdrawalsHalted: ['USDT'], chains: shut };
    await lookFor(world, ports, 1);
    expect(stateOf(alpha)).toBe('exit');
  });
});

describe('a venue to be left', () => {
  const halted = { withdrawalsHalted: ['USDT'] };
  const run = (ports: Ports, world: World) =>
    rebalance(ports, policy, slotOf('test', 'drift', world.nowMs), 'test');

  const asked = (ports: Ports) => leaveExits(ports, policy, async () => undefined);

  test('is asked to be left, once for five minutes, until nothing stands there', async () => {
    const { world, ports, show } = watchedWorld();
    await run(ports, world);
    const held = [...world.venue.positions.values()].filter(({ quantity }) => quantity !== 0);
    expect(held.length).toBeGreaterThan(2);
    expect(await asked(ports)).toEqual([]);
    show(alpha).signs = halted;
    await lookFor(world, ports, 1);
    const refuse = () => leaveExits(ports, policy, () => Promise.reject(new Error('no queue')));
    await expect(refuse()).rejects.toThrow('no queue');
    expect(await asked(ports)).toEqual([alpha]);
    world.nowMs += 5 * minuteMs - 1;
    expect(await asked(ports)).toEqual([]);
    world.nowMs += 1;
    expect(await asked(ports)).toEqual([alpha]);
    world.nowMs += 5 * minuteMs;
    const closed = await run(ports, world);
    expect(closed).toMatchObject({ kind: 'ended' });
    world.nowMs += 5 * minuteMs;
    expect(await asked(ports)).toEqual([]);
    for (const { quantity } of world.venue.positions.values()) expect(quantity).toBeCloseTo(0, 9);
  });

  test('is asked to be left again after a decision that could close nothing', async () => {
    const { world, ports, show } = watchedWorld();
    await run(ports, world);
    show(alpha).signs = halted;
    await lookFor(world, ports, 1);
    const venue = ports.venues.get(alpha);
    if (venue === undefined) throw new Error('alpha is there');
    const account = async () => {
      throw new OperatingError('down', { retryable: true, remedy: 'wait' });
    };
    const down = new Map([[alpha, { ...venue, reader: { ...venue.reader, account } }]]);
    await run({ ...ports, venues: down }, world);
    const latest = await ports.decisions.latest('test');
    expect(latest?.decision).toMatchObject({ kind: 'stand', code: 'POSITION_UNKNOWN' });
    expect(latest?.snapshot.venues[0]?.health.state).toBe('exit');
    expect(await asked(ports)).toEqual([]);
    world.nowMs += 5 * minuteMs;
    expect(await asked(ports)).toEqual([alpha]);
    await ports.state.setHalt('test', 'by hand', world.nowMs);
    world.nowMs += 5 * minuteMs;
    expect(await asked(ports)).toEqual([]);
  });

  test('is not known to a guard that has written it down', async () => {
    const { world, ports, show } = watchedWorld();
    await run(ports, world);
    show(alpha).signs = halted;
    await lookFor(world, ports, 1);
    const latest = await ports.decisions.latest('test');
    if (latest === null) throw new Error('it decided');
    const venues = latest.snapshot.venues.map((each) => ({
      ...each,
      health: { ...each.health, state: 'exit' as const },
    }));
    const decision = { ...latest.decision, decidedAtMs: world.nowMs };
    const seenBy = (trigger: 'guard' | 'drift') => {
      const record = { ...latest, trigger, decision, snapshot: { ...latest.snapshot, venues } };
      return asked({ ...ports, decisions: { ...ports.decisions, latest: async () => record } });
    };
    expect(await seenBy('drift')).toEqual([]);
    expect(await seenBy('guard')).toEqual([alpha]);
  });

  test('is told of with every coin that lies there, once an hour, and shown as evidence', async () => {
    const { world, ports, show } = watchedWorld();
    show(alpha).signs = halted;
    world.venue.wallet.set('USDT', 1234.5);
    world.venue.wallet.set('BTC', 0);
    await lookFor(world, ports, 60);
    const told = eventsNamed(world, 'withdraw');
    expect(told).toHaveLength(1);
    expect(told[0]?.['instruction']).toMatch(
      /^withdraw from alpha by hand, the keys cannot, once positions are closed: .*1234\.5 USDT/,
    );
    expect(told[0]?.['instruction']).not.toMatch(/BTC/);
    expect((await ports.state.venueState(alpha))?.evidence).toContain(told[0]?.['instruction']);
    await lookFor(world, ports, 1);
    expect(eventsNamed(world, 'withdraw')).toHaveLength(2);
  });

  test('whose account does not answer says so', async () => {
    const { world, ports, show } = watchedWorld();
    show(alpha).signs = halted;
    const venue = ports.venues.get(alpha);
    if (venue === undefined) throw new Error('alpha is there');
    const reader = {
      ...venue.reader,
      account: async () => {
        throw new OperatingError('down', { retryable: true, remedy: 'wait' });
      },
    };
    await lookFor(world, { ...ports, venues: new Map([[alpha, { ...venue, reader }]]) }, 1);
    expect(eventsNamed(world, 'withdraw')[0]?.['instruction']).toMatch(/cannot be read now$/);
  });
});
