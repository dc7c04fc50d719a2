/** The chain of events, verified: each hash is of the event and of the hash before it. */
import { type Kysely, sql } from 'kysely';
import type { Schema } from './schema.ts';

export type EventChain =
  | { readonly kind: 'intact'; readonly events: number }
  /** The first event that is missing, or whose hash is not the one it should have. */
  | { readonly kind: 'broken'; readonly number: number };

export async function verifyEvents(
  queries: Kysely<Schema>,
  portfolio: string,
): Promise<EventChain> {
  const { rows } = await sql<{ readonly broken: number | null; readonly events: number }>`
    with chained as (
      select e.*, row_number() over (order by number) as expected,
        coalesce(lag(hash) over (order by number), '') as previous
      from events e where portfolio = ${portfolio})
    select count(*) as events, min(expected) filter (where number <> expected
      or hash <> event_hash(previous, number, kind, detail, at_ms)) as broken
    from chained`.execute(queries);
  const { broken = null, events = 0 } = rows[0] ?? {};
  return broken === null ? { kind: 'intact', events } : { kind: 'broken', number: broken };
}
