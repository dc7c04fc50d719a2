/**
 * Goal: `binance` (spot and USD-M in one venue) and `binanceusdm` say of an account what the venue's own journal says, and
 * take no order for refused that may exist.
 * Method: the unmodified ccxt classes over HTTP against the simulated exchange in its Binance dialect, wallets apart.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenedVenue, openVenue } from '../../../src/adapters/exchange/openVenue.ts';
import { add, type DecimalText, decimal, multiply, subtract } from '../../../src/domain/decimal.ts';
import type { Instrument } from '../../../src/domain/instrument.ts';
import type { OrderRecord } from '../../../src/domain/order.ts';
import { binanceDialect } from '../../../src/simulator/binance/dialect.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/http/server.ts';
import { createGeneratedMarket } from '../../../src/simulator/market/generated.ts';
import { approvedOf, optionsOf, recordOf, startMs } from './bybitSimulator.ts';

const hourMs = 3_600_000;
let simulator: Simulator;
let venue: OpenedVenue;
let futuresOnly: OpenedVenue;
let btc: Instrument;
let ethSpot: Instrument;

beforeEach(async () => {
  simulator = await startSimulator({
    dialect: binanceDialect,
    market: createGeneratedMarket({ seed: 1 }),
    clock: { kind: 'virtual', nowMs: startMs },
    balances: { USDT: '10000', 'spot:USDT': '5000', 'spot:USDC': '3000' },
  });
  // Nothing here is late on purpose: a busy machine must not make it so.
  const timeouts = { connectMs: 5_000, headersMs: 8_000, bodyMs: 8_000, deadlineMs: 9_000 };
  const open = { receiveWindowMs: 2_000, timeouts };
  venue = await openVenueOn('binance', open);
  futuresOnly = await openVenueOn('binanceusdm', open);
  const symbols = ['BTC/USDT:USDT', 'ETH/USDT'];
  [btc, ethSpot] = (await venue.reader.instruments(symbols)) as [Instrument, Instrument];
  await futuresOnly.reader.instruments(['BTC/USDT:USDT']);
});
afterEach(async () => {
  await simulator.close();
  await Promise.all([venue.destroy(), futuresOnly.destroy()]);
});

function openVenueOn(exchange: string, over: Parameters<typeof optionsOf>[1]) {
  return openVenue(optionsOf(simulator, { exchange, ...over }));
}

const send = (record: OrderRecord, at = venue) => at.gateway.send(approvedOf(record), record);
const price = async (instrument: Instrument, share: number): Promise<DecimalText> =>
  decimal(Math.round((await venue.reader.quote(instrument)).ask * share));
const taking = async (instrument: Instrument, over: Partial<OrderRecord> = {}) =>
  recordOf(instrument, { limitPrice: await price(instrument, 1.005), ...over });
const resting = async (instrument: Instrument, over: Partial<OrderRecord> = {}) =>
  taking(instrument, {
    timeInForce: 'postOnly',
    limitPrice: await price(instrument, 0.98),
    ...over,
  });
const acceptedId = async (record: OrderRecord): Promise<string> => {
  const sent = await send(record);
  if (sent.kind !== 'accepted') throw new Error(JSON.stringify(sent));
  return sent.venueOrderId;
};
const journalled = (id: string) =>
  simulator.journal().filter((entry) => entry.kind === 'order' && entry.order.orderLinkId === id);

describe('an instrument', () => {
  it('of each wallet carries lots, the account’s fees, and tiers where it is a perpetual', () => {
    expect(btc).toMatchObject({
      kind: 'perpetual',
      quantityStepBase: '0.001',
      notionalMinQuote: 100,
      reducesBelowMinimum: true,
    });
    expect(btc.tiers.length).toBeGreaterThan(1);
    expect(ethSpot).toMatchObject({ kind: 'spot', baseCoin: 'ETH', tiers: [] });
    expect(ethSpot.reducesBelowMinimum).toBeUndefined();
    expect(btc.takerFeeRate).toBeGreaterThan(0);
    expect(ethSpot.takerFeeRate).toBeGreaterThan(0);
  });
});

describe('an order', () => {
  it('of either wallet is found by our id, and its fill is the journal’s, exactly', async () => {
    for (const [instrument, quantity] of [
      [btc, '0.01'],
      [ethSpot, '0.5'],
    ] as const) {
      const record = await taking(instrument, { quantityBase: decimal(quantity) });
      const venueOrderId = await acceptedId(record);
      expect(await venue.gateway.lookUp(record, instrument)).toMatchObject({
        kind: 'found',
        order: { clientOrderId: record.clientOrderId, venueOrderId, state: 'filled' },
      });
      const known = { ...record, venueOrderId };
      const [fill] = await venue.gateway.fills(known, instrument);
      const truth = simulator
        .journal()
        .find((entry) => entry.kind === 'fill' && entry.orderLinkId === record.clientOrderId);
      if (truth?.kind !== 'fill') throw new Error('the journal has no such fill');
      expect(fill).toMatchObject({
        clientOrderId: record.clientOrderId,
        side: 'buy',
        quantityBase: decimal(truth.quantity),
        price: decimal(truth.price),
        fee: decimal(truth.fee),
        feeCoin: truth.feeCoin,
      });
      // Trades carry no client id here: among others it comes from the order.
      const listed = await venue.reader.fills([instrument], startMs - hourMs);
      expect(listed).toMatchObject([{ clientOrderId: record.clientOrderId }]);
    }
  });

  it('rests, is listed, is cancelled by our id alone, and is then gone', async () => {
    for (const instrument of [btc, ethSpot]) {
      const record = await resting(instrument, { quantityBase: decimal('0.1') });
      await acceptedId(record);
      expect(await venue.reader.openOrders([instrument])).toMatchObject([
        { clientOrderId: record.clientOrderId, state: 'working' },
      ]);
      expect(await venue.gateway.cancel(record, instrument)).toEqual({ kind: 'cancelled' });
      expect(await venue.gateway.cancel(record, instrument)).toEqual({ kind: 'gone' });
      expect(await venue.gateway.lookUp(record, instrument)).toMatchObject({
        order: { state: 'cancelled', filledBase: '0' },
      });
    }
  });

  it('that could not be filled at once has expired, what was filled of it kept', async () => {
    const { bid } = await venue.reader.quote(btc);
    const missed = recordOf(btc, { limitPrice: decimal(Math.round(bid * 0.99)) });
    await acceptedId(missed);
    expect(await venue.gateway.lookUp(missed, btc)).toMatchObject({
      order: { state: 'expired', filledBase: '0' },
    });
    simulator.inject({ kind: 'partialFills', share: 0.5 });
    const half = await taking(btc, { quantityBase: decimal('0.02') });
    await acceptedId(half);
    const found = await venue.gateway.lookUp(half, btc);
    if (found.kind !== 'found') throw new Error(found.kind);
    expect(found.order.state).toBe('expired');
    expect(Number(found.order.filledBase)).toBeGreaterThan(0);
    expect(Number(found.order.filledBase)).toBeLessThan(0.02);
  });

  it('that was never sent is absent', async () => {
    expect(await venue.gateway.lookUp(recordOf(btc), btc)).toEqual({ kind: 'absent' });
    expect(await venue.gateway.lookUp(recordOf(ethSpot), ethSpot)).toEqual({ kind: 'absent' });
  });

  it.each([
    ['a time-out of the venue', { kind: 'rejected', retCode: -1007, accepted: true }],
    ['an overload of the venue', { kind: 'rejected', retCode: -1008, accepted: true }],
    ['HTML with status 200', { kind: 'html', accepted: true }],
    ['a connection that drops', { kind: 'dropAfter' }],
    ['half an answer', { kind: 'truncate' }],
  ] as const)('is unknown after %s, is found, and exists while it rests', async (_, fault) => {
    const record = await resting(btc);
    simulator.inject({ ...fault, path: '/fapi/v1/order', method: 'POST' });
    expect(await send(record)).toMatchObject({ kind: 'unknown' });
    expect(await venue.gateway.lookUp(record, btc)).toMatchObject({ kind: 'found' });
    // −4116: the venue knows a repeated id among open orders only.
    expect(await send(record)).toEqual({ kind: 'exists' });
    expect(journalled(record.clientOrderId)).toHaveLength(1);
  });

  it('of the spot wallet whose id is taken exists: the venue says so in words only', async () => {
    const record = await resting(ethSpot, { quantityBase: decimal('0.1') });
    await acceptedId(record);
    expect(await send(record)).toEqual({ kind: 'exists' });
    expect(journalled(record.clientOrderId)).toHaveLength(1);
    const dear = await resting(ethSpot, { quantityBase: decimal('5') });
    expect(await send(dear)).toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining('insufficient balance'),
    });
  });

  it.each([
    ['money', -2019],
    ['a reduce-only rule', -2022],
    ['its price band', -4016],
    ['its timestamp', -1021],
    ['its least value', -4164],
  ])('is refused for %s with the venue’s code', async (_, retCode) => {
    const record = await taking(btc);
    simulator.inject({ kind: 'rejected', retCode, path: '/fapi/v1/order', method: 'POST' });
    expect(await send(record)).toMatchObject({ kind: 'rejected', code: String(retCode) });
    expect(journalled(record.clientOrderId)).toEqual([]);
  });

  it('that only reduces may be below the least value', async () => {
    await acceptedId(await taking(btc, { quantityBase: decimal('0.01') }));
    const small = { quantityBase: decimal('0.001'), reduceOnly: true, action: 'sell' } as const;
    const record = recordOf(btc, { ...small, limitPrice: await price(btc, 0.995) });
    expect(Number(await price(btc, 1)) * 0.001).toBeLessThan(btc.notionalMinQuote);
    expect((await send(record)).kind).toBe('accepted');
  });

  it('signed before the venue’s window is refused', async () => {
    const record = await taking(btc);
    const sentAt = (agoMs: number) =>
      venue.gateway.send(approvedOf(record), record, simulator.nowMs() - agoMs);
    // By our own clock it does not even leave.
    expect(await sentAt(2_500)).toMatchObject({ kind: 'rejected', code: 'LATE' });
    simulator.inject({ kind: 'clockSkew', skewMs: 2_000 });
    expect(await sentAt(1_500)).toMatchObject({ kind: 'rejected', code: '-1021' });
  });
});

describe('a ban', () => {
  it('is kept as long as the venue says', async () => {
    const record = await taking(btc);
    const fault = { kind: 'ban', retryAfterMs: 120_000, path: '/fapi/v1/order' } as const;
    simulator.inject(fault);
    await send(record);
    simulator.advanceTo(simulator.nowMs() + 119_000);
    expect(await send(record)).toMatchObject({ kind: 'rejected', code: 'BANNED' });
    simulator.advanceTo(simulator.nowMs() + 1_500);
    expect((await send(await taking(btc))).kind).toBe('accepted');
  });
});

describe('an account', () => {
  it('of `binance` is both wallets, its margin the futures wallet’s', async () => {
    await acceptedId(await taking(ethSpot, { quantityBase: decimal('0.5') }));
    const account = await venue.reader.account();
    const futures = await futuresOnly.reader.account();
    const coins = Object.fromEntries(account.coins.map(({ coin, wallet }) => [coin, wallet]));
    const ownCoins = Object.fromEntries(futures.coins.map(({ coin, wallet }) => [coin, wallet]));
    expect(ownCoins['USDT']).toBe('10000');
    expect(ownCoins['ETH'] ?? '0').toBe('0');
    expect(Number(coins['USDT'])).toBeLessThan(15_000);
    expect(coins['USDC']).toBe('3000');
    expect(Number(coins['ETH'])).toBeGreaterThan(0.49);
    expect(account.marginBalanceUsd).toBe(futures.equityUsd);
    // What was bought is worth what was paid, but for the fee and the spread.
    expect(Math.abs(account.equityUsd - 18_000)).toBeLessThan(10);
    expect(account).toMatchObject({ positionMode: 'oneWay', marginMode: expect.any(String) });
  });

  it('is prepared once: read first, set only what differs', async () => {
    await venue.gateway.prepare([btc, ethSpot], 7);
    // A second time nothing is posted: every write of a setting would be refused here.
    simulator.inject({ kind: 'rejected', retCode: -4000, method: 'POST', count: 10 });
    await venue.gateway.prepare([btc, ethSpot], 7);
  });

  it('in hedge mode is seen as such, and prepare switches it', async () => {
    simulator.inject({ kind: 'positionMode', mode: 'hedge' });
    expect((await venue.reader.account()).positionMode).toBe('hedge');
    await venue.gateway.prepare([btc], 7);
    expect((await venue.reader.account()).positionMode).toBe('oneWay');
  });

  it('says what the key may do', async () => {
    expect(await venue.reader.permissions()).toMatchObject({ trade: true, withdraw: false });
  });
});

describe('after three days', () => {
  it('fills and cash events add up to the futures wallet, each once', async () => {
    for (let day = 0; day < 3; day += 1) {
      simulator.advanceTo(simulator.nowMs() + 24 * hourMs);
      await acceptedId(await taking(btc, { quantityBase: decimal('0.003') }));
    }
    simulator.advanceTo(simulator.nowMs() + hourMs);
    const { reader } = futuresOnly;
    const [fills, events, account] = [
      await reader.fills([btc], startMs),
      await reader.cashEvents([btc], startMs - 1),
      await reader.account(),
    ];
    expect(fills).toHaveLength(3);
    expect(events.filter(({ kind }) => kind === 'funding').length).toBeGreaterThanOrEqual(6);
    const before = decimal('10000');
    const flows = events
      .filter(({ kind }) => kind !== 'deposit')
      .reduce((sum, { amount }) => add(sum, amount), before);
    // Only bought, never sold: the position has realised nothing but fees and funding.
    const expected = fills.reduce((sum, { fee }) => subtract(sum, fee), flows);
    const usdt = account.coins.find(({ coin }) => coin === 'USDT');
    expect(Number(usdt?.wallet)).toBeCloseTo(Number(expected), 6);
    expect(await reader.positions()).toEqual({
      'BTC/USDT:USDT': multiply('0.003', '3'),
    });
  });
});

describe('the wallets', () => {
  it('are filled from each other; what became of a lost answer is in the history', async () => {
    const { transfers } = venue.gateway;
    if (transfers === undefined) throw new Error('there are two wallets');
    expect(futuresOnly.gateway.transfers).toBeUndefined();
    expect(await transfers.free('USDT')).toEqual({ spot: '5000', swap: '10000' });
    expect(await transfers.list('USDT', startMs - hourMs)).toEqual([]);
    const transfer = { coin: 'USDT', amount: decimal('1200.5'), from: 'spot', to: 'swap' };
    simulator.inject({ kind: 'dropAfter', path: '/sapi/v1/asset/transfer', method: 'POST' });
    expect((await transfers.send(recordOf(btc), transfer)).kind).toBe('unknown');
    expect(await transfers.free('USDT')).toEqual({ spot: '3799.5', swap: '11200.5' });
    const [found, ...more] = await transfers.list('USDT', startMs - hourMs);
    expect(found).toMatchObject({ ...transfer, clientOrderId: null, state: 'done' });
    expect(more).toEqual([]);
    const back = { ...transfer, from: 'swap', to: 'spot' };
    expect((await transfers.send(recordOf(btc), back)).kind).toBe('accepted');
    expect(await transfers.free('USDT')).toEqual({ spot: '5000', swap: '10000' });
    // Within the venue nothing came in or went out.
    const events = await venue.reader.cashEvents([btc], startMs - 1);
    expect(events.filter(({ kind }) => kind !== 'funding')).toEqual([]);
  });

  it('refuse what they do not hold, and ways that there are not', async () => {
    const { transfers } = venue.gateway;
    const transfer = { coin: 'USDT', amount: decimal('99999'), from: 'spot', to: 'swap' };
    expect((await transfers?.send(recordOf(btc), transfer))?.kind).toBe('rejected');
    expect(await transfers?.send(recordOf(btc), { ...transfer, to: 'funding' })).toMatchObject({
      code: 'NO_SUCH_WALLET',
    });
  });
});

describe('the dead-man switch', () => {
  it('cancels what rests unless it is armed again, market by market', async () => {
    await venue.reader.account();
    await acceptedId(await resting(btc));
    await venue.gateway.deadMan?.(30_000);
    simulator.advanceTo(simulator.nowMs() + 20_000);
    await venue.gateway.deadMan?.(30_000);
    simulator.advanceTo(simulator.nowMs() + 20_000);
    expect(await venue.reader.openOrders([btc])).toHaveLength(1);
    simulator.advanceTo(simulator.nowMs() + 11_000);
    expect(await venue.reader.openOrders([btc])).toEqual([]);
  });
});
