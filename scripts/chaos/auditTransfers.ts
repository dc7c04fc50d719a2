/**
 * Moves between the wallets of one venue against its journal: each known to exactly one record, and none made twice for one.
 *
 * The venue keeps no client id of them: what a record says of its own is the venue's id, which it was told or has found.
 */
import type { Database } from '../../src/adapters/database/openDatabase.ts';
import { decimal } from '../../src/domain/decimal.ts';
import type { JournalEntry } from '../../src/simulator/core/entries.ts';
import { type TrueTransfer, transfersIn } from '../../test/e2e/truth.ts';

export type TransferAudit = {
  /** In the venue's journal. */
  readonly transfers: number;
  /** Recorded, and certainly never made. */
  readonly neverAccepted: number;
  /** Each begins with what it is: lost, doubled, or else unexplained. */
  readonly faults: readonly string[];
};

type Recorded = {
  readonly client: string;
  readonly transferId: string | null;
  readonly coin: string;
  readonly amount: string;
  readonly from: string;
  readonly state: string;
};

const form = /^transfer:([^:]+):([^>]+)>/;

export async function auditTransfers(
  { queries }: Database,
  journal: readonly JournalEntry[],
  venue: string,
): Promise<TransferAudit> {
  const rows = await queries
    .selectFrom('orders')
    .selectAll()
    .where('venue', '=', venue)
    .where('action', '=', 'transfer')
    .execute();
  const recorded = rows.map((row): Recorded => {
    const [, coin = '', from = ''] = form.exec(row.symbol) ?? [];
    return {
      client: row.client_order_id,
      transferId: row.venue_order_id,
      coin,
      amount: decimal(row.quantity_base),
      from,
      state: row.state,
    };
  });
  const made = transfersIn(journal);
  const never = recorded.filter(({ state }) => state === 'rejected' || state === 'absent');
  return {
    transfers: made.length,
    neverAccepted: never.length,
    faults: [
      ...made.flatMap((one) => faultOf(one, recorded)),
      ...recorded.flatMap((one) => stateFault(one, made)),
    ],
  };
}

/** Of what the venue made. */
function faultOf(one: TrueTransfer, recorded: readonly Recorded[]): readonly string[] {
  const said = `transfer ${one.transferId} of ${one.amount} ${one.coin} from ${one.from}`;
  const known = recorded.filter(({ transferId }) => transferId === one.transferId);
  const [row] = known;
  if (known.length > 1)
    return [`confused ${said}: ${known.map(({ client }) => client).join(' and ')} both claim it`];
  if (row === undefined) {
    const isSame = recorded.some((other) => isAlike(other, one) && other.state === 'filled');
    return [`${isSame ? 'doubled' : 'lost'} ${said}`];
  }
  return isAlike(row, one) && row.state === 'filled'
    ? []
    : [`confused ${said}: ${row.client} has it as ${row.amount} from ${row.from}, ${row.state}`];
}

/** Of what was recorded: it has an end, and what was filled is the venue's. */
function stateFault(one: Recorded, made: readonly TrueTransfer[]): readonly string[] {
  const said = `transfer ${one.client} of ${one.amount} ${one.coin} from ${one.from}`;
  if (!['filled', 'rejected', 'absent'].includes(one.state))
    return [`${said} has not ended: ${one.state}`];
  const isThere = made.some(({ transferId }) => transferId === one.transferId);
  return one.state === 'filled' && !isThere ? [`invented ${said}`] : [];
}

const isAlike = (
  row: Pick<Recorded, 'coin' | 'amount' | 'from'>,
  { coin, amount, from }: TrueTransfer,
): boolean => row.coin === coin && row.amount === decimal(amount) && row.from === from;
