/**
 * The simulator's own endpoints: journal, state, faults, and time on the virtual clock.
 */
import type { Hono } from 'hono';
import { z } from 'zod';
import { summarize } from '../core/account.ts';
import type { Exchange } from './exchange.ts';
import { parseFaults } from './faultSchema.ts';
import { inject } from './faults.ts';
import { journalSince } from './journal.ts';

const advanceSchema = z.union([
  z.strictObject({ toMs: z.int().min(0) }),
  z.strictObject({ byMs: z.int().min(0) }),
]);

/** Moves a virtual clock; the venue lives through what happens on the way. */
export function advanceTo(exchange: Exchange, toMs: number): void {
  exchange.liveTo(toMs);
  exchange.save(true);
}

/** What the account is worth and does now; numbers are for people and tests, not for books. */
function stateOf(exchange: Exchange) {
  const { venue, world } = exchange;
  const account = summarize(venue);
  return {
    // Which process this is, for who started it and wants to end it.
    pid: process.pid,
    stateDir: exchange.stateDir,
    nowMs: venue.live.nowMs,
    clock: exchange.clock.kind,
    dialect: exchange.dialect.name,
    equityUsd: account.equityUsd + account.spotUsd,
    marginBalanceUsd: account.marginBalanceUsd,
    maintenanceMarginUsd: account.maintenanceMarginUsd,
    initialMarginUsd: account.initialMarginUsd,
    wallets: venue.live.wallets,
    spotWallets: venue.live.spotWallets,
    stakes: venue.live.stakes,
    positions: Object.fromEntries(
      Object.entries(venue.live.positions).map(([symbol, p]) => [symbol, p.quantity]),
    ),
    openOrders: Object.values(venue.live.openOrders),
    positionMode: venue.live.positionMode,
    journalLength: venue.journal.length,
    hosts: world.hosts,
    faults: exchange.faults,
    notes: venue.market.notes,
  };
}

export function addControl(app: Hono, exchange: Exchange): void {
  app.get('/simulator/journal', (c) => {
    exchange.catchUp();
    exchange.save(false);
    const since = Number(c.req.query('since') ?? 0);
    if (!Number.isInteger(since)) return c.json({ error: 'since must be a whole number' }, 400);
    return c.json({ nowMs: exchange.venue.live.nowMs, entries: journalSince(exchange, since) });
  });
  app.get('/simulator/state', (c) => {
    exchange.catchUp();
    exchange.save(false);
    return c.json(stateOf(exchange));
  });
  app.post('/simulator/faults', async (c) => {
    exchange.catchUp();
    const faults = parseFaults(await bodyOf(c.req.text()));
    if (typeof faults === 'string') return c.json({ error: faults }, 400);
    try {
      inject(exchange, faults);
    } catch (error) {
      if (error instanceof RangeError) return c.json({ error: error.message }, 400);
      throw error;
    }
    exchange.save(true);
    return c.json({ active: exchange.faults });
  });
  app.delete('/simulator/faults', (c) => {
    exchange.faults.splice(0);
    return c.json({ active: [] });
  });
  app.post('/simulator/advance', async (c) => {
    if (exchange.clock.kind !== 'virtual')
      return c.json({ error: 'start with --clock virtual to move the time' }, 409);
    const parsed = advanceSchema.safeParse(await bodyOf(c.req.text()));
    if (!parsed.success) return c.json({ error: 'give toMs or byMs, a whole number' }, 400);
    const { nowMs } = exchange.venue.live;
    const toMs = 'toMs' in parsed.data ? parsed.data.toMs : nowMs + parsed.data.byMs;
    if (toMs < nowMs) return c.json({ error: `time does not go back: now ${nowMs}` }, 400);
    advanceTo(exchange, toMs);
    return c.json({ nowMs: exchange.venue.live.nowMs });
  });
}

async function bodyOf(text: Promise<string>): Promise<unknown> {
  try {
    return JSON.parse(await text);
  } catch {
    return undefined;
  }
}
