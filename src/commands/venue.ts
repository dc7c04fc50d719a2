/**
 * `venue`: what is thought of one venue, and a person's word on it.
 *
 * Towards less risk a word is taken as given. Towards more than the signals allow it needs the venue's name again and an end; without
 * them the answer is a reasoned no, 3. Works while the daemon runs, which heeds it at its next look, and while it is down.
 */
import { hostname, userInfo } from 'node:os';
import { type Command, Option } from 'commander';
import { createLogger } from '../adapters/telemetry/logger.ts';
import { composeDatabase, composeStores, logReporter } from '../compose.ts';
import { clockAtRest } from '../composeSimulators.ts';
import { policyOf } from '../config/policy.ts';
import type { Config } from '../config/schema.ts';
import { type VenueId, venueId } from '../domain/ids.ts';
import { type OverrideAnswer, overrideVenue } from '../rebalance/overrideVenue.ts';
import type { Ports } from '../rebalance/ports.ts';
import { OVERRIDE_STATES, type OverrideState } from '../signals/solvency/override.ts';
import { solvencyWatch } from '../solvencyWatch.ts';
import {
  type CommonOptions,
  configCommand,
  guarded,
  readConfig,
  refuse,
  say,
} from './withConfig.ts';

type Options = CommonOptions & {
  readonly state?: OverrideState | 'auto';
  readonly reason?: string;
  readonly until?: string;
  readonly confirm?: string;
};

type VenuePorts = Pick<Ports, 'clock' | 'state' | 'solvency' | 'reporter'>;

const reasonLengthMax = 500;

export const venueCommand = (): Command =>
  configCommand('venue', 'what is thought of a venue, and your word on it')
    .argument('<id>', 'a venue of the config')
    .addOption(
      new Option('--state <state>', 'your word; auto: the signals alone').choices([
        ...OVERRIDE_STATES,
        'auto',
      ]),
    )
    .option('--reason <text>', 'why, for the record')
    .option('--until <time>', 'ISO time at which it ends, such as 2026-12-01T08:00:00Z')
    .option('--confirm <id>', 'the venue again, for a word that allows more than the signals')
    .action(async (id: string, options: Options) => {
      const config = readConfig(options);
      if (config === null) return;
      const faults = faultsOf(id, options, config);
      if (faults.length > 0) {
        process.exitCode = refuse(options, faults);
        return;
      }
      await guarded(options, () => answer(config, venueId(id), options));
    });

function faultsOf(id: string, { state, reason, until, confirm }: Options, config: Config) {
  const faults: { path: string; found: string; allowed: string }[] = [];
  if (!(id in config.venues)) {
    const allowed = `one of the venues: ${Object.keys(config.venues).join(', ')}`;
    faults.push({ path: '<id>', found: id, allowed });
  }
  if (until !== undefined && !/^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(until)) {
    faults.push({ path: '--until', found: until, allowed: 'an ISO time with its zone' });
  } else if (until !== undefined && Number.isNaN(Date.parse(until))) {
    faults.push({ path: '--until', found: until, allowed: 'a time that exists' });
  }
  if (reason !== undefined && reason.length > reasonLengthMax) {
    const allowed = `at most ${reasonLengthMax} characters`;
    faults.push({ path: '--reason', found: `${reason.length} characters`, allowed });
  }
  if (state === undefined && (reason ?? until ?? confirm) !== undefined) {
    faults.push({
      path: '--state',
      found: 'nothing',
      allowed: `${OVERRIDE_STATES.join(', ')}, auto`,
    });
  }
  return faults;
}

async function answer(config: Config, venue: VenueId, options: Options): Promise<number> {
  const database = await composeDatabase(config);
  try {
    const clock = clockAtRest(config);
    const { state } = composeStores(database, policyOf(config));
    const reporter = logReporter(createLogger({ level: config.log.level, secrets: [] }));
    const ports = { clock, state, reporter, solvency: solvencyWatch(config, database, clock) };
    return options.state === undefined
      ? await show(ports, venue, options)
      : await give(ports, venue, { ...options, state: options.state });
  } finally {
    await database.stop();
  }
}

async function show(ports: VenuePorts, venue: VenueId, options: Options): Promise<number> {
  const [stored, assessed, override] = await Promise.all([
    ports.state.venueState(venue),
    ports.solvency?.store.assessed(venue) ?? null,
    ports.solvency?.store.override(venue) ?? null,
  ]);
  const state = stored?.state ?? 'unknown';
  const evidence = stored?.evidence ?? ['never looked at'];
  const signalsSay = assessed?.state ?? state;
  const document = { kind: 'venue', venue, state, signalsSay, override, evidence };
  say(options, document, [`${venue}: ${state}`, ...evidence.map((one) => `  ${one}`)].join('\n'));
  return 0;
}

async function give(
  ports: VenuePorts,
  venue: VenueId,
  options: Options & { readonly state: OverrideState | 'auto' },
): Promise<number> {
  const given = await overrideVenue(ports, {
    venue,
    state: options.state,
    reason: options.reason ?? 'no reason given',
    by: `${userName()}@${hostname()}`,
    untilMs: options.until === undefined ? null : Date.parse(options.until),
    confirmed: options.confirm ?? null,
  });
  say(options, given, describe(given));
  return given.kind === 'recorded' ? 0 : 3;
}

/** A container may run under a number that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}

function describe(given: OverrideAnswer): string {
  if (given.kind === 'refused') return `${given.code}: ${given.message}`;
  const { venue, before, signalsSay, override } = given;
  const word = override === null ? 'the signals alone count' : `your word is ${override.state}`;
  const until =
    override?.untilMs === null || override === null
      ? ''
      : ` until ${new Date(override.untilMs).toISOString()}`;
  return `${venue} was ${before}, the signals say ${signalsSay}: ${word}${until}; a running daemon heeds it at its next look`;
}
