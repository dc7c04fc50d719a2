/**
 * A transfer between wallets as a recorded order: its symbol says the way and what the giving wallet had when it was intended,
 * so that whoever goes on after a crash can tell whether the coins have left it.
 */
import { type DecimalText, decimal, zero } from '../domain/decimal.ts';
import { clientOrderId, instrumentId } from '../domain/ids.ts';
import type { OrderRecord } from '../domain/order.ts';
import type { WalletMove } from '../execution/walletMoves.ts';
import { invariant } from '../math/invariant.ts';
import type { DecisionRecord } from './ports/stores.ts';

const form = /^transfer:([^:]+):([^>]+)>([^@]+)@(.+)$/;

export type Transfer = WalletMove & {
  /** Free in the giving wallet when it was intended. */
  readonly fromFree: DecimalText;
};

export function transferRecord(
  { record, venue, nowMs }: { record: DecisionRecord; venue: OrderRecord['venue']; nowMs: number },
  transfer: Transfer,
): OrderRecord {
  const { coin, amount, from, to, fromFree } = transfer;
  const { rebalanceId, portfolio, snapshot } = record;
  const instrument = instrumentId(venue, `transfer:${coin}:${from}>${to}`);
  const identity = { installation: snapshot.installation, portfolio, rebalanceId, instrument };
  return {
    clientOrderId: clientOrderId({ ...identity, slice: 0, attempt: 0 }),
    portfolio,
    rebalanceId,
    instrument,
    venue,
    symbol: `transfer:${coin}:${from}>${to}@${fromFree}`,
    action: 'transfer',
    timeInForce: 'none',
    quantityBase: amount,
    limitPrice: null,
    decisionPrice: 1,
    reduceOnly: false,
    slice: 0,
    attempt: 0,
    purpose: 'plan',
    state: 'intended',
    venueOrderId: null,
    filledBase: zero,
    reason: null,
    intendedAtMs: nowMs,
    sentAtMs: null,
    ackedAtMs: null,
    endedAtMs: null,
  };
}

export function readTransfer({ symbol, quantityBase }: OrderRecord): Transfer {
  const [, coin, from, to, free] = form.exec(symbol) ?? [];
  invariant(
    coin !== undefined && from !== undefined && to !== undefined && free !== undefined,
    `a transfer's symbol names its way, was ${symbol}`,
  );
  return { coin, from, to, amount: quantityBase, fromFree: decimal(free) };
}
