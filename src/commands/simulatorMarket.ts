/**
 * The market behind `simulator`: generated from a seed, or recorded files with the assumptions of a scenario; and the
 * scenario's venues and what befalls them.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { loadRecordedSeries } from '../adapters/recorded/load.ts';
import { parseFaults, type TimedFault } from '../simulator/http/faultSchema.ts';
import { withFutures } from '../simulator/market/futures.ts';
import { createGeneratedMarket } from '../simulator/market/generated.ts';
import type { Market } from '../simulator/market/market.ts';
import { createRecordedMarket } from '../simulator/market/recorded.ts';

const dayMs = 86_400_000;
/** Coins with quarterly futures, as on the venue that is played. */
const futureCoins = ['BTC', 'ETH'];
const venueName = z.string().regex(/^[a-z][a-z0-9-]*$/);
const balances = z.record(z.string(), z.string().regex(/^\d+(\.\d+)?$/));
const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const scenarioSchema = z.strictObject({
  /** Where the venue's time starts, unless `--from` says otherwise. */
  from: instant.default(Date.UTC(2025, 0, 1)),
  /** Where the market ends. */
  to: instant.default(Date.UTC(2025, 5, 30)),
  /** Days of history before `from`. */
  historyDays: z.number().min(1).max(2000).default(120),
  symbols: z
    .array(z.string().regex(/^[A-Z0-9]+USDT$/))
    .min(1)
    .default(['BTCUSDT', 'ETHUSDT', 'SOLUSDT']),
  stables: z.array(z.string().min(1)).default(['USDC']),
  /** Simple yields of flexible saving by coin: assumptions, nothing recorded says them. */
  assumedEarnApr: z.record(z.string(), z.number().min(0).max(1)).default({ USDC: 0.03 }),
  balances: balances.optional(),
  /** Exchanges over the one market, by name; absent: one, at `--port`. */
  venues: z
    .record(
      venueName,
      z.strictObject({
        port: z.int().min(0).max(65_535),
        balances: balances.optional(),
        /** Absent: that of `--dialect`. */
        dialect: z.enum(['bybit', 'binance']).optional(),
      }),
    )
    .optional(),
  /** What befalls a venue, or all of them: faults with `afterMs` from the start. */
  events: z
    .array(z.looseObject({ venue: venueName.optional() }))
    .max(1000)
    .default([]),
  notes: z.array(z.string()).default([]),
});

type Scenario = z.output<typeof scenarioSchema>;

export type Stage = {
  readonly market: Market;
  /** Where the venue's time starts; null: the machine's own time. */
  readonly fromMs: number | null;
  readonly balances: Readonly<Record<string, string>> | undefined;
  /** By name; undefined: one without a name. */
  readonly venues: Scenario['venues'];
  readonly events: readonly Event[];
};

export type Event = {
  /** null: every venue. */
  readonly venue: string | null;
  readonly faults: readonly TimedFault[];
};

/** Wrong input; every fault has its path and what was found. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
}

/**
 * @param fromMs overrides the scenario's start.
 * @throws ScenarioError for a scenario that is none; RecordedDataError for data that is not there.
 */
export async function openStage(options: {
  readonly data: string | undefined;
  readonly scenario: string | undefined;
  readonly seed: number;
  readonly fromMs: number | null;
}): Promise<Stage> {
  if (options.data === undefined && options.scenario === undefined) {
    const market = withFutures(createGeneratedMarket({ seed: options.seed }), futureCoins);
    const none = { balances: undefined, venues: undefined, events: [] };
    return { market, fromMs: options.fromMs, ...none };
  }
  const scenario = readScenario(options.scenario);
  const { balances, venues } = scenario;
  const events = eventsOf(scenario);
  if (options.data === undefined) {
    const market = withFutures(createGeneratedMarket({ seed: options.seed }), futureCoins);
    return { market, fromMs: options.fromMs ?? scenario.from, balances, venues, events };
  }
  const fromMs = options.fromMs ?? scenario.from;
  const series = await loadRecordedSeries(options.data, {
    fromMs: fromMs - scenario.historyDays * dayMs,
    toMs: scenario.to,
    symbols: scenario.symbols,
    stables: scenario.stables,
  });
  const { assumedEarnApr, notes } = scenario;
  const market = createRecordedMarket({ series, assumedEarnApr, notes });
  return { market: withFutures(market, futureCoins), fromMs, balances, venues, events };
}

function eventsOf({ venues, events }: Scenario): readonly Event[] {
  const wrong: string[] = [];
  const found = events.map(({ venue, ...fault }, index): Event => {
    const faults = parseFaults(fault);
    if (typeof faults === 'string') wrong.push(`events.${index}: ${faults}`);
    if (venue !== undefined && venues?.[venue] === undefined)
      wrong.push(`events.${index}.venue: must be one of the scenario's venues, was ${venue}`);
    return { venue: venue ?? null, faults: typeof faults === 'string' ? [] : faults };
  });
  if (wrong.length > 0) throw new ScenarioError(wrong.join('\n'));
  return found;
}

function readScenario(file: string | undefined): Scenario {
  const parsed = scenarioSchema.safeParse(file === undefined ? {} : readYaml(file));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    (issue) => `${file}: ${issue.path.join('.')}: ${issue.message}`,
  );
  throw new ScenarioError(faults.join('\n'));
}

function readYaml(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new ScenarioError(`--scenario must be a readable YAML file, was ${file}: ${problem}`, {
      cause,
    });
  }
}
