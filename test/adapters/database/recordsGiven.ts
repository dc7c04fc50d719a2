/** A decision, an order and a fill as the stores are given them. */
import { decimal } from '../../../src/domain/decimal.ts';
import { readClientOrderId, rebalanceId } from '../../../src/domain/ids.ts';
import type { OrderRecord } from '../../../src/domain/order.ts';
import { fillTransaction } from '../../../src/ledger/tradeTransaction.ts';
import type { Transaction } from '../../../src/ledger/transaction.ts';
import type { DecisionRecord } from '../../../src/rebalance/ports/stores.ts';
import { a, alpha, b, fillOf, perpetual } from '../../ledger/world.ts';

/** Only what the store reads of a decision is real here; the rest it carries. */
export const decisionRecord = (id: string, portfolio: string, observedAtMs = 1): DecisionRecord =>
  ({
    rebalanceId: rebalanceId(id),
    portfolio,
    trigger: 'schedule',
    scheduledAtMs: 1_700_000_000_000,
    codeVersion: '0.1.0',
    policy: { portfolio },
    snapshot: { observedAtMs, returnsByLeg: [[0.1, null, -1e-9]] },
    decision: {
      kind: 'stand',
      rebalanceId: rebalanceId(id),
      decidedAtMs: 1_700_000_000_001,
      deadlineMs: 1_700_000_120_000,
      code: 'WITHIN_BANDS',
      reason: 'nothing moved',
      denials: [{ code: 'HALTED', instrument: null, message: 'm', limit: null, found: 1 }],
      explanation: null,
    },
  }) as unknown as DecisionRecord;

export const order = (
  id: string,
  portfolio: string,
  more: Partial<OrderRecord> = {},
): OrderRecord => ({
  clientOrderId: readClientOrderId(id),
  portfolio,
  rebalanceId: rebalanceId(`${portfolio}-r`),
  instrument: perpetual.id,
  venue: alpha,
  symbol: perpetual.symbol,
  action: 'buy',
  timeInForce: 'ioc',
  quantityBase: decimal('0.012345678901234567'),
  limitPrice: decimal('1500.05'),
  decisionPrice: 1500.123456789,
  arrival: { mid: 1500.25, halfSpread: 0.05 },
  reduceOnly: false,
  slice: 0,
  attempt: 0,
  purpose: 'plan',
  state: 'intended',
  venueOrderId: null,
  filledBase: decimal('0'),
  reason: null,
  intendedAtMs: 1_700_000_000_002,
  sentAtMs: null,
  ackedAtMs: null,
  endedAtMs: null,
  ...more,
});

export const fill = (id: string, lots: number, atMs = 1): Transaction => ({
  ...fillTransaction(
    fillOf(perpetual, id, lots / 1000, 100.1, { amount: decimal('0.1'), coin: 'USDT' }),
    {
      instrument: perpetual,
      weights: [
        { leg: a, weight: 2 },
        { leg: b, weight: 1 },
      ],
      rebalanceId: rebalanceId('ledger-r'),
    },
  ),
  atMs,
});
