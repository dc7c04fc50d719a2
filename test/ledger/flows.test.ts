/** Goal: deposits and withdrawals are told from profit. Method: one of each by hand beside what is no flow. */
import { expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import type { CashEvent } from '../../src/domain/fill.ts';
import { cashTransaction } from '../../src/ledger/cashTransaction.ts';
import { netFlows } from '../../src/ledger/flows.ts';
import { openingTransactions } from '../../src/ledger/openingTransactions.ts';
import { alpha } from './world.ts';

const cash = (kind: CashEvent['kind'], coin: string, amount: string) =>
  cashTransaction(
    {
      eventId: kind,
      venue: alpha,
      kind,
      instrument: null,
      coin,
      amount: decimal(amount),
      account: 'wallet',
      atMs: 1,
    },
    [],
  );
const opening = openingTransactions({
  venue: alpha,
  atMs: 0,
  coins: [{ coin: 'USDT', wallet: decimal('1000') }],
  positions: {},
  marks: {},
});
const transactions = [
  ...(opening.kind === 'opened' ? opening.transactions : []),
  cash('deposit', 'BTC', '0.01'),
  cash('withdrawal', 'USDT', '-400'),
  cash('funding', 'USDT', '7'),
];

test('a deposit of 0.01 BTC less a withdrawal of 400 is 200 at 60 000; opening and funding are no flows', () => {
  expect(netFlows(transactions, { BTC: 60_000, USDT: 1 })).toEqual({ kind: 'known', netUsd: 200 });
});

test('a flow in a coin that nobody priced is unknown', () => {
  expect(netFlows(transactions, { USDT: 1 })).toEqual({ kind: 'unpriced', coins: ['BTC'] });
});
