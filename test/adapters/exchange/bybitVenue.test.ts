/**
 * Goal: the ports say of an account what the venue's own journal says, to the last digit.
 * Method: the unmodified ccxt class over HTTP against the simulated exchange; every figure is compared with its journal.
 */
import { describe, expect, it } from 'vitest';
import { add, type DecimalText, decimal, multiply, subtract } from '../../../src/domain/decimal.ts';
import type { Instrument } from '../../../src/domain/instrument.ts';
import { approvedOf, recordOf, startMs } from './bybitSimulator.ts';
import { rigForFile } from './rigForFile.ts';

const hourMs = 3_600_000;
const given = rigForFile();

const send = (record: ReturnType<typeof recordOf>) =>
  given.rig.venue.gateway.send(approvedOf(record), record);

describe('an order', () => {
  it('is placed, found by its client id, and its fill is the journal’s, exactly', async () => {
    const record = recordOf(given.btc, { limitPrice: await takingPrice(given.btc) });
    const sent = await send(record);
    if (sent.kind !== 'accepted') throw new Error(JSON.stringify(sent));
    const found = await given.rig.venue.gateway.lookUp(record, given.btc);
    expect(found).toMatchObject({
      kind: 'found',
      order: {
        clientOrderId: record.clientOrderId,
        venueOrderId: sent.venueOrderId,
        state: 'filled',
        filledBase: '0.01',
      },
    });
    const [fill] = await given.rig.venue.gateway.fills(record, given.btc);
    const truth = given.rig.simulator
      .journal()
      .find((entry) => entry.kind === 'fill' && entry.orderLinkId === record.clientOrderId);
    if (truth?.kind !== 'fill') throw new Error('the journal has no such fill');
    expect(fill).toMatchObject({
      fillId: truth.execId,
      clientOrderId: record.clientOrderId,
      side: 'buy',
      quantityBase: decimal(truth.quantity),
      price: decimal(truth.price),
      fee: decimal(truth.fee),
      feeCoin: truth.feeCoin,
    });
    expect(await given.rig.venue.reader.positions()).toMatchObject({ 'BTC/USDT:USDT': '0.01' });
  });

  it('sent twice exists once', async () => {
    const record = recordOf(given.btc, { limitPrice: await takingPrice(given.btc) });
    expect((await send(record)).kind).toBe('accepted');
    expect(await send(record)).toEqual({ kind: 'exists' });
    expect(await given.rig.venue.gateway.fills(record, given.btc)).toHaveLength(1);
  });

  it('rests, is listed, is cancelled once, and is then gone', async () => {
    const record = recordOf(given.btc, {
      timeInForce: 'postOnly',
      limitPrice: await restingPrice(given.btc),
    });
    expect((await send(record)).kind).toBe('accepted');
    const open = await given.rig.venue.reader.openOrders([given.btc]);
    expect(open.map(({ clientOrderId }) => clientOrderId)).toContain(record.clientOrderId);
    // By the client id alone: the acknowledgement may have been lost.
    expect(await given.rig.venue.gateway.cancel(record, given.btc)).toEqual({ kind: 'cancelled' });
    expect(await given.rig.venue.gateway.cancel(record, given.btc)).toEqual({ kind: 'gone' });
    expect(await given.rig.venue.gateway.lookUp(record, given.btc)).toMatchObject({
      order: { state: 'cancelled', filledBase: '0' },
    });
  });

  it('that was never sent is absent, while others exist', async () => {
    expect(await given.rig.venue.gateway.lookUp(recordOf(given.btc), given.btc)).toEqual({
      kind: 'absent',
    });
    expect(await given.rig.venue.gateway.lookUp(recordOf(given.usdcEarn), given.usdcEarn)).toEqual({
      kind: 'absent',
    });
  });

  it('beyond the money, or under the minimum, is refused with the venue’s code', async () => {
    const limitPrice = await takingPrice(given.btc);
    expect(
      await send(recordOf(given.btc, { limitPrice, quantityBase: decimal(1000) })),
    ).toMatchObject({
      kind: 'rejected',
      code: '110007',
    });
    expect(await send(recordOf(given.btc, { limitPrice, reduceOnly: true }))).toMatchObject({
      kind: 'rejected',
      code: '110017',
    });
  });

  it('on spot pays its fee in what it buys', async () => {
    const record = recordOf(given.ethSpot, {
      quantityBase: decimal('0.5'),
      limitPrice: await takingPrice(given.ethSpot),
    });
    await send(record);
    const [fill] = await given.rig.venue.gateway.fills(record, given.ethSpot);
    expect(fill).toMatchObject({ fee: '0.0005', feeCoin: 'ETH', quantityBase: '0.5' });
  });

  it('other than the approved one is a defect of ours', async () => {
    const record = recordOf(given.btc, { limitPrice: decimal(90_000) });
    const approved = approvedOf(record);
    const { gateway } = given.rig.venue;
    const worse = [
      { limitPrice: decimal(90_001) },
      { quantityBase: decimal('0.02') },
      { action: 'sell' as const },
      { instrument: given.ethSpot.id },
    ];
    for (const over of worse) {
      await expect(gateway.send(approved, { ...record, ...over })).rejects.toThrow(/order .* must/);
    }
  });
});

describe('an earn product', () => {
  it('states its yield, and is subscribed and redeemed like any order', async () => {
    const { reader, gateway } = given.rig.venue;
    const reading = await reader.yield(given.usdcEarn);
    expect(reading.available).toBe(true);
    expect(reading.yieldAnnual).toBeGreaterThan(0);
    expect(reading.yieldAnnual).toBeLessThan(0.5);
    const earn = { quantityBase: decimal(1000), limitPrice: null, timeInForce: 'none' } as const;
    const stake = recordOf(given.usdcEarn, { ...earn, action: 'subscribe' });
    const sent = await send(stake);
    if (sent.kind !== 'accepted') throw new Error(JSON.stringify(sent));
    expect(await send(stake)).toEqual({ kind: 'exists' });
    expect(await gateway.lookUp(stake, given.usdcEarn)).toMatchObject({
      order: { state: 'filled' },
    });
    expect(await gateway.fills(stake, given.usdcEarn)).toMatchObject([
      { fillId: sent.venueOrderId, side: 'buy', quantityBase: '1000', price: '1', fee: '0' },
    ]);
    expect((await reader.positions())['earn:USDC']).toBe('1000');
    const redeem = recordOf(given.usdcEarn, {
      ...earn,
      action: 'redeem',
      quantityBase: decimal(400),
    });
    expect((await send(redeem)).kind).toBe('accepted');
    expect(await gateway.lookUp(redeem, given.usdcEarn)).toMatchObject({
      order: { state: 'working' },
    });
    expect(await gateway.fills(redeem, given.usdcEarn)).toEqual([]);
    expect(await gateway.cancel(redeem, given.usdcEarn)).toEqual({ kind: 'gone' });
    given.rig.simulator.advanceTo(given.rig.simulator.nowMs() + given.usdcEarn.redemptionMs);
    expect(await gateway.fills(redeem, given.usdcEarn)).toMatchObject([
      { side: 'sell', quantityBase: '400' },
    ]);
  });
});

describe('after two weeks', () => {
  it('fills and cash events add up to every wallet, each once', async () => {
    const { reader, gateway } = given.rig.venue;
    for (let day = 0; day < 15; day += 1) {
      given.rig.simulator.advanceTo(given.rig.simulator.nowMs() + 24 * hourMs);
      const record = recordOf(given.btc, {
        quantityBase: decimal('0.003'),
        limitPrice: await takingPrice(given.btc),
      });
      await send(record);
    }
    // More than a page of each list within one window.
    const limitPrice = await takingPrice(given.btc);
    for (let order = 0; order < 110; order += 1) {
      await send(recordOf(given.btc, { quantityBase: decimal('0.001'), limitPrice }));
    }
    const [fills, events, account] = [
      await reader.fills([given.btc, given.ethSpot, given.usdcEarn], startMs),
      await reader.cashEvents([given.btc, given.ethSpot, given.usdcEarn], startMs),
      await reader.account(),
    ];
    expect(new Set(fills.map(({ fillId }) => fillId)).size).toBe(fills.length);
    expect(new Set(events.map(({ kind }) => kind))).toEqual(
      new Set(['deposit', 'funding', 'yield']),
    );
    const wallets: Record<string, DecimalText> = {};
    const credit = (coin: string, amount: DecimalText) => {
      wallets[coin] = add(wallets[coin] ?? '0', amount);
    };
    for (const { coin, amount } of events) credit(coin, amount);
    for (const fill of fills) {
      credit(fill.feeCoin, subtract(0, fill.fee));
      const bought = fill.side === 'buy' ? fill.quantityBase : subtract(0, fill.quantityBase);
      if (fill.instrument === given.ethSpot.id) {
        credit('ETH', bought);
        credit('USDT', subtract(0, multiply(bought, fill.price)));
      }
      if (fill.instrument === given.usdcEarn.id) credit('USDC', subtract(0, bought));
    }
    // Only bought, never sold: the perpetual has realised nothing but fees and funding.
    const stated = Object.fromEntries(account.coins.map(({ coin, wallet }) => [coin, wallet]));
    expect(wallets).toEqual(stated);
    expect(await gateway.cancelAll([given.btc])).toBe(0);
  });

  it('the account’s free coins leave out what positions hold', async () => {
    const account = await given.rig.venue.reader.account();
    const usdt = account.coins.find(({ coin }) => coin === 'USDT');
    expect(Number(usdt?.free)).toBeLessThan(Number(usdt?.wallet));
    expect(account.initialMarginUsd).toBeGreaterThan(account.maintenanceMarginUsd);
    expect(account).toMatchObject({ positionMode: 'oneWay', marginMode: 'cross' });
  });
});

describe('cancelling everything', () => {
  it('takes orders of every market, and counts them', async () => {
    const { gateway, reader } = given.rig.venue;
    for (const instrument of [given.btc, given.ethSpot]) {
      await send(
        recordOf(instrument, {
          timeInForce: 'postOnly',
          limitPrice: await restingPrice(instrument),
        }),
      );
    }
    expect(await gateway.cancelAll([given.btc])).toBe(2);
    expect(await reader.openOrders([given.btc, given.ethSpot])).toEqual([]);
  });
});

async function takingPrice(instrument: Instrument): Promise<DecimalText> {
  return decimal(Math.round((await given.rig.venue.reader.quote(instrument)).ask * 1.01));
}

async function restingPrice(instrument: Instrument): Promise<DecimalText> {
  return decimal(Math.round((await given.rig.venue.reader.quote(instrument)).bid * 0.98));
}
