/** The arguments of a chaos run, each within its bounds; all mistakes are reported together. */
import { parseArgs } from 'node:util';
import { type RuleName, ruleNames } from './rules.ts';
import { type WorldKind, worldKinds } from './universe.ts';

export type ChaosOptions = {
  readonly seed: number;
  readonly orders: number;
  readonly kills: number;
  readonly worlds: number;
  /** The one world to play again; null: all. */
  readonly only: number | null;
  readonly lanes: number;
  readonly rules: RuleName;
  readonly queue: 'database' | 'redis' | 'both';
  /** One kind of worlds, or all in turn. */
  readonly venues: WorldKind | 'both';
  readonly json: boolean;
  readonly log: string | null;
};

export const help = `Random rebalances over two simulated venues with every fault on, the worker killed at every effect, database and queue
crashed under it; then ledger and journals are compared: lost, doubled, unexplained, naked.

  npx tsx scripts/chaos.ts --seed S --orders N [--kills K] [--rules R] …

  --seed S      whole number; wishes, faults, deaths and crashes follow from it (1)
  --orders N    at least so many orders at the venues (2000)
  --kills K     at least so many SIGKILLs (a fortieth of the orders)
  --worlds W    both are shared among so many worlds, each with venues, database and queue of its own (one per 1000 orders)
  --only I      plays world I alone, counted from 0
  --lanes L     worlds at the same time (1)
  --rules R     ${ruleNames.join(' | ')} (ours)
  --queue Q     database | redis | both in turn (both where there is a redis-server)
  --venues V    bybit (two of them) | mixed (a Bybit and Binance's contracts) | wallets (a Bybit with savings, a Binance with
                spot and contracts, coins moved between its wallets) | both: all of them in turn (both)
  --log FILE    each world's result goes to FILE.worlds, what is said in world I to FILE.world-I, kept where something was found
  --json        the summary as one JSON document on stdout

SIGINT or SIGTERM: no other world begins, those that play end, the summary says what was done; a second one ends it at once.

Exit code: 0 nothing lost, doubled, unexplained or naked; 3 something was, or fewer orders or
kills than wished; 1 the run itself failed; 2 wrong arguments.
`;

export function readOptions(args: readonly string[]): ChaosOptions | 'help' | readonly string[] {
  const mistakes: string[] = [];
  const { values } = parse(args, mistakes);
  if (mistakes.length > 0) return mistakes;
  if (values.help === true) return 'help';
  const whole = (
    name: string,
    text: string | undefined,
    standard: number,
    least: number,
  ): number => {
    const value = text === undefined ? standard : Number(text);
    if (!Number.isSafeInteger(value) || value < least) {
      mistakes.push(`--${name} must be a whole number from ${least}, was ${text}`);
    }
    return value;
  };
  const oneOf = <T extends string>(
    name: string,
    text: string | undefined,
    of: readonly T[],
    standard: T,
  ): T => {
    const found = of.find((one) => one === (text ?? standard));
    if (found === undefined)
      mistakes.push(`--${name} must be one of ${of.join(', ')}, was ${text}`);
    return found ?? standard;
  };
  const orders = whole('orders', values.orders, 2_000, 1);
  const worlds = whole('worlds', values.worlds, Math.max(1, Math.round(orders / 1_000)), 1);
  const options: ChaosOptions = {
    seed: whole('seed', values.seed, 1, 0),
    orders,
    kills: whole('kills', values.kills, Math.ceil(orders / 40), 0),
    worlds,
    only: values.only === undefined ? null : whole('only', values.only, 0, 0),
    lanes: whole('lanes', values.lanes, 1, 1),
    rules: oneOf('rules', values.rules, ruleNames, 'ours'),
    queue: oneOf('queue', values.queue, ['database', 'redis', 'both'], 'both'),
    venues: oneOf('venues', values.venues, [...worldKinds, 'both'], 'both'),
    json: values.json === true,
    log: values.log ?? null,
  };
  if (options.only !== null && options.only >= worlds) {
    mistakes.push(`--only must be below ${worlds}, was ${options.only}`);
  }
  return mistakes.length > 0 ? mistakes : options;
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const known = {
  seed: text,
  orders: text,
  kills: text,
  worlds: text,
  only: text,
  lanes: text,
  rules: text,
  queue: text,
  venues: text,
  log: text,
  json: flag,
  help: flag,
};

function parse(args: readonly string[], mistakes: string[]) {
  try {
    return parseArgs({ args: [...args], options: known });
  } catch (error) {
    mistakes.push(error instanceof Error ? error.message : String(error));
    return { values: {} as ReturnType<typeof parseArgs<{ options: typeof known }>>['values'] };
  }
}
