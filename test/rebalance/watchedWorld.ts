/** A world in memory whose venues are watched: a memory of the watch, a second venue, figures that the test sets. */
import type { VenueId } from '../../src/domain/ids.ts';
import type { SolvencyStore, SolvencyWatch } from '../../src/rebalance/ports/solvency.ts';
import type { KnownVenueState } from '../../src/rebalance/ports/stores.ts';
import type { VenueReader, VenueSigns } from '../../src/rebalance/ports/venue.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import {
  type MarketFigure,
  NO_FEEDS,
  type VenueFigures,
} from '../../src/signals/solvency/figures.ts';
import { SOLVENCY_RULES } from '../../src/signals/solvency/rules.ts';
import { openedWorld } from './given.ts';

export const market: MarketFigure = {
  coin: 'BTC',
  quoteCoin: 'USDT',
  price: 100,
  index: 100,
  depthQuote: 1e6,
  funding8hRate: 1e-4,
};

const notOffered = { kind: 'notOffered' } as const;

function storeInMemory(): SolvencyStore {
  const memories = new Map<VenueId, Awaited<ReturnType<SolvencyStore['memory']>>>();
  const assessed = new Map<VenueId, Awaited<ReturnType<SolvencyStore['assessed']>>>();
  const overrides = new Map<VenueId, Awaited<ReturnType<SolvencyStore['override']>>>();
  return {
    memory: async (venue) => memories.get(venue) ?? null,
    recordMemory: async (venue, memory, atMs) => void memories.set(venue, { memory, atMs }),
    assessed: async (venue) => assessed.get(venue) ?? null,
    recordAssessed: async (venue, found, atMs, knownAtMs) => {
      if ((assessed.get(venue)?.lookedAtMs ?? null) !== knownAtMs) return false;
      const { state, confirmedAtMs, stateBefore } = found;
      const before = stateBefore === undefined ? {} : { stateBefore };
      assessed.set(venue, { state, confirmedAtMs, ...before, lookedAtMs: atMs });
      return true;
    },
    override: async (venue) => overrides.get(venue) ?? null,
    recordOverride: async (venue, override) => void overrides.set(venue, override),
    endOverride: async (venue, override) => {
      if (overrides.get(venue) !== override) return false;
      overrides.set(venue, null);
      return true;
    },
  };
}

/** Shown by a venue now; each may be changed between two looks. */
export type Shown = {
  price: number;
  isDark: boolean;
  figures: Partial<VenueFigures>;
  signs: Partial<VenueSigns>;
};

/** The opened world with its venue and others beside it, which are only looked at. */
export function watchedWorld(
  others: readonly {
    readonly id: VenueId;
    readonly exchange: string;
    readonly environment?: VenueReader['environment'];
  }[] = [],
  change: Partial<SolvencyWatch> = {},
) {
  const { world, ports: bare } = openedWorld();
  const states = new Map<VenueId, KnownVenueState>();
  const shown = new Map<VenueId, Shown>();
  const seen = (reader: VenueReader): VenueReader => {
    const now: Shown = { price: 100, isDark: false, figures: {}, signs: {} };
    shown.set(reader.id, now);
    return {
      ...reader,
      signs: async (coins) => ({ ...(await reader.signs(coins)), ...now.signs }),
      figures: async () => {
        const atMs = world.nowMs;
        const value = [{ ...market, price: now.price }];
        const markets = now.isDark
          ? ({ kind: 'unknown', reason: 'timeout' } as const)
          : ({ kind: 'observed', value, observedAtMs: atMs } as const);
        return { markets, insuranceUsd: notOffered, ownToken: notOffered, ...now.figures };
      },
    };
  };
  const [first] = [...bare.venues.values()];
  if (first === undefined) throw new Error('the world has a venue');
  const venues = new Map(
    [first.reader, ...others.map((other) => ({ ...first.reader, ...other }))].map((reader) => [
      reader.id,
      { ...first, reader: seen(reader) },
    ]),
  );
  const ports: Ports = {
    ...bare,
    venues,
    state: {
      ...bare.state,
      venueState: async (venue) => states.get(venue) ?? null,
      recordVenueState: async (venue, state, atMs, known) => {
        const sequence = states.get(venue)?.sequence ?? 0;
        if (known !== undefined && sequence > known) return false;
        states.set(venue, { ...state, atMs, sequence: sequence + 1 });
        return true;
      },
    },
    solvency: {
      portfolio: 'test',
      store: storeInMemory(),
      feeds: { read: async () => NO_FEEDS },
      rules: SOLVENCY_RULES,
      coins: ['BTC'],
      lookAgeMsMax: 300_000,
      ...change,
    },
  };
  const show = (venue: VenueId): Shown => {
    const found = shown.get(venue);
    if (found === undefined) throw new Error(`no venue ${venue}`);
    return found;
  };
  return { world, ports, show, stateOf: (venue: VenueId) => states.get(venue)?.state };
}
