/**
 * One simulated exchange: its account, its switches, its clock, its files; and how a request is answered.
 *
 * Whatever an answer tells is on disk before the answer leaves.
 */
import { advance } from '../core/advance.ts';
import {
  createVenue,
  defaultSettings,
  restoreVenue,
  type Settings,
  type Venue,
} from '../core/venue.ts';
import type { Market } from '../market/market.ts';
import { type Clock, type ClockChoice, createClock } from './clock.ts';
import type { Answered, Desk, Dialect } from './dialect.ts';
import { type ActiveFault, nextFaultMs, strikeDue, type TransportFault } from './faults.ts';
import type { Request } from './request.ts';
import { openStateFiles, type StateFiles } from './stateFiles.ts';
import { createWorld, noteHost, type World } from './world.ts';

export type Credentials = { readonly apiKey: string; readonly apiSecret: string };

/** How quickly a venue forgets a request and shows what it did. */
export type Timing = {
  /** Greatest age of a signed request, whatever window it names for itself. */
  readonly receiveWindowMsMax: number;
  /** Orders and executions are not shown before that age. */
  readonly readLagMs: number;
};

export const defaultTiming: Timing = { receiveWindowMsMax: 60_000, readLagMs: 0 };

export type ExchangeOptions = {
  readonly dialect: Dialect;
  readonly market: Market;
  readonly clock: ClockChoice;
  /** Opening balances, coin to decimal text; ignored when the state folder holds an account already. */
  readonly balances: Readonly<Record<string, string>>;
  readonly credentials: Credentials;
  readonly settings?: Partial<Settings>;
  readonly timing?: Partial<Timing>;
  readonly stateDir?: string;
};

export type Exchange = {
  readonly dialect: Dialect;
  readonly desk: Desk;
  readonly venue: Venue;
  readonly world: World;
  readonly clock: Clock;
  readonly faults: ActiveFault[];
  readonly credentials: Credentials;
  readonly timing: Timing;
  /** It began without stored state. */
  readonly isNew: boolean;
  /** Where the account is kept; null: nowhere. */
  readonly stateDir: string | null;
  /** Moves the venue to its clock's time. */
  readonly catchUp: () => void;
  /** Moves the venue to a time; what was to befall it on the way does. */
  readonly liveTo: (toMs: number) => void;
  /** Puts on disk what changed; nothing without a state folder. */
  readonly save: (always: boolean) => void;
  /** Saves for the last time. */
  readonly close: () => void;
};

/** @throws Error when the state folder cannot be used, or holds another venue's account. */
export function createExchange(options: ExchangeOptions): Exchange {
  const { dialect } = options;
  const files = options.stateDir === undefined ? null : openStateFiles(options.stateDir);
  const loaded = files?.loaded ?? null;
  const world = { ...createWorld(), ...loaded?.world };
  if ((world.dialect ?? 'bybit') !== dialect.name && loaded !== null)
    throw new Error(`the stored account is one of ${world.dialect ?? 'bybit'}`);
  world.dialect = dialect.name;
  const clock = createClock(options.clock, loaded === null ? null : world.clockOffsetMs);
  world.clockOffsetMs = clock.offsetMs;
  const settings = { ...defaultSettings, ...dialect.settings, ...options.settings };
  const market = dialect.marketOf(options.market);
  const startMs = options.clock.kind === 'virtual' ? options.clock.nowMs : clock.read(0);
  const venue =
    loaded === null
      ? createVenue({ market, settings, balances: options.balances, nowMs: startMs })
      : restoreVenue(market, settings, loaded.live, loaded.journal);
  const save = saver(files, venue, world);
  save(true);
  const faults: ActiveFault[] = [];
  const liveTo = (toMs: number): void => {
    for (let at = nextFaultMs(world); at !== null && at <= toMs; at = nextFaultMs(world)) {
      advance(venue, at);
      strikeDue({ venue, world, faults });
    }
    advance(venue, toMs);
  };
  return {
    dialect,
    desk: dialect.createDesk(),
    venue,
    world,
    clock,
    faults,
    credentials: options.credentials,
    timing: { ...defaultTiming, ...options.timing },
    isNew: loaded === null,
    stateDir: options.stateDir ?? null,
    catchUp: () => liveTo(clock.read(venue.live.nowMs)),
    liveTo,
    save,
    close: () => {
      save(true);
      files?.close();
    },
  };
}

function saver(files: StateFiles | null, venue: Venue, world: World): (always: boolean) => void {
  let savedLength = -1;
  return (always) => {
    if (files === null || (!always && venue.journal.length === savedLength)) return;
    files.save(venue, world);
    savedLength = venue.journal.length;
  };
}

/** Answers one request; the fault may change what is read or refuse what was asked. */
export function answer(
  exchange: Exchange,
  request: Request,
  fault: TransportFault | undefined,
): Answered {
  exchange.catchUp();
  if (request.originalHost !== undefined) noteHost(exchange.world, request.originalHost);
  const answered = exchange.desk.answer(exchange, request, fault);
  exchange.save(answered.hasChanged);
  return answered;
}

/** The age below which reads show nothing: a fault's, or the venue's own. */
export function lagOf(exchange: Exchange, fault: TransportFault | undefined): number {
  const { readLagMs } = exchange.timing;
  return fault?.kind === 'laggingReads' ? Math.max(fault.lagMs, readLagMs) : readLagMs;
}
