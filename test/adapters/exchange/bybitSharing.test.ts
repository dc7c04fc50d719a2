/**
 * Goal: fewer readings say the same: fills of a category, markets of another account, a book that a quote was read from.
 * Method: the ccxt class against the simulated exchange, on which the reading that should not be needed is shut.
 */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createCommonReads } from '../../../src/adapters/exchange/commonReads.ts';
import type { Instrument } from '../../../src/domain/instrument.ts';
import { approvedOf, type Rig, recordOf, startMs, startRig } from './bybitSimulator.ts';

const symbols = ['BTC/USDT:USDT', 'ETH/USDT:USDT', 'ETH/USDT'];
const common = createCommonReads();
let rig: Rig;

beforeEach(async () => {
  rig = await startRig({ common });
});
afterEach(() => rig.close());

const shut = (path: string): void =>
  rig.simulator.inject({ kind: 'rejected', retCode: 10001, path, count: 100 });

async function buy(instrument: Instrument): Promise<void> {
  const { ask } = await rig.venue.reader.quote(instrument);
  const step = Number(instrument.priceTick);
  const limitPrice = (Math.ceil((ask * 1.01) / step) * step).toFixed(2) as `${number}`;
  const record = recordOf(instrument, {
    quantityBase: '0.01' as Instrument['quantityMinBase'],
    limitPrice: limitPrice as Instrument['priceTick'],
  });
  expect(await rig.venue.gateway.send(approvedOf(record), record)).toMatchObject({
    kind: 'accepted',
  });
}

it('lists the fills of several markets as those of each, and of no other market', async () => {
  const { reader } = rig.venue;
  const all = await reader.instruments(symbols);
  for (const instrument of all) await buy(instrument);
  const each = await Promise.all(all.map((instrument) => reader.fills([instrument], startMs)));
  expect(each.map((fills) => fills.length > 0)).toEqual([true, true, true]);
  const together = await reader.fills(all, startMs);
  const byId = (one: { fillId: string }, other: { fillId: string }) =>
    one.fillId < other.fillId ? -1 : 1;
  expect(together.toSorted(byId)).toEqual(each.flat().toSorted(byId));
  expect(
    new Set((await reader.fills(all.slice(1, 2), startMs)).map((one) => one.instrument)),
  ).toEqual(new Set([all[1]?.id]));
});

it('opens another account with the markets that the first loaded', async () => {
  await rig.venue.reader.instruments(symbols);
  shut('/v5/market/instruments-info');
  const other = await rig.open({ common });
  const [btc] = await other.reader.instruments(symbols.slice(0, 1));
  expect(btc).toMatchObject({ symbol: 'BTC/USDT:USDT', quantityStepBase: '0.001' });
  expect(await other.reader.positions()).toEqual({});
});

it('loads the markets itself where nothing is shared, or the shared are old', async () => {
  await rig.venue.reader.instruments(symbols);
  rig.simulator.advanceTo(startMs + 300_001);
  shut('/v5/market/instruments-info');
  const opened = await Promise.all([rig.open({ common }), rig.open({})]);
  for (const { reader } of opened) await expect(reader.positions()).rejects.toThrow();
});

it('tells the depth from the book that a quote was read from, for two seconds', async () => {
  const { reader } = rig.venue;
  const [btc] = (await reader.instruments(symbols)) as [Instrument];
  const quote = await reader.quote(btc);
  shut('/v5/market/orderbook');
  const book = await reader.signals?.book(btc);
  expect([book?.bids[0]?.[0], book?.asks[0]?.[0]]).toEqual([quote.bid, quote.ask]);
  // A price to trade at is never a remembered one.
  await expect(reader.quote(btc)).rejects.toThrow();
  rig.simulator.advanceTo(rig.simulator.nowMs() + 2_001);
  await expect(reader.signals?.book(btc)).rejects.toThrow();
});

it('reads and parses once what of hours is the same for every account', async () => {
  const [btc] = (await rig.venue.reader.instruments(symbols)) as [Instrument];
  const [one, other, alone] = await Promise.all([
    rig.open({ common }),
    rig.open({ common }),
    rig.open({}),
  ]);
  const signalsOf = async ({ reader: { signals } }: typeof one) =>
    await Promise.all([
      signals?.openInterest(btc),
      signals?.longShare(btc),
      signals?.options('BTC'),
    ]);
  const first = await signalsOf(one);
  const second = await signalsOf(other);
  for (const [index, reading] of first.entries()) {
    expect(reading?.length).toBeGreaterThan(0);
    expect(second[index]).toBe(reading);
  }
  const own = await signalsOf(alone);
  expect(own).toEqual(first);
  expect(own[2]).not.toBe(first[2]);
});
