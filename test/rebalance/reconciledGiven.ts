/** What a reconciliation is asked, what it answers where nothing differs, and a ledger that holds a tenth of a bitcoin. */
import { applyTransactions, emptyBook } from '../../src/ledger/book.ts';
import { execute } from '../../src/rebalance/execute.ts';
import type { World } from '../simulation/world.ts';
import { leaseOf, openedWorld, planned, recordTrade } from './given.ts';

export const adjusting = { adjust: true };
export const nothing = { adjusted: [], outstanding: [], foreignFills: 0 };
export const book = (world: World) =>
  applyTransactions(emptyBook, [...world.rows.transactions.values()]);
export const kinds = (world: World): readonly string[] =>
  [...world.rows.transactions.values()].map((one) => one.kind);

/** A tenth of a bitcoin, bought by a decision and booked. */
export async function holding() {
  const { world, ports } = openedWorld();
  const lease = await leaseOf(ports);
  await execute(ports, await recordTrade(ports, [planned()]), lease);
  await lease.release();
  return { world, ports };
}
