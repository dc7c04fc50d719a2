/**
 * Reads bars, funding and readings: what is asked for in one turn in one statement, each series as one row.
 *
 * A row a value is what reading costs most: thousands of them, for every leg of every portfolio.
 */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { inOneTurn } from './inOneTurn.ts';
import type { Schema } from './schema.ts';

/** fromMs ≤ at < toMs */
type Window = { readonly fromMs: number; readonly toMs: number };
type OfSeries = Window & { readonly series: string };
type OfBars = Window & {
  readonly instrument: string;
  readonly kind: string;
  readonly barMs: number;
};

/** Oldest first. */
type Stamped = readonly { readonly atMs: number; readonly value: number }[];

export type StampedReads = {
  readonly bars: (asked: OfBars) => Promise<Stamped>;
  readonly funding: (asked: OfSeries) => Promise<Stamped>;
  readonly readings: (asked: OfSeries) => Promise<Stamped>;
};

export function createStampedReads(queries: Kysely<Schema>): StampedReads {
  const read = async (statement: RawBuilder<Columns>): Promise<readonly Stamped[]> => {
    const { rows } = await statement.execute(queries);
    return rows.map(({ times, figures }) =>
      times.map((atMs, index) => ({ atMs, value: Number(figures[index]) })),
    );
  };
  return {
    bars: inOneTurn((asked: readonly OfBars[]) =>
      read(sql<Columns>`
        select ${columns} from unnest(${asked.map((one) => one.instrument)}::text[],
            ${asked.map((one) => one.kind)}::text[], ${asked.map((one) => one.barMs)}::bigint[],
            ${asked.map((one) => one.fromMs)}::bigint[], ${asked.map((one) => one.toMs)}::bigint[])
          with ordinality as asked(instrument, kind, bar_ms, from_ms, to_ms, place),
        lateral (select json_agg(open_ms) as times, json_agg(close) as figures from (
          select open_ms, close from bars where bars.instrument = asked.instrument
            and bars.kind = asked.kind and bars.bar_ms = asked.bar_ms
            and open_ms >= asked.from_ms and open_ms < asked.to_ms order by open_ms) as ordered)
          as found
        order by asked.place`),
    ),
    funding: inOneTurn((asked: readonly OfSeries[]) =>
      read(seriesRows(asked, sql`select at_ms, rate as figure from funding where instrument`)),
    ),
    readings: inOneTurn((asked: readonly OfSeries[]) =>
      read(seriesRows(asked, sql`select at_ms, value as figure from readings where series`)),
    ),
  };
}

/** JSON has no word for what is not a number: it comes as a text. */
type Columns = {
  readonly times: readonly number[];
  readonly figures: readonly (number | string)[];
};

const columns = sql`coalesce(times, '[]') as times, coalesce(figures, '[]') as figures`;

/** @param ofName up to the name of a series. */
const seriesRows = (asked: readonly OfSeries[], ofName: RawBuilder<unknown>) => sql<Columns>`
  select ${columns}
  from unnest(${asked.map((one) => one.series)}::text[], ${asked.map((one) => one.fromMs)}::bigint[],
      ${asked.map((one) => one.toMs)}::bigint[])
    with ordinality as asked(name, from_ms, to_ms, place),
  lateral (select json_agg(at_ms) as times, json_agg(figure) as figures from (
    ${ofName} = asked.name and at_ms >= asked.from_ms and at_ms < asked.to_ms order by at_ms)
    as ordered) as found
  order by asked.place`;
