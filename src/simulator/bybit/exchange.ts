/**
 * One simulated exchange: its account, its switches, its clock, its files; and how a request is answered.
 *
 * Order of checks: maintenance, route, time and signature, right of the key, rate. Whatever the answer tells is on disk
 * before the answer leaves.
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
import type { Call, Parameters } from './call.ts';
import { findCall } from './calls.ts';
import { type Clock, type ClockChoice, createClock } from './clock.ts';
import { type ActiveFault, nextFaultMs, strikeDue, type TransportFault } from './faults.ts';
import { createRateWindow, type RateWindow } from './rateWindow.ts';
import { failed, type Reply } from './reply.ts';
import { type Credentials, type SignedParts, signatureFault } from './signature.ts';
import { openStateFiles, type StateFiles } from './stateFiles.ts';
import { createWorld, inMaintenance, noteHost, shownMs, type World } from './world.ts';

export type ExchangeOptions = {
  readonly market: Market;
  readonly clock: ClockChoice;
  /** Opening balances, coin to decimal text; ignored when the state folder holds an account already. */
  readonly balances: Readonly<Record<string, string>>;
  readonly credentials: Credentials;
  readonly settings?: Partial<Settings>;
  readonly stateDir?: string;
};

export type Exchange = {
  readonly venue: Venue;
  readonly world: World;
  readonly clock: Clock;
  readonly faults: ActiveFault[];
  readonly credentials: Credentials;
  /** It began without stored state. */
  readonly isNew: boolean;
  readonly rates: RateWindow;
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

/** @throws Error when the state folder cannot be used. */
export function createExchange(options: ExchangeOptions): Exchange {
  const files = options.stateDir === undefined ? null : openStateFiles(options.stateDir);
  const loaded = files?.loaded ?? null;
  const world = { ...createWorld(), ...loaded?.world };
  const clock = createClock(options.clock, loaded === null ? null : world.clockOffsetMs);
  world.clockOffsetMs = clock.offsetMs;
  const settings = { ...defaultSettings, ...options.settings };
  const startMs = options.clock.kind === 'virtual' ? options.clock.nowMs : clock.read(0);
  const venue =
    loaded === null
      ? createVenue({
          market: options.market,
          settings,
          balances: options.balances,
          nowMs: startMs,
        })
      : restoreVenue(options.market, settings, loaded.live, loaded.journal);
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
    venue,
    world,
    clock,
    faults,
    credentials: options.credentials,
    isNew: loaded === null,
    rates: createRateWindow(),
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

export type Request = {
  readonly method: string;
  readonly path: string;
  readonly parameters: Parameters;
  readonly signed: SignedParts;
  readonly originalHost: string | undefined;
};

type Answered = { readonly status: number; readonly reply: Reply };

/** Answers one request; the fault may change what is read or refuse what was asked. */
export function answer(
  exchange: Exchange,
  request: Request,
  fault: TransportFault | undefined,
): Answered {
  exchange.catchUp();
  if (request.originalHost !== undefined) noteHost(exchange.world, request.originalHost);
  const call = findCall(request.method, request.path);
  const answered = answerCall(exchange, request, call, fault);
  exchange.save(call?.method === 'POST' && answered.reply.retCode === 0);
  return answered;
}

const openInMaintenance: readonly string[] = ['/v5/system/status', '/v5/market/time'];

function answerCall(
  exchange: Exchange,
  request: Request,
  call: Call | undefined,
  fault: TransportFault | undefined,
): Answered {
  const { venue, world } = exchange;
  if (inMaintenance(world, venue.live.nowMs) && !openInMaintenance.includes(request.path))
    return { status: 503, reply: failed(10016, 'System maintenance') };
  if (call === undefined) return { status: 404, reply: failed(10017, 'Route not found.') };
  const refusal = rightsFault(exchange, request, call);
  if (refusal !== null) return { status: 200, reply: refusal };
  if (fault?.kind === 'rejected' && !fault.accepted)
    return { status: 200, reply: failed(fault.retCode, fault.retMsg) };
  const reply = call.answer({
    venue,
    world,
    parameters: request.parameters,
    lagMs: fault?.kind === 'laggingReads' ? fault.lagMs : 0,
    repeatRows: fault?.kind === 'duplicateFills',
  });
  if (fault?.kind === 'rejected')
    return { status: 200, reply: failed(fault.retCode, fault.retMsg) };
  return { status: 200, reply };
}

function rightsFault(exchange: Exchange, request: Request, call: Call): Reply | null {
  if (call.permission === 'public') return rateFault(exchange, request);
  const serverMs = shownMs(exchange.world, exchange.venue.live.nowMs);
  const unsigned = signatureFault(request.signed, exchange.credentials, serverMs);
  if (unsigned !== null) return unsigned;
  if (!exchange.world.permissions.includes(call.permission))
    return failed(10005, 'Permission denied, please check your API key permissions.');
  return rateFault(exchange, request);
}

function rateFault(exchange: Exchange, request: Request): Reply | null {
  if (exchange.rates.pass(request.path)) return null;
  return failed(10006, 'Too many visits. Exceeded the API Rate Limit.');
}
