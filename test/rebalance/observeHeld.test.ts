/**
 * Goal: what each leg held at the start of past bars is what the ledger's postings say, valued at the prices of then.
 * Method: the world in memory with holdings booked at stated hours; bars of known closes.
 */
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import { legId } from '../../src/domain/ids.ts';
import { observe } from '../../src/rebalance/observe.ts';
import { slotOf } from '../../src/rebalance/slot.ts';
import { alpha } from '../simulation/instrumentsInMemory.ts';
import { startMs } from '../simulation/world.ts';
import { btc, openedWorld, policy, usdcEarn } from './given.ts';

const hourMs = 3_600_000;
const slot = slotOf(policy.portfolio, 'schedule', startMs);
type Opened = ReturnType<typeof openedWorld>;

function book({ world }: Opened, hoursAgo: number, leg: string, symbol: string, amount: string) {
  const id = `${leg} ${hoursAgo} ${amount}`;
  world.rows.transactions.set(id, {
    id,
    kind: 'fill',
    venue: alpha,
    atMs: startMs - hoursAgo * hourMs,
    instrument: symbol === btc.symbol ? btc.id : usdcEarn.id,
    rebalanceId: null,
    clientOrderId: null,
    postings: [
      { account: 'position', commodity: symbol, amount: decimal(amount), leg: legId(leg) },
    ],
  });
}

function setCloses({ world }: Opened, price: (hoursAgo: number) => number) {
  for (const [key, bars] of world.rows.bars) {
    if (key !== `${btc.id} mark`) continue;
    world.rows.bars.set(
      key,
      bars.map((bar) => ({ ...bar, close: price((startMs - bar.openMs) / hourMs - 1) })),
    );
  }
}

const heldOf = async (opened: Opened) =>
  (await observe(opened.ports, policy, slot)).heldUsdByLegByBar;

describe('holdings of the past', () => {
  test('begin where the ledger does, follow every trade, and are worth what they were', async () => {
    const opened = openedWorld();
    setCloses(opened, (hoursAgo) => 40_000 + 1_000 * hoursAgo);
    book(opened, 4.5, 'btc', btc.symbol, '0.2');
    book(opened, 2.5, 'btc', btc.symbol, '-0.5');
    book(opened, 2.5, 'usdc-earn', usdcEarn.symbol, '1000');
    const held = await heldOf(opened);
    // Starts of the bars 4, 3, 2 and 1 hours ago.
    expect(held?.[0]).toEqual([0.2 * 44_000, 0.2 * 43_000, -0.3 * 42_000, -0.3 * 41_000]);
    expect(held?.[3]).toEqual([0, 0, 1_000, 1_000]);
    expect(held?.map((bars) => bars.length)).toEqual([4, 4, 4, 4]);
  });

  test('a trade at the very start of a bar was held through it', async () => {
    const opened = openedWorld();
    setCloses(opened, () => 50_000);
    book(opened, 2, 'btc', btc.symbol, '0.1');
    expect((await heldOf(opened))?.[0]).toEqual([5_000, 5_000]);
  });

  test('of a ledger without holdings are not there', async () => {
    expect(await heldOf(openedWorld())).toBeUndefined();
  });
});
