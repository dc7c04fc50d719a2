/**
 * The whole daemon but its queue: its own jobs from `jobsOf`, the unmodified ccxt class over HTTP, a real PostgreSQL, and one
 * or two simulated exchanges over one market, whose time moves only when somebody sleeps.
 */
import { type Database, openDatabase } from '../../src/adapters/database/openDatabase.ts';
import { composeStores } from '../../src/compose.ts';
import { parseConfig } from '../../src/config/load.ts';
import { policyOf } from '../../src/config/policy.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { jobsOf } from '../../src/jobs.ts';
import { createLiveFacts } from '../../src/liveFacts.ts';
import { venueLeverage } from '../../src/parity/sizing/capital.ts';
import type { LineEvent } from '../../src/rebalance/ports/report.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { recover } from '../../src/rebalance/recover.ts';
import type { JobDefinition, JobName, JobSlot } from '../../src/scheduler/job.ts';
import { bybitDialect } from '../../src/simulator/bybit/dialect.ts';
import type { Simulator } from '../../src/simulator/http/server.ts';
import { type SimulatedVenues, startVenues } from '../../src/simulator/http/venues.ts';
import { createGeneratedMarket } from '../../src/simulator/market/generated.ts';
import type { Market } from '../../src/simulator/market/market.ts';
import { solvencyWatch } from '../../src/solvencyWatch.ts';
import { startTestDatabase } from '../adapters/database/server.ts';
import { keepingReporter } from '../keptEvents.ts';
import { openSimulated } from '../simulatedVenues.ts';
import { sleepingClock } from '../sleepingClock.ts';

export const hourMs = 3_600_000;
export const minuteMs = 60_000;
/** A funding stamp, thirty-five days into the market: there is history behind it. */
export const startMs = Date.UTC(2025, 1, 5);

export type TimedEvent = LineEvent & { readonly atMs: number };

export type Stage = {
  readonly policy: Policy;
  readonly market: Market;
  readonly simulators: SimulatedVenues;
  readonly database: Database;
  readonly ports: Ports;
  readonly jobs: readonly JobDefinition[];
  /** What somebody asked to run beside the schedule, oldest first. */
  readonly asked: { readonly name: JobName; readonly slot: JobSlot }[];
  /** What the line reported, oldest first. */
  readonly events: readonly TimedEvent[];
  readonly venue: (name: string) => Simulator;
  readonly close: () => Promise<void>;
};

export type Script = {
  /** Opening balances by venue. */
  readonly balances: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** YAML of the legs, and of anything else but venues, schedule and watches. */
  readonly config: string;
  /** Of every settlement of every perpetual, in place of the generated one. */
  readonly fundingRate?: number;
  /** False: between two slots only the guard acts. */
  readonly onDrift?: boolean;
  /** 0.1 where it is not said. */
  readonly driftBandShare?: number;
};

export async function openStage(script: Script): Promise<Stage> {
  const generated = createGeneratedMarket({ seed: 7, assets: ['BTC', 'ETH', 'SOL'] });
  const { fundingRate } = script;
  const market: Market =
    fundingRate === undefined ? generated : { ...generated, fundingRate: () => fundingRate };
  const simulators = await startVenues({
    market,
    clock: { kind: 'virtual', nowMs: startMs },
    venues: Object.fromEntries(
      Object.entries(script.balances).map(([name, balances]) => [
        name,
        { dialect: bybitDialect, balances },
      ]),
    ),
  });
  const venue = (name: string): Simulator => {
    const found = simulators.byName.get(name);
    if (found === undefined) throw new Error(`no venue ${name} on the stage`);
    return found;
  };
  const config = configOf(script, simulators);
  const policy = policyOf(config);
  const clock = sleepingClock(simulators);
  const given = await startTestDatabase();
  const database = await openDatabase({ url: given.url, dataDir: '' });
  const venues = await openSimulated(
    [...simulators.byName].map(([name, { origin }]) => [
      name,
      { exchange: 'bybit', environment: 'simulated', endpoint: origin },
    ]),
    clock,
  );
  const events: TimedEvent[] = [];
  const keep = (event: LineEvent): void => void events.push({ ...event, atMs: clock.nowMs() });
  const ports: Ports = {
    clock,
    venues,
    reporter: keepingReporter({ event: keep, warn: keep }),
    ...composeStores(database, policy),
    solvency: solvencyWatch(config, database, clock),
  };
  const asked: { name: JobName; slot: JobSlot }[] = [];
  const jobs = jobsOf({
    config,
    policy,
    ports,
    live: createLiveFacts(),
    enqueue: async (name, slot) => void asked.push({ name, slot }),
  });
  await recover(ports, policy, {
    leverage: venueLeverage(policy.sizing),
    leaseWaitMs: policy.execution.settlingMs,
  });
  return {
    policy,
    market,
    simulators,
    database,
    ports,
    jobs,
    asked,
    events,
    venue,
    close: async () => {
      for (const opened of venues.values()) await opened.destroy();
      await simulators.close();
      await database.stop();
      await given.stop();
    },
  };
}

function configOf(
  { config, onDrift = true, driftBandShare = 0.1 }: Script,
  { byName }: SimulatedVenues,
) {
  const venues = [...byName].map(
    ([name, { origin }]) =>
      `  ${name}: { exchange: bybit, environment: simulated, endpoint: ${origin} }`,
  );
  const text = `
portfolio: scenario
venues:
${venues.join('\n')}
risk: { lookbackBars: 720, historyBarsMin: 240 }
rebalance:
  every: ${8 * hourMs}
  deadlineMs: 120000
  onDrift: ${onDrift}
  driftBandShare: ${driftBandShare}
watch:
  marginEveryMs: ${2 * minuteMs}
  driftEveryMs: ${10 * minuteMs}
  historyEveryMs: ${hourMs}
  bookingEveryMs: ${hourMs}
  reconcileEveryMs: ${8 * hourMs}
solvency:
  everyMs: ${5 * minuteMs}
${config}`;
  const loaded = parseConfig(text, {});
  if (loaded.kind === 'invalid') throw new Error(JSON.stringify(loaded.faults));
  return loaded.config;
}
