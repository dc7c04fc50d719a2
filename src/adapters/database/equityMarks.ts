/**
 * Peak and day's start of equity, adjusted for deposits and withdrawals.
 *
 * A mark's flows are cumulative: all that came in less all that went out until then. Equity − flows is what trading
 * made of it; the answers are raised to the flows of the newest mark, so that they compare with an equity of today.
 */
import { type Kysely, sql } from 'kysely';
import type { StateStore } from '../../rebalance/ports/stores.ts';
import type { Schema } from './schema.ts';

type Row = {
  readonly peak: number | null;
  readonly day_start: number | null;
  readonly flows: number | null;
};

/**
 * @returns peak and first equity of the day as if `flowsUsd`, the newest mark's, had been there all along; null
 *   where there is no mark.
 */
export async function equityMarks(
  queries: Kysely<Schema>,
  portfolio: string,
  dayStartMs: number,
): ReturnType<StateStore['equityMarks']> {
  const { rows } = await sql<Row>`
    select
      (select max(equity_usd - flows_usd) from equity_marks where portfolio = ${portfolio}) as peak,
      (select equity_usd - flows_usd from equity_marks
        where portfolio = ${portfolio} and at_ms >= ${dayStartMs}
        order by at_ms limit 1) as day_start,
      (select flows_usd from equity_marks
        where portfolio = ${portfolio} order by at_ms desc limit 1) as flows`.execute(queries);
  const { peak = null, day_start: dayStart = null, flows = null } = rows[0] ?? {};
  const flowsUsd = flows ?? 0;
  return {
    peakEquityUsd: peak === null ? null : peak + flowsUsd,
    dayStartEquityUsd: dayStart === null ? null : dayStart + flowsUsd,
    flowsUsd,
  };
}
