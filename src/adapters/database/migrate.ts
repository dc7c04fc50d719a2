/** Migrations in code: the schema is brought to what this version needs before anything is read. */
import { type Kysely, type Migration, Migrator } from 'kysely';
import { OperatingError } from '../../domain/operatingError.ts';
import { arrivalSchema } from './arrivalSchema.ts';
import { firstSchema } from './firstSchema.ts';
import { readingsSchema } from './readingsSchema.ts';
import type { Schema } from './schema.ts';
import { scopedNames } from './scopedNames.ts';
import { solvencySchema } from './solvencySchema.ts';
import { watchSchema } from './watchSchema.ts';
import { workerFactsSchema } from './workerFacts.ts';

/** In order of their names; a name that was released is never changed. */
const migrations: Readonly<Record<string, Migration>> = {
  '0001-first': firstSchema,
  '0002-readings': readingsSchema,
  '0003-scoped-names': scopedNames,
  '0004-arrival': arrivalSchema,
  '0005-solvency': solvencySchema,
  '0006-worker-facts': workerFactsSchema,
  '0007-watch': watchSchema,
};

/** Idempotent; two daemons at once wait for each other. @throws OperatingError */
export async function migrate(queries: Kysely<Schema>): Promise<void> {
  const migrator = new Migrator({
    db: queries,
    provider: { getMigrations: () => Promise.resolve({ ...migrations }) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  if (error instanceof OperatingError) throw error;
  const said = error instanceof Error ? error.message : 'an unknown error';
  throw new OperatingError(`the database's schema cannot be brought up to date, was ${said}`, {
    retryable: false,
    remedy: 'Run the newest version that has used this database, or use another database.',
    cause: error,
  });
}
