/**
 * The simulated exchange on loopback: a venue's paths for clients, /simulator for tests and people.
 */

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import type { JournalEntry } from '../core/entries.ts';
import { findInstrument, quoteNow } from '../core/quotes.ts';
import type { Settings } from '../core/venue.ts';
import type { Category, Market } from '../market/market.ts';
import type { ClockChoice } from './clock.ts';
import { addControl, advanceTo } from './control.ts';
import type { Dialect } from './dialect.ts';
import { createExchange, type Exchange, type Timing } from './exchange.ts';
import { type FaultRequest, parseFaults } from './faultSchema.ts';
import { inject } from './faults.ts';
import { journalSince } from './journal.ts';
import { serve } from './transport.ts';

const tickMs = 1000;
const host = '127.0.0.1';

export type SimulatorOptions = {
  /** The venue that it plays. */
  readonly dialect: Dialect;
  readonly market: Market;
  readonly clock: ClockChoice;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Opening balances, coin to decimal text. */
  readonly balances?: Readonly<Record<string, string>>;
  readonly apiKey?: string;
  readonly apiSecret?: string;
  readonly settings?: Partial<Settings>;
  readonly timing?: Partial<Timing>;
  /** Folder of the account; a second start on it goes on where the first stopped. */
  readonly stateDir?: string;
};

export type Simulator = {
  /** http://127.0.0.1:PORT */
  readonly origin: string;
  /** No account was in its folder: what is to befall it was not asked for before. */
  readonly isNew: boolean;
  /** Moves the virtual clock. @throws RangeError on the real clock or for a time in the past. */
  readonly advanceTo: (ms: number) => void;
  readonly nowMs: () => number;
  /** Mark of a contract or last price of a pair now, with what befell it; NaN where it does not trade. */
  readonly priceOf: (category: Category, symbol: string) => number;
  /** Everything that really happened, oldest first. */
  readonly journal: () => readonly JournalEntry[];
  /** @throws RangeError for a fault that is none. */
  readonly inject: (fault: FaultRequest | readonly FaultRequest[]) => void;
  readonly close: () => Promise<void>;
};

/** Starts a simulator. @throws Error with code EADDRINUSE when the port is taken. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const exchange = createExchange({
    dialect: options.dialect,
    market: options.market,
    clock: options.clock,
    balances: options.balances ?? { USDT: '100000' },
    credentials: {
      apiKey: options.apiKey ?? 'simulated',
      apiSecret: options.apiSecret ?? 'simulated-secret',
    },
    ...(options.settings === undefined ? {} : { settings: options.settings }),
    ...(options.timing === undefined ? {} : { timing: options.timing }),
    ...(options.stateDir === undefined ? {} : { stateDir: options.stateDir }),
  });
  const server = createAdaptorServer({ fetch: appOf(exchange).fetch }) as Server;
  await listen(server, options.port ?? 0);
  const ticking = exchange.clock.kind === 'real' ? setInterval(() => tick(exchange), tickMs) : null;
  ticking?.unref();
  return {
    origin: `http://${host}:${(server.address() as AddressInfo).port}`,
    isNew: exchange.isNew,
    advanceTo: (ms) => {
      if (exchange.clock.kind !== 'virtual' || ms < exchange.venue.live.nowMs)
        throw new RangeError(`only a virtual clock moves, and only forward, was ${ms}`);
      advanceTo(exchange, ms);
    },
    nowMs: () => exchange.clock.read(exchange.venue.live.nowMs),
    priceOf: (category, symbol) => {
      const { venue } = exchange;
      const instrument = findInstrument(venue, category, symbol);
      const quote = instrument && quoteNow(venue, instrument);
      return (category === 'linear' ? quote?.mark : quote?.last) ?? Number.NaN;
    },
    journal: () => {
      exchange.catchUp();
      return journalSince(exchange, 0);
    },
    inject: (fault) => {
      const parsed = parseFaults(fault);
      if (typeof parsed === 'string') throw new RangeError(parsed);
      exchange.catchUp();
      inject(exchange, parsed);
      exchange.save(true);
    },
    close: async () => {
      if (ticking !== null) clearInterval(ticking);
      await close(server);
      exchange.close();
    },
  };
}

function appOf(exchange: Exchange): Hono {
  const app = new Hono<{ Bindings: HttpBindings }>();
  addControl(app as unknown as Hono, exchange);
  app.all('*', async (c) => {
    await serve(exchange, c.env.incoming, c.env.outgoing);
    return RESPONSE_ALREADY_SENT;
  });
  return app as unknown as Hono;
}

function tick(exchange: Exchange): void {
  exchange.catchUp();
  exchange.save(false);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
