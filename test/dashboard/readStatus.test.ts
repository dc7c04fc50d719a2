/**
 * Goal: the status says what the ledger and the last decision say, with and without a daemon, before and after trading.
 * Method: the line runs once in the world in memory; equity, positions and leverage are compared with the venue's own truth.
 */
import { describe, expect, it } from 'vitest';
import { readStatus } from '../../src/dashboard/readStatus.ts';
import type { LiveFacts } from '../../src/dashboard/status.ts';
import { noIncreaseCursor } from '../../src/rebalance/fence.ts';
import { writeGuardMemory } from '../../src/rebalance/guardMemory.ts';
import { writePegMemory } from '../../src/rebalance/pegMemory.ts';
import { rebalance } from '../../src/rebalance/rebalance.ts';
import { slotOf } from '../../src/rebalance/slot.ts';
import { alpha } from '../simulation/instrumentsInMemory.ts';
import {
  createWorld,
  openWorld,
  policy,
  startMs,
  startProcess,
  type World,
} from '../simulation/world.ts';

const options = { policy, version: 'test' };
const barsRead = ['BTC/USDT:USDT|mark', 'ETH/USDT:USDT|mark', 'ETH/USDT|last', 'USDC/USDT|last'];

function liveFacts(world: World, equityUsd: number | null): LiveFacts {
  for (const series of barsRead) {
    world.rows.cursors.set(`bars|alpha|${series}|${policy.risk.barMs}`, world.nowMs - 60_000);
  }
  const reading = {
    venue: alpha,
    equityUsd,
    marginRatio: 0.02,
    level: 'calm' as const,
    distanceShare: 0.3,
  };
  return {
    reconciledAtMs: world.nowMs,
    queueUp: true,
    accounts: new Map([['alpha', { ...reading, atMs: world.nowMs - 1_000 }]]),
  };
}

async function tradedWorld() {
  const world = openWorld(createWorld());
  const ports = startProcess(world, 1);
  const slot = slotOf('test', 'schedule', startMs);
  const result = await rebalance(ports, policy, slot, 'test');
  if (result.kind !== 'ended')
    throw new Error(`the world is made so that it trades, was ${result.kind}`);
  const { record, outcome } = result;
  const summary = {
    rebalanceId: record.rebalanceId,
    trigger: record.trigger,
    outcome,
    decidedAtMs: record.decision.decidedAtMs,
    endedAtMs: world.nowMs,
    ordersSent: world.venue.orders.length,
    ordersDenied: 0,
    fills: world.rows.fills.size,
  };
  const decisions = { ...ports.decisions, summaries: async () => [summary] };
  return { world, ports: { ...ports, decisions }, record, outcome };
}

describe('the status', () => {
  it('of a portfolio that never traded knows its budgets and little else', async () => {
    const world = openWorld(createWorld());
    const status = await readStatus(startProcess(world, 1), { ...options, live: null });
    expect(status).toMatchObject({
      portfolio: 'test',
      source: 'database',
      ready: false,
      equityUsd: null,
      grossLeverage: null,
      lastRebalance: null,
      openOrders: 0,
    });
    expect(status.legs.map((leg) => leg.budget)).toEqual([0.35, 0.35, 0.15, 0.15]);
    expect(status.legs.every((leg) => leg.positionUsd === null && leg.weight === null)).toBe(true);
    expect(status.venues).toMatchObject([{ id: 'alpha', state: 'unknown', equityUsd: null }]);
    expect(status.reasons).toContain('no data yet: bars-alpha');
  });

  it('after a rebalance has what the ledger holds, at the marks of the decision', async () => {
    const { world, ports, record, outcome } = await tradedWorld();
    const status = await readStatus(ports, { ...options, live: null });
    const legs = record.decision.explanation?.legs ?? [];
    const { legs: parts, ...risk } = record.decision.explanation?.risk ?? { legs: [] };
    expect(status.risk).toMatchObject(risk);
    expect(status.risk?.solver.method).not.toBe('');
    expect(parts.map((part) => part.absoluteUsd)).toEqual(
      status.legs.map((leg) => leg.contribution?.absoluteUsd),
    );
    expect(status.legs.every((leg) => leg.realisedRiskShare === null)).toBe(true);
    expect(legs).toHaveLength(4);
    expect(
      status.legs.map(({ id, weight, riskShare, targetUsd }) => [id, weight, riskShare, targetUsd]),
    ).toEqual(legs.map((leg) => [leg.leg, leg.weight, leg.riskShare, leg.targetUsd]));
    // Each leg holds its target but for lots: the perpetual of two legs is told apart by the ledger.
    for (const leg of status.legs) {
      expect(Math.abs((leg.positionUsd ?? 0) - (leg.targetUsd ?? 0))).toBeLessThan(60);
    }
    const marks = new Map(
      record.snapshot.instruments.map(({ instrument, quote }) => [
        instrument.symbol,
        quote.kind === 'observed' ? quote.value.mark : Number.NaN,
      ]),
    );
    const usd =
      record.snapshot.unit.kind === 'known' ? (record.snapshot.unit.usdByCoin['USDT'] ?? 0) : 0;
    const grossUsd = ['BTC/USDT:USDT', 'ETH/USDT:USDT']
      .map(
        (symbol) =>
          Math.abs(world.venue.positions.get(symbol)?.quantity ?? 0) *
          (marks.get(symbol) ?? 0) *
          usd,
      )
      .reduce((sum, each) => sum + each, 0);
    const spotUsd = (world.venue.wallet.get('ETH') ?? 0) * (marks.get('ETH/USDT') ?? 0) * usd;
    const lentUsd = status.legs.find((leg) => leg.id === 'usdc-earn')?.positionUsd ?? 0;
    const equityUsd = status.equityUsd ?? 0;
    expect(status.grossLeverage).toBeCloseTo((grossUsd + spotUsd + lentUsd) / equityUsd, 6);
    expect(status.lastRebalance).toMatchObject({ id: record.rebalanceId, state: outcome });
    expect(status.venues[0]?.capUsd).toBeLessThanOrEqual(equityUsd);
    expect(status.venues[0]?.liquidationDistanceShare).toBeGreaterThan(0.15);
  });

  it('takes the newest account from the daemon, and is ready when all is well', async () => {
    const { world, ports } = await tradedWorld();
    const before = await readStatus(ports, { ...options, live: null });
    const lentUsd = before.legs.find((leg) => leg.id === 'usdc-earn')?.positionUsd ?? 0;
    const live = liveFacts(world, 50_000);
    const status = await readStatus(ports, { ...options, live });
    expect(status.reasons).toEqual([]);
    expect(status).toMatchObject({ ready: true, source: 'daemon' });
    expect(status.equityUsd).toBeCloseTo(50_000 + lentUsd, 6);
    expect(status.venues[0]).toMatchObject({ marginRatio: 0.02, state: 'healthy' });
    expect(status.dataAgesMs).toEqual({ 'account-alpha': 1_000, 'bars-alpha': 60_000 });
  });

  it('is not ready when halted, when an account cannot be read, or when data grow old', async () => {
    const { world, ports } = await tradedWorld();
    world.rows.halt = 'by hand';
    const halted = await readStatus(ports, { ...options, live: liveFacts(world, 1) });
    expect(halted).toMatchObject({ halted: true, haltReason: 'by hand', ready: false });
    world.rows.halt = null;
    const unread = await readStatus(ports, { ...options, live: liveFacts(world, null) });
    expect(unread.reasons).toEqual(['no data yet: account-alpha']);
    const live = liveFacts(world, 1);
    world.nowMs += policy.limits.dataAgeMsMax;
    const stale = await readStatus(ports, { ...options, live });
    expect(stale.reasons.join()).toMatch(
      /^stale data: account-alpha must be at most 120000 ms old, was 121000$/,
    );
  });

  it('trusts a venue’s state no longer than it is looked at: then it is unknown, and not ready', async () => {
    const { world, ports } = await tradedWorld();
    const lookedAtMs = (await ports.state.venueState(alpha))?.atMs ?? 0;
    const at = async (ageMs: number) => {
      world.nowMs = lookedAtMs + ageMs;
      return readStatus(ports, { ...options, live: liveFacts(world, 1), lookAgeMsMax: 60_000 });
    };
    expect((await at(60_000)).venues).toMatchObject([{ state: 'healthy', lookAgeMs: 60_000 }]);
    expect((await at(60_000)).reasons).toEqual([]);
    const late = await at(60_001);
    expect(late.venues[0]).toMatchObject({ state: 'unknown' });
    expect(late.venues[0]?.evidence[0]).toBe('last looked at 60001 ms ago');
    expect(late.reasons).toEqual([
      'stale data: look-alpha must be at most 60000 ms old, was 60001',
      'no venue may take new risk: alpha unknown',
    ]);
  });

  it('is not ready when reconciling stopped, or when a rebalance that was due did not end', async () => {
    const { world, ports } = await tradedWorld();
    const expected = { reconcileAgeMsMax: 1_000, rebalanceAgeMsMax: 5_000 };
    const reasons = async (
      change: Partial<LiveFacts>,
      rebalanceAgeMsMax: number | null = 5_000,
    ) => {
      const live = { ...liveFacts(world, 1), ...change };
      const work = { ...expected, rebalanceAgeMsMax };
      return (await readStatus(ports, { ...options, live, expected: work })).reasons;
    };
    const { nowMs } = world;
    expect(await reasons({ rebalancedAtMs: nowMs - 5_000 })).toEqual([]);
    expect(await reasons({ rebalancedAtMs: nowMs - 5_001 })).toEqual([
      'work overdue: the last rebalance must be at most 5000 ms ago, was 5001',
    ]);
    expect(await reasons({})).toEqual(['work overdue: no rebalance since the start']);
    expect(await reasons({}, null)).toEqual([]);
    expect(await reasons({ reconciledAtMs: nowMs - 1_001 }, null)).toEqual([
      'work overdue: the last reconcile must be at most 1000 ms ago, was 1001',
    ]);
  });

  it('tells until when increases are forbidden, and no longer than that', async () => {
    const { world, ports } = await tradedWorld();
    world.rows.cursors.set(noIncreaseCursor('test'), world.nowMs + 5);
    const read = async () =>
      (await readStatus(ports, { ...options, live: null })).noIncreaseUntilMs;
    expect(await read()).toBe(world.nowMs + 5);
    world.nowMs += 5;
    expect(await read()).toBe(null);
  });

  it('tells the rung of the guard and coins off their pegs, also from the database alone', async () => {
    const { world, ports } = await tradedWorld();
    await writeGuardMemory(ports, 'test', alpha, { rung: 'deleverage', keptAtMs: world.nowMs });
    const peg = { state: 'exit' as const, worseSinceMs: null, keptAtMs: world.nowMs };
    await writePegMemory(ports, 'test', 'USDC', peg);
    const status = await readStatus(ports, { ...options, live: null });
    expect(status.venues.map((venue) => [venue.id, venue.guardRung])).toContainEqual([
      'alpha',
      'deleverage',
    ]);
    expect(status.pegs).toEqual({ USDC: 'exit' });
  });
});
