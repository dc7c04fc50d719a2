/** Bars, funding, yields and other readings: written as often as they are read from a venue, kept once. */
import { type Kysely, sql } from 'kysely';
import type { HistoryStore } from '../../rebalance/ports/stores.ts';
import { inOneTurn } from './inOneTurn.ts';
import type { Schema } from './schema.ts';
import { type Scope, unscoped } from './scope.ts';
import { createStampedReads } from './stampedReads.ts';

export function createHistoryStore(queries: Kysely<Schema>, scope: Scope = unscoped): HistoryStore {
  const reads = createStampedReads(queries);
  const saveReadings = savedInOneTurn(queries);
  return {
    saveBars: async ({ instrument, kind, barMs }, bars) => {
      if (bars.length === 0) return;
      await sql`
        insert into bars (instrument, kind, bar_ms, open_ms, close)
        select ${scope.instrument(instrument)}, ${kind}, ${barMs}::bigint, *
        from unnest(${bars.map((bar) => bar.openMs)}::bigint[],
          ${bars.map((bar) => bar.close)}::float8[])
        on conflict (instrument, kind, bar_ms, open_ms) do update set close = excluded.close
        where bars.close <> excluded.close`.execute(queries);
    },

    bars: async ({ instrument, kind, barMs }, fromMs, toMs) => {
      const asked = { instrument: scope.instrument(instrument), kind, barMs, fromMs, toMs };
      return (await reads.bars(asked)).map(({ atMs, value }) => ({ openMs: atMs, close: value }));
    },

    saveFunding: async (instrument, stamps) => {
      if (stamps.length === 0) return;
      await sql`
        insert into funding (instrument, at_ms, rate)
        select ${scope.instrument(instrument)}, *
        from unnest(${stamps.map((stamp) => stamp.atMs)}::bigint[],
          ${stamps.map((stamp) => stamp.rate)}::float8[])
        on conflict (instrument, at_ms) do update set rate = excluded.rate
        where funding.rate <> excluded.rate`.execute(queries);
    },

    funding: async (instrument, fromMs, toMs) => {
      const asked = { series: scope.instrument(instrument), fromMs, toMs };
      return (await reads.funding(asked)).map(({ atMs, value }) => ({ atMs, rate: value }));
    },

    saveYield: async (instrument, atMs, yieldAnnual) => {
      await queries
        .insertInto('yields')
        .values({
          instrument: scope.instrument(instrument),
          at_ms: atMs,
          yield_annual: yieldAnnual,
        })
        .onConflict((conflict) =>
          conflict.columns(['instrument', 'at_ms']).doUpdateSet({ yield_annual: yieldAnnual }),
        )
        .execute();
    },

    yields: async (instrument, fromMs, toMs) => {
      const rows = await queries
        .selectFrom('yields')
        .select(['at_ms', 'yield_annual'])
        .where('instrument', '=', scope.instrument(instrument))
        .where('at_ms', '>=', fromMs)
        .where('at_ms', '<', toMs)
        .orderBy('at_ms')
        .execute();
      return rows.map((row) => ({ atMs: row.at_ms, yieldAnnual: row.yield_annual }));
    },

    saveReadings: async (series, readings) => {
      if (readings.length === 0) return;
      const name = scope.series(series);
      await saveReadings(readings.map(({ atMs, value }) => ({ series: name, atMs, value })));
    },

    readings: (series, fromMs, toMs) =>
      reads.readings({ series: scope.series(series), fromMs, toMs }),
  };
}

type SeriesReading = { readonly series: string; readonly atMs: number; readonly value: number };

/** Only what is new or another value is written: most of it is what another portfolio of the market has read as well. */
const savedInOneTurn = (queries: Kysely<Schema>) =>
  inOneTurn(async (given: readonly (readonly SeriesReading[])[]) => {
    // Of two readings of one time the later one in the list: one statement may strike a row once. All writers go through the
    // rows in one order, so that none waits for another that waits for it.
    const byRow = new Map(given.flat().map((each) => [`${each.series} ${each.atMs}`, each]));
    const rows = [...byRow.values()];
    await sql`
      insert into readings (series, at_ms, value)
      select given.* from unnest(${rows.map(({ series }) => series)}::text[],
        ${rows.map(({ atMs }) => atMs)}::bigint[],
        ${rows.map(({ value }) => value)}::float8[]) as given(series, at_ms, value)
      left join readings as kept on kept.series = given.series and kept.at_ms = given.at_ms
      where kept.value is distinct from given.value
      order by given.series collate "C", given.at_ms
      on conflict (series, at_ms) do update set value = excluded.value
      where readings.value <> excluded.value`.execute(queries);
    return given.map(() => undefined);
  });
