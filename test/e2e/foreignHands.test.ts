/**
 * Others at work in the same account: a person trades by hand, moves money out and in, while the daemon rebalances carry pairs.
 *
 * Method: three days of the recorded fortnight with a gate that always lets the carry leg in. What is not ours is booked as
 * what it is: a foreign fill as a fill, a transfer as a flow. The ledger equals the venue all along, without one adjustment.
 *
 * Tried, and seen to fail: a deposit counted twice at the opening, redeemed coins forgotten on their way.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import { venueId } from '../../src/domain/ids.ts';
import { approvedOf, recordOf } from '../adapters/exchange/bybitSimulator.ts';
import { bookedFills, bookedTransactions, cashOf, holdings } from './booked.ts';
import { drive, type Run } from './drive.ts';
import { openRig, type Rig, recordedFolder } from './rig.ts';
import { fillsIn, fundingIn, positionsIn, stakesIn, walletsIn } from './truth.ts';

const folder = recordedFolder();
const hourMs = 3_600_000;
const alpha = venueId('alpha');

/** Bought by hand, and half of it sold again the next day. */
const handBtc = { bought: decimal('0.05'), sold: decimal('0.025') };
const transfers = { out: '-30000', in: '12500.5' };

describe.skipIf(folder === null)('foreign hands', () => {
  let rig: Rig;
  let run: Run;

  async function tradeByHand(action: 'buy' | 'sell', quantityBase: typeof handBtc.bought) {
    const venue = rig.ports.venues.get(alpha);
    const [instrument] = (await venue?.reader.instruments(['BTC/USDT:USDT'])) ?? [];
    if (venue === undefined || instrument === undefined) throw new Error('no market');
    const { mark } = await venue.reader.quote(instrument);
    const price = Math.round(mark * (action === 'buy' ? 1.01 : 0.99));
    const order = recordOf(instrument, { action, quantityBase, limitPrice: decimal(price) });
    expect(await venue.gateway.send(approvedOf(order), order)).toMatchObject({ kind: 'accepted' });
  }

  async function meddle(atMs: number): Promise<void> {
    const hour = (atMs - rig.fromMs) / hourMs;
    if (hour === 5) await tradeByHand('buy', handBtc.bought);
    if (hour === 20) {
      rig.simulator.inject({ kind: 'transfer', coin: 'USDT', amount: transfers.out });
    }
    if (hour === 30) await tradeByHand('sell', handBtc.sold);
    if (hour === 45) {
      rig.simulator.inject({ kind: 'transfer', coin: 'USDT', amount: transfers.in });
    }
  }

  beforeAll(async () => {
    rig = await openRig(folder ?? '', { carryOpenAnnual: -1, carryCloseAnnual: -1 });
    run = await drive(rig, { untilMs: rig.fromMs + 72 * hourMs, meddle, reconcileOften: true });
  }, 120_000);

  afterAll(() => rig.close());

  test('trades by hand are recognised, booked as fills and told', async () => {
    // Whoever reads first tells, the margin guard or the reconciliation; each trade is told once.
    const found = rig.events.filter((event) => event.event === 'foreignFill');
    expect(found.map((event) => [event['side'], event['quantityBase']])).toEqual([
      ['buy', handBtc.bought],
      ['sell', handBtc.sold],
    ]);
    const fills = await bookedFills(rig);
    expect(fills.map((fill) => fill.fillId).sort()).toEqual(
      fillsIn(rig.simulator.journal())
        .map((fill) => fill.fillId)
        .sort(),
    );
  });

  test('transfers are flows: no adjustment, and no drawdown', async () => {
    const moved = cashOf(await bookedTransactions(rig), 'external');
    expect(moved.map(({ amount }) => amount)).toEqual([transfers.out, transfers.in]);
    for (const { record, outcome } of run.ended) {
      const { snapshot, decision } = record;
      expect(decision.denials, record.rebalanceId).toEqual([]);
      // Redeemed coins arrive after the deadline; the next slot, or a reconciliation, settles it.
      const redeems =
        decision.kind === 'trade' && decision.orders.some((order) => order.action === 'redeem');
      expect(outcome, record.rebalanceId).toMatch(redeems ? /^partial$/ : /^(stood|complete)$/);
      const equityUsd = decision.explanation?.portfolio.equityUsd ?? 0;
      if (snapshot.peakEquityUsd === null) continue;
      // Three per cent is more than these days lost; without the flows it would be thirty.
      expect(equityUsd / snapshot.peakEquityUsd, record.rebalanceId).toBeGreaterThan(0.97);
    }
    const last = run.ended.at(-1)?.record.decision.explanation?.portfolio.equityUsd ?? 0;
    expect(last).toBeGreaterThan(80_000);
    expect(last).toBeLessThan(84_000);
  });

  test('a redemption under way is neither a loss nor a difference', () => {
    const redeemed = run.ended.findIndex(({ outcome }) => outcome === 'partial');
    expect(redeemed).toBeGreaterThan(0);
    const looked = rig.events.filter((event) => event.event === 'discrepancy');
    expect(looked).toEqual([]);
  });

  test('pairs were traded, and their halves are of one quantity', () => {
    const orders = run.ended.flatMap(({ record: { decision } }) =>
      decision.kind === 'trade' ? decision.orders : [],
    );
    const paired = orders.filter((order) => order.pair !== null);
    expect(paired.length).toBeGreaterThan(4);
    const { unhedgedUsdMax } = rig.policy.execution;
    for (const order of paired) expect(order.notionalUsd).toBeLessThan(unhedgedUsdMax);
  });

  test('the ledger equals the venue, and nothing was adjusted', async () => {
    const journal = rig.simulator.journal();
    const transactions = await bookedTransactions(rig);
    for (const report of run.reconciled) {
      expect(report).toMatchObject({ adjusted: [], outstanding: [] });
    }
    const wallets = walletsIn(journal);
    const positions = positionsIn(journal);
    const booked = holdings(transactions, { coins: wallets.keys(), perpetuals: positions.keys() });
    expect([...wallets.keys()].sort()).toEqual(['ETH', 'USDC', 'USDT']);
    for (const [coin, amount] of wallets) {
      expect(booked.wallets.get(coin), coin).toBeCloseTo(Number(amount), 6);
    }
    expect(booked.positions).toEqual(positions);
    expect(booked.stake('USDC')).toBe(stakesIn(journal).get('USDC'));
    expect(cashOf(transactions, 'funding').length).toBe(fundingIn(journal).length);
  });
});
