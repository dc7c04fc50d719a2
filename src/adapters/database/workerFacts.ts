/**
 * What the workers of a portfolio last did and saw, for whoever shows it: the page may be another process on another host.
 *
 * The newest of a name wins, whichever worker wrote it.
 */
import { type Kysely, type Migration, sql } from 'kysely';
import type { Schema } from './schema.ts';

export const workerFactsSchema: Migration = {
  up: async (db: Kysely<unknown>) => {
    await sql`
      create table worker_facts (
        portfolio text not null, name text not null, fact jsonb not null, at_ms bigint not null,
        primary key (portfolio, name))`.execute(db);
  },
};

export type WorkerFact = { readonly name: string; readonly fact: unknown; readonly atMs: number };

export type WorkerFacts = {
  /** @throws OperatingError when the database does not take them. */
  write(portfolio: string, facts: readonly WorkerFact[]): Promise<void>;
  read(portfolio: string): Promise<readonly WorkerFact[]>;
};

export const createWorkerFacts = (queries: Kysely<Schema>): WorkerFacts => ({
  write: async (portfolio, facts) => {
    if (facts.length === 0) return;
    await sql`
      insert into worker_facts (portfolio, name, fact, at_ms)
      select ${portfolio}, name, fact::jsonb, at_ms
      from unnest(${facts.map((one) => one.name)}::text[],
        ${facts.map((one) => JSON.stringify(one.fact))}::text[],
        ${facts.map((one) => one.atMs)}::bigint[]) as told(name, fact, at_ms)
      on conflict (portfolio, name) do update set fact = excluded.fact, at_ms = excluded.at_ms
      where worker_facts.at_ms <= excluded.at_ms`.execute(queries);
  },

  read: async (portfolio) => {
    const { rows } = await sql<WorkerFact>`
      select name, fact, at_ms as "atMs" from worker_facts where portfolio = ${portfolio}`.execute(
      queries,
    );
    return rows;
  },
});
