/**
 * One daemon per portfolio: an advisory lock on a connection beside the pool, gone the moment its process is.
 *
 * It guards against a second daemon that was started by mistake, not orders: those are the lease's, which also a frozen
 * process loses.
 */
import pg from 'pg';
import { OperatingError } from '../../domain/operatingError.ts';
import type { Clock } from '../../rebalance/ports.ts';
import { databaseError } from './databaseError.ts';
import type { Database } from './openDatabase.ts';

const timeoutMs = 10_000;
const pollMs = 100;
/** A server notices within moments that a killed process is gone. */
const patienceMs = 3_000;

/** @returns how to leave. @throws OperatingError when another daemon has the portfolio. */
export async function claimPortfolios(
  { url, place }: Pick<Database, 'url' | 'place'>,
  portfolios: readonly string[],
  clock: Clock,
): Promise<() => Promise<void>> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
    keepAlive: true,
  });
  client.on('error', () => {
    // The claim is lost with the connection; the lease still keeps two writers apart.
  });
  const leave = (): Promise<void> => client.end().catch(() => undefined);
  try {
    await client.connect();
    // A host that vanished without a word is noticed too.
    await client.query(`set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5`);
    let missing = portfolios;
    for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += pollMs) {
      missing = await claim(client, missing);
      if (missing.length === 0) return leave;
      await clock.sleep(pollMs);
    }
    await leave();
    throw taken(missing[0] ?? '', place);
  } catch (error) {
    await leave();
    throw error instanceof OperatingError ? error : databaseError(error, place);
  }
}

/** @returns those that another daemon has. */
async function claim(client: pg.Client, portfolios: readonly string[]): Promise<readonly string[]> {
  const { rows } = await client.query<{ readonly portfolio: string; readonly taken: boolean }>(
    `select portfolio, pg_try_advisory_lock(hashtextextended('equipoise daemon ' || portfolio, 0)) as taken
      from unnest($1::text[]) as portfolio`,
    [portfolios],
  );
  return rows.filter((row) => !row.taken).map((row) => row.portfolio);
}

const taken = (portfolio: string, place: string): OperatingError =>
  new OperatingError(`another daemon runs portfolio ${portfolio} on the database ${place}`, {
    retryable: false,
    remedy: 'stop it first, or start this one with --role worker, or give it another portfolio',
  });
