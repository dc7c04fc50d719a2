/** A world in memory: one venue, one database, a clock that moves only when somebody sleeps; processes come and go. */

import { parseConfig } from '../../src/config/load.ts';
import { policyOf } from '../../src/config/policy.ts';
import { decimal } from '../../src/domain/decimal.ts';
import type { InstrumentId } from '../../src/domain/ids.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { increasesCursor } from '../../src/rebalance/fence.ts';
import type { LineEvent } from '../../src/rebalance/ports/report.ts';
import type { Bar } from '../../src/rebalance/ports/venue.ts';
import type { Clock, Ports } from '../../src/rebalance/ports.ts';
import { alpha, instruments } from './instrumentsInMemory.ts';
import { createRows, createStores, type Rows } from './storesInMemory.ts';
import { createVenue } from './venueInMemory.ts';
import { createVenueState, type VenueState } from './venueStateInMemory.ts';

const hourMs = 3_600_000;
export const startMs = Date.UTC(2026, 0, 10, 8);

export type World = {
  readonly venue: VenueState;
  readonly rows: Rows;
  readonly events: LineEvent[];
  nowMs: number;
};

export const policy: Policy = (() => {
  const loaded = parseConfig(
    `
portfolio: test
venues: { alpha: { exchange: bybit, environment: simulated, endpoint: http://127.0.0.1:1 } }
legs:
  - { id: btc, kind: perpetual, venue: alpha, symbol: BTC/USDT:USDT, group: majors }
  - { id: eth, kind: perpetual, venue: alpha, symbol: ETH/USDT:USDT, group: majors }
  - { id: eth-carry, kind: carry, venue: alpha, spot: ETH/USDT, perpetual: ETH/USDT:USDT, group: yield }
  - { id: usdc-earn, kind: lending, venue: alpha, coin: USDC, group: yield }
objective: { groupBudgets: { majors: 0.7, yield: 0.3 } }
risk: { lookbackBars: 240, historyBarsMin: 48 }
sizing: { targetVolatilityAnnual: 0.15, grossLeverageMax: 3 }
rebalance: { cron: '0 */8 * * *', deadlineMs: 60000 }
execution: { style: ioc, settlingMs: 3000, pollMs: 250 }
`,
    {},
  );
  if (loaded.kind === 'invalid') throw new Error(JSON.stringify(loaded.faults));
  return policyOf(loaded.config);
})();

/** Sixty-four bits of a linear congruential generator: chance from a seed. */
function chance(seed: number): () => number {
  let state = BigInt(seed);
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) % 2n ** 64n;
    return Number(state >> 11n) / 2 ** 53;
  };
}

const normal = (next: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

/** Ten days of bars behind the start: coins that share a market, stable ones that hardly move. */
export function createWorld(seed = 1): World {
  const next = chance(seed);
  const venue = createVenueState();
  const rows = createRows();
  const series = new Map<string, Bar[]>();
  const level = new Map<string, number>();
  for (let hour = 250; hour >= 1; hour -= 1) {
    const market = normal(next) * 0.006;
    const ether = market + normal(next) * 0.004;
    for (const { id, symbol, kind } of instruments) {
      const move =
        kind === 'earn' || symbol === 'USDC/USDT'
          ? normal(next) * 0.0001
          : symbol.startsWith('BTC')
            ? market
            : ether + (kind === 'perpetual' ? normal(next) * 0.0003 : 0);
      const close = (level.get(symbol) ?? venue.prices.get(symbol) ?? 1) * (1 + move);
      level.set(symbol, close);
      const key = `${id} ${kind === 'perpetual' ? 'mark' : 'last'}`;
      series.set(key, [...(series.get(key) ?? []), { openMs: startMs - hour * hourMs, close }]);
    }
  }
  for (const [key, bars] of series) rows.bars.set(key, bars);
  rows.cursors.set('opened|alpha', startMs - 1);
  // A margin watch that finds the accounts calm runs beside everything here; who tests it takes this away.
  rows.cursors.set(increasesCursor(policy.portfolio), Number.MAX_SAFE_INTEGER);
  return { venue, rows, events: [], nowMs: startMs };
}

/** Books the opening balances, as the first start does. */
export function openWorld(world: World): World {
  const postings = [...world.venue.wallet].flatMap(([coin, amount]) => [
    { account: 'wallet' as const, commodity: coin, amount: decimal(amount), leg: null },
    { account: 'external' as const, commodity: coin, amount: decimal(-amount), leg: null },
  ]);
  world.rows.transactions.set('opening', {
    id: 'opening',
    kind: 'opening',
    venue: alpha,
    atMs: startMs - 1,
    instrument: null,
    rebalanceId: null,
    clientOrderId: null,
    postings,
  });
  return world;
}

/** Prices jump between a death and the restart. */
export function movePrices(world: World, share: number): void {
  for (const [symbol, price] of world.venue.prices) {
    if (!symbol.startsWith('earn:') && symbol !== 'USDC/USDT') {
      world.venue.prices.set(symbol, price * (1 + share));
    }
  }
}

/** A process that comes up in this world. */
export function startProcess(world: World, process: number): Ports {
  const clock: Clock = {
    nowMs: () => world.nowMs,
    sleep: async (ms) => {
      world.nowMs += ms;
    },
  };
  const nothing = (): void => undefined;
  return {
    clock,
    venues: new Map([[alpha, createVenue(world.venue, clock)]]),
    ...createStores(world.rows, clock, process),
    reporter: {
      event: (event) => void world.events.push(event),
      warn: (event) => void world.events.push(event),
      orderAcked: nothing,
      orderEnded: nothing,
      orderDenied: nothing,
      slippage: nothing,
      rebalanceEnded: nothing,
    },
  };
}

export const positionsOf = (world: World): Readonly<Record<InstrumentId, number>> =>
  Object.fromEntries(
    instruments.flatMap(({ id, symbol, kind }) =>
      kind === 'spot' ? [] : [[id, world.venue.positions.get(symbol)?.quantity ?? 0]],
    ),
  );
