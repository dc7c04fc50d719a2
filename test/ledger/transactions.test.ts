/**
 * Goal: whatever happens is booked in balance, with the venue's id, on the legs whose it is.
 * Method: each kind once by hand, then random transactions whose postings must cancel per commodity.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import type { CashEvent, CashEventKind } from '../../src/domain/fill.ts';
import { rebalanceId } from '../../src/domain/ids.ts';
import { adjustmentTransaction } from '../../src/ledger/adjustmentTransaction.ts';
import { imbalances } from '../../src/ledger/balanced.ts';
import { cashTransaction } from '../../src/ledger/cashTransaction.ts';
import { openingTransactions } from '../../src/ledger/openingTransactions.ts';
import { crossTransaction, fillTransaction } from '../../src/ledger/tradeTransaction.ts';
import { a, alpha, b, earn, fillOf, perpetual, spot } from './world.ts';

const lines = (transaction: ReturnType<typeof fillTransaction>) =>
  transaction.postings.map((one) => `${one.account} ${one.commodity} ${one.amount} ${one.leg}`);
const whole = (leg: typeof a) => [{ leg, weight: 1 }];

test('a perpetual’s fill moves its notional through contracts and only its fee through the wallet', () => {
  const fill = fillOf(perpetual, 'f1', -2, 1500, { amount: decimal('1.65'), coin: 'USDT' });
  const booked = fillTransaction(fill, {
    instrument: perpetual,
    weights: whole(a),
    rebalanceId: null,
  });
  expect(booked.id).toBe('fill:alpha|ETH/USDT:USDT:f1');
  expect(lines(booked)).toEqual([
    'position ETH/USDT:USDT -2 a',
    'trading ETH/USDT:USDT 2 a',
    'contracts USDT 3000 a',
    'trading USDT -3000 a',
    'wallet USDT -1.65 a',
    'fees USDT 1.65 a',
  ]);
});

test('a spot fill is paid from the wallet, its fee in the coin that was bought', () => {
  const fill = fillOf(spot, 'f2', 2, 1500, { amount: decimal('0.002'), coin: 'ETH' });
  expect(
    lines(fillTransaction(fill, { instrument: spot, weights: whole(a), rebalanceId: null })),
  ).toEqual([
    'wallet ETH 2 a',
    'trading ETH -2 a',
    'wallet USDT -3000 a',
    'trading USDT 3000 a',
    'wallet ETH -0.002 a',
    'fees ETH 0.002 a',
  ]);
});

test('a subscription moves coins from the wallet into the product', () => {
  const fill = fillOf(earn, 'f3', 100, 1);
  expect(
    lines(fillTransaction(fill, { instrument: earn, weights: whole(b), rebalanceId: null })),
  ).toEqual([
    'position earn:USDC 100 b',
    'trading earn:USDC -100 b',
    'wallet USDC -100 b',
    'trading USDC 100 b',
  ]);
});

const event = (kind: CashEventKind, account: 'wallet' | 'earn', coin = 'USDT'): CashEvent => ({
  eventId: 'e1',
  venue: alpha,
  kind,
  instrument: null,
  coin,
  amount: decimal('-0.7'),
  account,
  atMs: 5,
});

test('funding is divided by signed shares; a deposit is no leg’s; yield stays in its product', () => {
  const shares = [
    { leg: a, weight: 3 },
    { leg: b, weight: -1 },
  ];
  expect(lines(cashTransaction(event('funding', 'wallet'), shares))).toEqual([
    'wallet USDT -1.05 a',
    'funding USDT 1.05 a',
    'wallet USDT 0.35 b',
    'funding USDT -0.35 b',
  ]);
  expect(lines(cashTransaction(event('withdrawal', 'wallet'), shares))).toEqual([
    'wallet USDT -0.7 null',
    'external USDT 0.7 null',
  ]);
  expect(lines(cashTransaction(event('yield', 'earn', 'USDC'), whole(b)))).toEqual([
    'position earn:USDC -0.7 b',
    'yield earn:USDC 0.7 b',
  ]);
});

test('events of two kinds with one venue id are two transactions', () => {
  expect(cashTransaction(event('funding', 'wallet'), []).id).not.toBe(
    cashTransaction(event('interest', 'wallet'), []).id,
  );
});

test('a cross has no effect in total and none without legs that cross', () => {
  const context = { instrument: perpetual, mark: 1500.5, rebalanceId: rebalanceId('r'), atMs: 1 };
  const crosses = [
    { leg: a, amount: decimal('0.5') },
    { leg: b, amount: decimal('-0.5') },
  ];
  const booked = crossTransaction({ ...context, crosses });
  expect(booked?.id).toBe('cross:r:alpha|ETH/USDT:USDT');
  for (const account of ['position', 'contracts']) {
    const sums = booked?.postings.filter((one) => one.account === account) ?? [];
    expect(sums.reduce((total, one) => total + Number(one.amount), 0)).toBe(0);
  }
  expect(crossTransaction({ ...context, crosses: [] })).toBeNull();
  expect(() => crossTransaction({ ...context, crosses: crosses.slice(1) })).toThrow(
    'crosses sum to zero, was -0.5',
  );
});

test('an opening books wallets and positions against external, a perpetual at its mark', () => {
  const reading = {
    venue: alpha,
    atMs: 1,
    coins: [
      { coin: 'USDT', wallet: decimal('1000') },
      { coin: 'BTC', wallet: decimal('0') },
    ],
    positions: { 'ETH/USDT:USDT': decimal('-2'), 'earn:USDC': decimal('5') },
    marks: { 'ETH/USDT:USDT': 1500 },
  };
  const opening = openingTransactions(reading);
  expect(opening.kind === 'opened' && opening.transactions.map((one) => one.id)).toEqual([
    'opening:alpha:wallet',
    'opening:alpha:ETH/USDT:USDT',
    'opening:alpha:earn:USDC',
  ]);
  expect(opening.kind === 'opened' && opening.transactions.flatMap(lines)).toEqual([
    'wallet USDT 1000 null',
    'external USDT -1000 null',
    'position ETH/USDT:USDT -2 null',
    'external ETH/USDT:USDT 2 null',
    'contracts USDT 3000 null',
    'external USDT -3000 null',
    'position earn:USDC 5 null',
    'external earn:USDC -5 null',
  ]);
  expect(openingTransactions({ ...reading, marks: {} })).toEqual({
    kind: 'markUnknown',
    symbol: 'ETH/USDT:USDT',
  });
});

const quantity = fc.integer({ min: -1_000_000, max: 1_000_000 }).filter((lots) => lots !== 0);
const price = fc.integer({ min: 1, max: 10_000_000 });
const weights = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { maxLength: 4 });

test('property: every transaction balances in every commodity', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(perpetual, spot, earn),
      quantity,
      price,
      weights,
      fc.constantFrom<CashEventKind>('funding', 'yield', 'interest', 'deposit', 'liquidation'),
      (instrument, lots, ticks, sizes, kind) => {
        const legs = sizes.map((weight, index) => ({ leg: index % 2 === 0 ? a : b, weight }));
        const fee = { amount: decimal(ticks / 1e7), coin: instrument.quoteCoin };
        const fill = fillOf(instrument, 'f', lots / 1000, ticks / 100, fee);
        const booked = [
          fillTransaction(fill, { instrument, weights: legs, rebalanceId: null }),
          cashTransaction({ ...event(kind, 'wallet'), amount: decimal(lots / 1000) }, legs),
          adjustmentTransaction({
            venue: alpha,
            kind: 'position',
            subject: instrument.symbol,
            ledger: decimal(lots / 1000),
            venueSays: decimal('0.123'),
            price: ticks / 100,
            weights: legs,
            basis: 3,
            atMs: 1,
          }),
        ];
        for (const one of booked) expect(imbalances(one)).toEqual({});
      },
    ),
    { seed: 20221103, numRuns: 200 },
  );
});

test('an imbalance is named', () => {
  const fill = fillTransaction(fillOf(earn, 'f', 1, 1), {
    instrument: earn,
    weights: whole(a),
    rebalanceId: null,
  });
  expect(imbalances({ ...fill, postings: fill.postings.slice(1) })).toEqual({ 'earn:USDC': '-1' });
});
