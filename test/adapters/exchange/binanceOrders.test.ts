/**
 * Goal: at `binance` (spot and USD-M in one venue) and `binanceusdm` no order is taken for refused that may exist.
 * Method: the unmodified ccxt classes over HTTP against the simulated exchange in its Binance dialect, wallets apart.
 */
import { describe, expect, it } from 'vitest';
import { decimal } from '../../../src/domain/decimal.ts';
import { binanceForEach } from './binanceGiven.ts';
import { approvedOf, recordOf, startMs } from './bybitSimulator.ts';

const hourMs = 3_600_000;
const given = binanceForEach();
const { send, price, taking, resting, acceptedId, journalled } = given;

describe('an instrument', () => {
  it('of each wallet carries lots, the account’s fees, and tiers where it is a perpetual', () => {
    expect(given.btc).toMatchObject({
      kind: 'perpetual',
      quantityStepBase: '0.001',
      notionalMinQuote: 100,
      reducesBelowMinimum: true,
    });
    expect(given.btc.tiers.length).toBeGreaterThan(1);
    expect(given.ethSpot).toMatchObject({ kind: 'spot', baseCoin: 'ETH', tiers: [] });
    expect(given.ethSpot.reducesBelowMinimum).toBeUndefined();
    expect(given.btc.takerFeeRate).toBeGreaterThan(0);
    expect(given.ethSpot.takerFeeRate).toBeGreaterThan(0);
  });
});

describe('an order', () => {
  it('of either wallet is found by our id, and its fill is the journal’s, exactly', async () => {
    for (const [instrument, quantity] of [
      [given.btc, '0.01'],
      [given.ethSpot, '0.5'],
    ] as const) {
      const record = await taking(instrument, { quantityBase: decimal(quantity) });
      const venueOrderId = await acceptedId(record);
      expect(await given.venue.gateway.lookUp(record, instrument)).toMatchObject({
        kind: 'found',
        order: { clientOrderId: record.clientOrderId, venueOrderId, state: 'filled' },
      });
      const known = { ...record, venueOrderId };
      const [fill] = await given.venue.gateway.fills(known, instrument);
      const truth = given.simulator
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
      const listed = await given.venue.reader.fills([instrument], startMs - hourMs);
      expect(listed).toMatchObject([{ clientOrderId: record.clientOrderId }]);
    }
  });

  it('rests, is listed, is cancelled by our id alone, and is then gone', async () => {
    for (const instrument of [given.btc, given.ethSpot]) {
      const record = await resting(instrument, { quantityBase: decimal('0.1') });
      await acceptedId(record);
      expect(await given.venue.reader.openOrders([instrument])).toMatchObject([
        { clientOrderId: record.clientOrderId, state: 'working' },
      ]);
      expect(await given.venue.gateway.cancel(record, instrument)).toEqual({ kind: 'cancelled' });
      expect(await given.venue.gateway.cancel(record, instrument)).toEqual({ kind: 'gone' });
      expect(await given.venue.gateway.lookUp(record, instrument)).toMatchObject({
        order: { state: 'cancelled', filledBase: '0' },
      });
    }
  });

  it('that could not be filled at once has expired, what was filled of it kept', async () => {
    const { bid } = await given.venue.reader.quote(given.btc);
    const missed = recordOf(given.btc, { limitPrice: decimal(Math.round(bid * 0.99)) });
    await acceptedId(missed);
    expect(await given.venue.gateway.lookUp(missed, given.btc)).toMatchObject({
      order: { state: 'expired', filledBase: '0' },
    });
    given.simulator.inject({ kind: 'partialFills', share: 0.5 });
    const half = await taking(given.btc, { quantityBase: decimal('0.02') });
    await acceptedId(half);
    const found = await given.venue.gateway.lookUp(half, given.btc);
    if (found.kind !== 'found') throw new Error(found.kind);
    expect(found.order.state).toBe('expired');
    expect(Number(found.order.filledBase)).toBeGreaterThan(0);
    expect(Number(found.order.filledBase)).toBeLessThan(0.02);
  });

  it('that was never sent is absent', async () => {
    expect(await given.venue.gateway.lookUp(recordOf(given.btc), given.btc)).toEqual({
      kind: 'absent',
    });
    expect(await given.venue.gateway.lookUp(recordOf(given.ethSpot), given.ethSpot)).toEqual({
      kind: 'absent',
    });
  });

  it.each([
    ['a time-out of the venue', { kind: 'rejected', retCode: -1007, accepted: true }],
    ['an overload of the venue', { kind: 'rejected', retCode: -1008, accepted: true }],
    ['HTML with status 200', { kind: 'html', accepted: true }],
    ['a connection that drops', { kind: 'dropAfter' }],
    ['half an answer', { kind: 'truncate' }],
  ] as const)('is unknown after %s, is found, and exists while it rests', async (_, fault) => {
    const record = await resting(given.btc);
    given.simulator.inject({ ...fault, path: '/fapi/v1/order', method: 'POST' });
    expect(await send(record)).toMatchObject({ kind: 'unknown' });
    expect(await given.venue.gateway.lookUp(record, given.btc)).toMatchObject({ kind: 'found' });
    // −4116: the venue knows a repeated id among open orders only.
    expect(await send(record)).toEqual({ kind: 'exists' });
    expect(journalled(record.clientOrderId)).toHaveLength(1);
  });

  it('of the spot wallet whose id is taken exists: the venue says so in words only', async () => {
    const record = await resting(given.ethSpot, { quantityBase: decimal('0.1') });
    await acceptedId(record);
    expect(await send(record)).toEqual({ kind: 'exists' });
    expect(journalled(record.clientOrderId)).toHaveLength(1);
    const dear = await resting(given.ethSpot, { quantityBase: decimal('5') });
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
    const record = await taking(given.btc);
    given.simulator.inject({ kind: 'rejected', retCode, path: '/fapi/v1/order', method: 'POST' });
    expect(await send(record)).toMatchObject({ kind: 'rejected', code: String(retCode) });
    expect(journalled(record.clientOrderId)).toEqual([]);
  });

  it('that only reduces may be below the least value', async () => {
    await acceptedId(await taking(given.btc, { quantityBase: decimal('0.01') }));
    const small = { quantityBase: decimal('0.001'), reduceOnly: true, action: 'sell' } as const;
    const record = recordOf(given.btc, { ...small, limitPrice: await price(given.btc, 0.995) });
    expect(Number(await price(given.btc, 1)) * 0.001).toBeLessThan(given.btc.notionalMinQuote);
    expect((await send(record)).kind).toBe('accepted');
  });

  it('signed before the venue’s window is refused', async () => {
    const record = await taking(given.btc);
    const sentAt = (agoMs: number) =>
      given.venue.gateway.send(approvedOf(record), record, given.simulator.nowMs() - agoMs);
    // By our own clock it does not even leave.
    expect(await sentAt(2_500)).toMatchObject({ kind: 'rejected', code: 'LATE' });
    given.simulator.inject({ kind: 'clockSkew', skewMs: 2_000 });
    expect(await sentAt(1_500)).toMatchObject({ kind: 'rejected', code: '-1021' });
  });
});

describe('a ban', () => {
  it('is kept as long as the venue says', async () => {
    const record = await taking(given.btc);
    const fault = { kind: 'ban', retryAfterMs: 120_000, path: '/fapi/v1/order' } as const;
    given.simulator.inject(fault);
    await send(record);
    given.simulator.advanceTo(given.simulator.nowMs() + 119_000);
    expect(await send(record)).toMatchObject({ kind: 'rejected', code: 'BANNED' });
    given.simulator.advanceTo(given.simulator.nowMs() + 1_500);
    expect((await send(await taking(given.btc))).kind).toBe('accepted');
  });
});
