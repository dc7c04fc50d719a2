/**
 * Goal: what a job does beside its main purpose does not hold that back.
 * Method: the daemon's own jobs over the world in memory, with a venue whose dead-man switch does not answer.
 */
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../src/config/load.ts';
import type { Config } from '../src/config/schema.ts';
import { jobsOf } from '../src/jobs.ts';
import { createLiveFacts, type LiveFactsKeeper } from '../src/liveFacts.ts';
import type { Ports } from '../src/rebalance/ports.ts';
import { openedWorld, policy, withVenue } from './rebalance/given.ts';
import { noAnswer } from './simulation/venueFaults.ts';
import { startMs } from './simulation/world.ts';

function configOf(): Config {
  const loaded = parseConfig(
    `
portfolio: test
venues:
  alpha: { exchange: bybit, environment: simulated, endpoint: 'http://127.0.0.1:1' }
legs:
  - { id: btc, kind: perpetual, venue: alpha, symbol: BTC/USDT:USDT }
objective: {}
sizing: { targetVolatilityAnnual: 0.15, grossLeverageMax: 3 }
rebalance: { every: 60000 }
execution: { deadManMs: 20000 }
`,
    {},
  );
  if (loaded.kind === 'invalid') throw new Error(JSON.stringify(loaded.faults));
  return loaded.config;
}

function marginJob(ports: Ports, live: LiveFactsKeeper = createLiveFacts()): () => Promise<void> {
  const enqueue = () => Promise.resolve();
  const jobs = jobsOf({ config: configOf(), policy, ports, live, enqueue });
  const margin = jobs.find(({ name }) => name === 'margin');
  if (margin === undefined) throw new Error('there is a margin watch');
  const slot = { scheduledAtMs: startMs, trigger: 'schedule' } as const;
  return () => margin.run({ ...slot, signal: new AbortController().signal });
}

describe('the margin watch', () => {
  test('does not wait for a dead-man switch that does not answer', async () => {
    const { ports } = openedWorld();
    const live = createLiveFacts();
    const deadMan = () => new Promise<void>(() => undefined);
    const run = marginJob(withVenue(ports, { gateway: { deadMan } }), live);
    await run();
    await run();
    expect(live.read().accounts).toHaveLength(1);
  });

  test('ends by what broke in arming it the round before', async () => {
    const { ports } = openedWorld();
    const deadMan = () => Promise.reject(new Error('a defect'));
    const run = marginJob(withVenue(ports, { gateway: { deadMan } }));
    await run();
    await expect(run()).rejects.toThrow('a defect');
  });

  test('watches the pegs though the guard fails, and ends by what failed', async () => {
    const { world, ports } = openedWorld();
    world.venue.prices.set('USDC/USDT', 0.8);
    const unfinished = () => Promise.reject(noAnswer());
    const failing = { ...ports, decisions: { ...ports.decisions, unfinished } };
    await expect(marginJob(failing)()).rejects.toThrow('did not answer');
    expect(world.rows.cursors.get('pegWorseSince|test|USDC')).toBe(startMs);
  });
});
