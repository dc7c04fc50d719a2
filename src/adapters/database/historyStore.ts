/** Bars, funding, yields and other readings: written as often as they are read from a venue, kept once. */
import { type Kysely, sql } from 'kysely';
import type { HistoryStore } from '../../rebalance/ports/stores.ts';
import type { Schema } from './schema.ts';
import { type Scope, unscoped } from './scope.ts';

export function createHistoryStore(queries: Kysely<Schema>, scope: Scope = unscoped): HistoryStore {
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
      const rows = await queries
        .selectFrom('bars')
        .select(['open_ms', 'close'])
        .where('instrument', '=', scope.instrument(instrument))
        .where('kind', '=', kind)
        .where('bar_ms', '=', barMs)
        .where('open_ms', '>=', fromMs)
        .where('open_ms', '<', toMs)
        .orderBy('open_ms')
        .execute();
      return rows.map((row) => ({ openMs: row.open_ms, close: row.close }));
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
      const rows = await queries
        .selectFrom('funding')
        .select(['at_ms', 'rate'])
        .where('instrument', '=', scope.instrument(instrument))
        .where('at_ms', '>=', fromMs)
        .where('at_ms', '<', toMs)
        .orderBy('at_ms')
        .execute();
      return rows.map((row) => ({ atMs: row.at_ms, rate: row.rate }));
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
      // Of two readings of one time the later one in the list: one statement may strike a row once.
      const byTime = [...new Map(readings.map((each) => [each.atMs, each.value]))];
      await sql`
        insert into readings (series, at_ms, value)
        select ${scope.series(series)}, *
        from unnest(${byTime.map(([atMs]) => atMs)}::bigint[],
          ${byTime.map(([, value]) => value)}::float8[])
        on conflict (series, at_ms) do update set value = excluded.value
        where readings.value <> excluded.value`.execute(queries);
    },

    readings: async (series, fromMs, toMs) => {
      const rows = await queries
        .selectFrom('readings')
        .select(['at_ms', 'value'])
        .where('series', '=', scope.series(series))
        .where('at_ms', '>=', fromMs)
        .where('at_ms', '<', toMs)
        .orderBy('at_ms')
        .execute();
      return rows.map((row) => ({ atMs: row.at_ms, value: row.value }));
    },
  };
}
