/** Books made for the guard: legs hold what stands in their name, and the guard acts on a rung. */
import { decimal } from '../../src/domain/decimal.ts';
import { instrumentId, legId } from '../../src/domain/ids.ts';
import type { Leg } from '../../src/domain/leg.ts';
import type { PlannedOrder } from '../../src/domain/order.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { guardOrders } from '../../src/execution/guardOrders.ts';
import { afterOrders } from '../../src/execution/orderRisk.ts';
import { liquidationMove } from '../../src/margin/distance.ts';
import type { GuardRung } from '../../src/margin/guard.ts';
import { accountsAt, heldQuantities } from '../../src/parity/sizing/accounts.ts';
import { type Book, readBook } from '../../src/parity/sizing/book.ts';
import { alpha, perpetualLeg } from '../rebalance/legsGiven.ts';
import { policyOf } from '../rebalance/policyGiven.ts';
import { type Scene, snapshotOf } from '../rebalance/snapshotWorld.ts';

export const btc = perpetualLeg('btc', 'BTC/USDT:USDT');
export const sol = perpetualLeg('sol', 'SOL/USDT:USDT');
export const ethLong = perpetualLeg('eth', 'ETH/USDT:USDT');
export const safe = { ratio: 0.5, distanceShare: 0.15 };
export const stress = { sizing: { stressPerpetualShare: 0.3, stressBasisShare: 0.05 } };

type Held = Readonly<Record<string, string>>;

/** Legs hold what stands in their name; the venue holds the sums. */
export function sceneOf(
  legs: readonly Leg[],
  holdings: Readonly<Record<string, Held>>,
  scene: Scene = {},
) {
  const policy = policyOf(legs, stress);
  const positions: Record<string, string> = {};
  const rows: Snapshot['holdings'][number][] = [];
  for (const [leg, held] of Object.entries(holdings)) {
    for (const [symbol, amount] of Object.entries(held)) {
      positions[symbol] = String(Number(positions[symbol] ?? 0) + Number(amount));
      rows.push({
        instrument: instrumentId(alpha, symbol),
        leg: legId(leg),
        amount: decimal(amount),
      });
    }
  }
  const snapshot = snapshotOf(policy, { positions, snapshot: { holdings: rows }, ...scene });
  return { policy, snapshot };
}

export const act = (
  { policy, snapshot }: { readonly policy: Policy; readonly snapshot: Snapshot },
  rung: GuardRung,
) => guardOrders(snapshot, policy, new Map([[alpha, rung]]), safe);

export function bookOf({ policy, snapshot }: { policy: Policy; snapshot: Snapshot }): Book {
  const reading = readBook(snapshot, policy);
  if (reading.kind !== 'book') throw new Error(reading.reason);
  return reading.book;
}

export const distanceAfter = (book: Book, orders: readonly PlannedOrder[]): number => {
  const after = afterOrders(book, heldQuantities(book), orders);
  const account = accountsAt(book, after)[0]?.account;
  if (account === undefined) throw new Error('the venue is in the book');
  return liquidationMove(account, new Set(['USDT', 'USDC']))?.share ?? 1;
};

export const brief = (orders: readonly PlannedOrder[]) =>
  orders.map(({ symbol, action, quantityBase }) => `${action} ${quantityBase} ${symbol}`);
