/**
 * One writer per portfolio: a lease by the database's clock, with a fencing number that only rises.
 *
 * An advisory lock would outlive a frozen process; a lease runs out. `isHeld` is asked before each request is signed, so
 * it writes only when a quarter of the lease is used: after it at least three quarters remain, which must exceed the
 * venue's receive window, or a request signed under it could arrive after another writer began.
 */
import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { HeldLease, Lease } from '../../rebalance/ports/lease.ts';
import type { Schema } from './schema.ts';

/** @param leaseMs more than 4/3 of the longest receive window; also how long a killed writer keeps others out. */
export function createLease(queries: Kysely<Schema>, leaseMs: number): Lease {
  return {
    acquire: async (portfolio) => {
      const holder = randomUUID();
      const { rows } = await sql<{ readonly fencing: number }>`
        insert into leases (portfolio, holder, fencing, expires_at)
        values (${portfolio}, ${holder}, 1, ${until(leaseMs)})
        on conflict (portfolio) do update
          set holder = excluded.holder, fencing = leases.fencing + 1, expires_at = ${until(leaseMs)}
          where leases.expires_at <= clock_timestamp()
        returning fencing`.execute(queries);
      const fencing = rows[0]?.fencing;
      return fencing === undefined ? null : held(queries, { portfolio, holder, fencing, leaseMs });
    },
  };
}

const until = (ms: number) => sql`clock_timestamp() + ${ms}::float8 * interval '1 millisecond'`;

type Holding = {
  readonly portfolio: string;
  readonly holder: string;
  readonly fencing: number;
  readonly leaseMs: number;
};

function held(queries: Kysely<Schema>, own: Holding): HeldLease {
  const { portfolio, holder, fencing, leaseMs } = own;
  const mine = sql`portfolio = ${portfolio} and holder = ${holder} and fencing = ${fencing}
    and expires_at > clock_timestamp()`;
  return {
    fencingNumber: fencing,

    isHeld: async () => {
      const { rows } = await sql<{ readonly held: boolean }>`
        with fresh as (
          select 1 from leases where ${mine} and expires_at > ${until((leaseMs * 3) / 4)}),
        extended as (
          update leases set expires_at = ${until(leaseMs)}
          where ${mine} and not exists (select 1 from fresh) returning 1)
        select exists (select 1 from fresh) or exists (select 1 from extended) as held`.execute(
        queries,
      );
      return rows[0]?.held === true;
    },

    // The row stays: its fencing number must never be given twice.
    release: async () => {
      await sql`update leases set expires_at = '-infinity' where ${mine}`.execute(queries);
    },
  };
}
