/**
 * Cursors and venue states of an older database get the name of the portfolio that they are of: the one whose ledger has the
 * venue. Bars and funding, whose market the rows do not say, are read again.
 */
import { type Kysely, type Migration, sql } from 'kysely';
import { OperatingError } from '../../domain/operatingError.ts';

const owners = 'select venue, min(portfolio) as portfolio from transactions group by venue';
const isOfMarket = `name like 'bars|%|%' or name like 'funding|%|%'`;
/** `feed|venue|…`; every other one was `feed|portfolio|…`. */
const isOfVenue = `split_part(name, '|', 1) in ('opened', 'fills', 'cash', 'foreignOrder')`;

const statements = [
  `delete from cursors where ${isOfMarket}`,
  // What is of a venue that no ledger has is of nobody: that ledger is opened anew.
  `update cursors set name = found.owner || '|' || found.name
    from (select name,
        case when ${isOfVenue} then portfolio else split_part(name, '|', 2) end as owner
      from cursors left join (${owners}) as owned on venue = split_part(name, '|', 2)) as found
    where cursors.name = found.name and owner <> ''`,
  `update venue_states set venue = owned.portfolio || '/' || owned.venue
    from (${owners}) as owned where owned.venue = venue_states.venue`,
  'delete from bars',
  'delete from funding',
  'delete from yields',
];

export const scopedNames: Migration = {
  up: async (db: Kysely<unknown>) => {
    await refuseShared(db);
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};

/**
 * Two portfolios with a venue of one name shared its cursors: how far each was booked, and whether it was opened, is not known.
 *
 * @throws OperatingError
 */
async function refuseShared(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ readonly venue: string; readonly portfolios: string }>`
    select venue, string_agg(distinct portfolio, ', ' order by portfolio) as portfolios
    from transactions group by venue having count(distinct portfolio) > 1
    order by venue limit 1`.execute(db);
  const [shared] = rows;
  if (shared === undefined) return;
  throw new OperatingError(
    `several portfolios of this database have a venue ${shared.venue}, was ${shared.portfolios}`,
    {
      retryable: false,
      fault: 'refusal',
      remedy:
        'Give each portfolio a new database of its own: its ledger opens with what the account holds. This one is left as it was.',
    },
  );
}
