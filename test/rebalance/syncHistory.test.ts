/**
 * Bringing the stored history up to the present: pages, resumption, gaps, and venues that do not play along.
 *
 * Method: a venue that serves a series in pages, and counts them; the store in memory.
 */
import { describe, expect, test } from 'vitest';
import type { Policy } from '../../src/domain/policy.ts';
import type { Bar, VenueReader } from '../../src/rebalance/ports/venue.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { syncHistory } from '../../src/rebalance/syncHistory.ts';
import { noAnswer } from '../simulation/venueFaults.ts';
import { createWorld, startMs, startProcess, policy as template } from '../simulation/world.ts';
import { btc, ethSpot, usdcEarn } from './given.ts';

const hourMs = 3_600_000;
const lookingBack = (lookbackBars: number): Policy => ({
  ...template,
  risk: { ...template.risk, barMs: hourMs, lookbackBars },
});

function emptyWorld() {
  const world = createWorld();
  world.rows.bars.clear();
  return { world, ports: startProcess(world, 1) };
}

/** A series that never ends, served in pages; hours that are missing are not served. */
function pagedReader(
  ports: Ports,
  { page = 10, missing = new Set<number>() } = {},
): { readonly reader: VenueReader; readonly asked: number[] } {
  const asked: number[] = [];
  const base = [...ports.venues.values()][0]?.reader;
  if (base === undefined) throw new Error('the venue is there');
  const reader: VenueReader = {
    ...base,
    bars: async (_, __, sinceMs) => {
      asked.push(sinceMs);
      const bars: Bar[] = [];
      // The venue also serves the bar that is not over.
      for (let openMs = sinceMs; openMs <= startMs && bars.length < page; openMs += hourMs) {
        if (!missing.has(openMs)) bars.push({ openMs, close: openMs / hourMs });
      }
      return bars;
    },
  };
  return { reader, asked };
}

const opens = (world: ReturnType<typeof createWorld>, key = `${btc.id} mark`) =>
  (world.rows.bars.get(key) ?? []).map((bar) => bar.openMs);
const hours = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from }, (_, k) => startMs + (from + k) * hourMs);

describe('bars', () => {
  test('are read page by page up to the last that is over: one more than the look-back', async () => {
    const { world, ports } = emptyWorld();
    const { reader, asked } = pagedReader(ports);
    expect(await syncHistory(ports, lookingBack(24), reader, [btc])).toEqual([]);
    expect(opens(world)).toEqual(hours(-25, 0));
    expect(asked).toEqual([-25, -15, -5].map((hour) => startMs + hour * hourMs));
  });

  test('go on where they ended, and only the new ones are asked for', async () => {
    const { world, ports } = emptyWorld();
    const { reader, asked } = pagedReader(ports);
    world.nowMs = startMs - 3 * hourMs;
    await syncHistory(ports, lookingBack(24), reader, [btc]);
    asked.length = 0;
    await syncHistory(ports, lookingBack(24), reader, [btc]);
    expect(asked).toEqual([]);
    world.nowMs = startMs;
    await syncHistory(ports, lookingBack(24), reader, [btc]);
    expect(asked).toEqual([startMs - 3 * hourMs]);
    expect(opens(world)).toEqual(hours(-28, 0));
  });

  test('are read from the beginning when the look-back has grown', async () => {
    const { world, ports } = emptyWorld();
    const { reader } = pagedReader(ports);
    await syncHistory(ports, lookingBack(10), reader, [btc]);
    expect(await syncHistory(ports, lookingBack(48), reader, [btc])).toEqual([]);
    expect(opens(world)).toEqual(hours(-49, 0));
  });

  test('are read from the beginning also when the first page of a grown look-back failed', async () => {
    const { world, ports } = emptyWorld();
    const { reader } = pagedReader(ports);
    await syncHistory(ports, lookingBack(10), reader, [btc]);
    const down: VenueReader = { ...reader, bars: () => Promise.reject(noAnswer()) };
    await expect(syncHistory(ports, lookingBack(48), down, [btc])).rejects.toThrow(
      /did not answer/,
    );
    expect(await syncHistory(ports, lookingBack(48), reader, [btc])).toEqual([]);
    expect(opens(world)).toEqual(hours(-49, 0));
  });

  test('start at the look-back after a long pause, not where they once ended', async () => {
    const { world, ports } = emptyWorld();
    world.nowMs = startMs - 1_000 * hourMs;
    const { reader, asked } = pagedReader(ports);
    await syncHistory(ports, lookingBack(24), reader, [btc]);
    asked.length = 0;
    world.nowMs = startMs;
    await syncHistory(ports, lookingBack(24), reader, [btc]);
    expect(asked[0]).toBe(startMs - 25 * hourMs);
  });

  test('that the venue lacks are counted as a gap, and reading goes on behind it', async () => {
    const { world, ports } = emptyWorld();
    const missing = new Set(hours(-12, -9));
    const { reader } = pagedReader(ports, { missing });
    expect(await syncHistory(ports, lookingBack(24), reader, [btc])).toEqual([
      { instrument: btc.id, missingBars: 3, ofBars: 25 },
    ]);
    expect(opens(world).at(-1)).toBe(startMs - hourMs);
  });

  test('a venue that repeats one page is left, and the rest is a gap', async () => {
    const { world, ports } = emptyWorld();
    const { reader } = pagedReader(ports);
    let calls = 0;
    const first = startMs - 25 * hourMs;
    const repeating: VenueReader = {
      ...reader,
      bars: async (instrument, kind, _, barMs) => {
        calls += 1;
        return await reader.bars(instrument, kind, first, barMs);
      },
    };
    expect(await syncHistory(ports, lookingBack(24), repeating, [btc])).toEqual([
      { instrument: btc.id, missingBars: 15, ofBars: 25 },
    ]);
    expect(calls).toBe(2);
    expect(opens(world)).toHaveLength(10);
  });

  test('a perpetual’s are its marks, a spot market’s its trades, and an earn product has none', async () => {
    const { world, ports } = emptyWorld();
    const { reader } = pagedReader(ports, { page: 100 });
    await syncHistory(ports, lookingBack(24), reader, [btc, ethSpot, usdcEarn]);
    expect([...world.rows.bars.keys()].sort()).toEqual([`${btc.id} mark`, `${ethSpot.id} last`]);
  });

  test('the bar that is not over is not stored, at whatever minute it is asked', async () => {
    const { world, ports } = emptyWorld();
    const { reader } = pagedReader(ports, { page: 100 });
    world.nowMs = startMs + 59 * 60_000;
    await syncHistory(ports, lookingBack(24), reader, [btc]);
    expect(opens(world).at(-1)).toBe(startMs - hourMs);
  });
});

describe('funding', () => {
  test('is read page by page, each settlement once, and goes on behind the last', async () => {
    const { world, ports } = emptyWorld();
    const { reader } = pagedReader(ports, { page: 100 });
    const all = [-24, -16, -8, 0].map((hour) => ({ atMs: startMs + hour * hourMs, rate: hour }));
    const asked: number[] = [];
    const funded: VenueReader = {
      ...reader,
      fundingHistory: async (_, sinceMs) => {
        asked.push(sinceMs);
        return all.filter((stamp) => stamp.atMs >= sinceMs).slice(0, 2);
      },
    };
    await syncHistory(ports, lookingBack(24), funded, [btc]);
    expect(world.rows.funding.get(btc.id)).toEqual(all);
    expect(asked).toEqual([startMs - 25 * hourMs, startMs - 16 * hourMs + 1, startMs + 1]);
    asked.length = 0;
    await syncHistory(ports, lookingBack(24), funded, [btc]);
    expect(asked).toEqual([startMs + 1]);
  });

  test('a venue that always answers the same settlements is left', async () => {
    const { ports } = emptyWorld();
    const { reader } = pagedReader(ports, { page: 100 });
    let calls = 0;
    const stuck: VenueReader = {
      ...reader,
      fundingHistory: async () => {
        calls += 1;
        return [{ atMs: startMs - hourMs, rate: 0.0001 }];
      },
    };
    await syncHistory(ports, lookingBack(24), stuck, [btc]);
    expect(calls).toBe(2);
  });
});
