/**
 * Goal: OKX through the unmodified ccxt class: contracts, order rows without a status, its own codes, fees and bills.
 * Method: a stub of its endpoints with the odd answers that were seen; the sentences of the contract for all venues.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenedVenue } from '../../../src/adapters/exchange/openVenue.ts';
import { decimal } from '../../../src/domain/decimal.ts';
import type { Instrument } from '../../../src/domain/instrument.ts';
import { approvedOf, recordOf, startMs } from './bybitSimulator.ts';
import { okxError, startOkxStub } from './stubs/okxStub.ts';
import { openStub } from './stubs/openStub.ts';
import { stubMs } from './stubs/stubBook.ts';
import { describeOrders, taking } from './stubs/venueContract.ts';

const symbol = 'BTC/USDT:USDT';
let stub: Awaited<ReturnType<typeof startOkxStub>>;
let venue: OpenedVenue;
let perpetual: Instrument;

beforeEach(async () => {
  stub = await startOkxStub();
  venue = await openStub(stub, 'okx');
  [perpetual] = (await venue.reader.instruments([symbol])) as [Instrument];
});
afterEach(async () => {
  await venue.destroy();
  stub.close();
});

describe('an OKX order', () => {
  describeOrders(() => ({ stub, venue, perpetual }), {
    place: /batch-orders/,
    lookUp: /trade\/order /,
    written: (id) => id,
    open: [
      ['HTML with status 200', { body: '<html>Just a moment</html>' }],
      ['a time-out of the venue', okxError('50004', 'Endpoint request timeout')],
      ['a system error', okxError('50026', 'System error')],
      ['a row without an id', { body: { code: '0', data: [{ sCode: '0', ordId: '' }] } }],
      ['a bad gateway', { status: 502, body: 'bad gateway' }],
    ],
    refused: [
      ['money', reject('51008'), '51008'],
      ['nothing to reduce, which ccxt does not know', reject('51169'), '51169'],
      ['a wrong key', okxError('50111', 'Invalid OK-ACCESS-KEY'), '50111'],
      ['too many requests', okxError('50011', 'Too Many Requests'), '50011'],
    ],
    repeated: 'exists',
  });

  it('that ended unfilled is said to be forgotten after two hours', () => {
    expect(venue.gateway.forgetsAfterMs).toBe(7_200_000);
  });

  it('is written in contracts, with its last moment, and without a broker’s tag', async () => {
    const record = taking(perpetual, { reduceOnly: true });
    await venue.gateway.send(approvedOf(record), record, stubMs - 500);
    const sent = stub.asked.find(({ path }) => path.endsWith('batch-orders'));
    expect(sent?.body).toEqual([
      {
        instId: 'BTC-USDT-SWAP',
        side: 'buy',
        ordType: 'ioc',
        sz: '2',
        px: '60100',
        tdMode: 'cross',
        clOrdId: record.clientOrderId,
        reduceOnly: true,
      },
    ]);
    expect(sent?.headers['exptime']).toBe(String(stubMs - 500 + 4_000));
    expect(stub.asked.filter(({ headers }) => 'exptime' in headers)).toHaveLength(1);
  });

  it('is cancelled with all others though the venue lists a hundred at a time', async () => {
    for (let i = 0; i < 130; i += 1) {
      stub.book.place({
        clientId: `x${i}`,
        side: 'buy',
        quantity: decimal('0.1'),
        price: decimal('59000'),
        isIoc: false,
      });
    }
    expect(await venue.gateway.cancelAll([perpetual])).toBe(130);
    expect(stub.book.orders.every(({ state }) => state === 'cancelled')).toBe(true);
  });

  it('of a demo account carries the demo header on every request', async () => {
    // The list of origins lets none without it leave.
    const demo = await openStub(stub, 'okx', { environment: 'demo', endpoint: null });
    expect(demo.origins.every((origin) => origin.includes('okx.com'))).toBe(true);
    await demo.destroy();
  });
});

describe('an OKX instrument', () => {
  it('is in coins, with the fees of linear contracts and not of coin-margined ones', () => {
    expect(perpetual).toMatchObject({
      quantityStepBase: '0.001',
      quantityMinBase: '0.001',
      takerFeeRate: 0.0004,
      makerFeeRate: 0.0001,
      reducesBelowMinimum: true,
      tiers: [{ floorUsd: 0, capUsd: 600_000, maintenanceMarginRate: 0.004, leverageMax: 100 }],
    });
  });

  it('has the venue’s mark and index, which its ticker lacks', async () => {
    const quote = await venue.reader.quote(perpetual);
    expect(quote).toMatchObject({ bid: 59_999, ask: 60_001, mark: 60_000.4, index: 59_990 });
    expect(quote.depthQuote).toBeCloseTo(500 * 0.01 * 59_999, 6);
  });
});

describe('an OKX account', () => {
  it('is read in USD and in coins, open gains apart', async () => {
    const record = taking(perpetual);
    await venue.gateway.send(approvedOf(record), record);
    expect(await venue.reader.positions()).toEqual({ [symbol]: '0.02' });
    expect(await venue.reader.account()).toEqual({
      equityUsd: 10_010,
      initialMarginUsd: 60,
      maintenanceMarginUsd: 3,
      coins: [{ coin: 'USDT', wallet: decimal(10_000), free: decimal(9_900) }],
      liquidationPrices: { [symbol]: 40_000.5 },
      positionMode: 'oneWay',
      marginMode: 'cross',
    });
  });

  it('in single-currency margin, whose totals are empty, is read from its coins', async () => {
    Object.assign(stub.account, { imr: '', mmr: '' });
    const account = await venue.reader.account();
    expect(account.initialMarginUsd).toBeCloseTo((60 * 10_020) / 10_010, 9);
    expect(account.maintenanceMarginUsd).toBeCloseTo((3 * 10_020) / 10_010, 9);
  });

  it('is prepared once: read first, set only what differs', async () => {
    stub.account.posMode = 'long_short_mode';
    expect((await venue.reader.account()).positionMode).toBe('hedge');
    await venue.gateway.prepare([perpetual], 5);
    await venue.gateway.prepare([perpetual], 5);
    expect(stub.asked.filter(({ method }) => method === 'POST').map(({ path }) => path)).toEqual([
      '/api/v5/account/set-position-mode',
      '/api/v5/account/set-leverage',
    ]);
    expect(stub.account).toMatchObject({ posMode: 'net_mode', lever: '5' });
  });

  it('that trades spot only is refused with a remedy', async () => {
    stub.account.acctLv = '1';
    await expect(venue.gateway.prepare([perpetual], 5)).rejects.toMatchObject({
      retryable: false,
      remedy: expect.stringContaining('account mode'),
    });
  });

  it('lists every fill, though the venue lists the newest hundred of a span only', async () => {
    for (let i = 0; i < 130; i += 1) {
      stub.book.place({
        clientId: `x${i}`,
        side: 'buy',
        quantity: decimal('0.1'),
        price: decimal('60100'),
        isIoc: true,
      });
    }
    const fills = await venue.reader.fills([perpetual], startMs - 3_600_000);
    expect(fills).toHaveLength(130);
    expect(new Set(fills.map(({ fillId }) => fillId)).size).toBe(130);
  });

  it('states its cash in bills, page by page, without what fills state', async () => {
    const bill = (billId: number, type: string, balChg: string, instId = '') => ({
      billId: String(billId),
      type,
      balChg,
      ccy: 'USDT',
      instId,
      ts: String(stubMs - billId),
    });
    stub.bills.push(
      ...Array.from({ length: 99 }, (_, i) => bill(i + 1, '2', '-0.1', 'BTC-USDT-SWAP')),
      bill(100, '8', '-1.25', 'BTC-USDT-SWAP'),
      bill(101, '1', '500'),
      bill(102, '1', '-20'),
      bill(103, '7', '-0.5'),
      bill(104, '22', '-3'),
    );
    expect(await venue.reader.cashEvents([perpetual], stubMs - 1_000)).toMatchObject([
      { eventId: '104', kind: 'other', amount: '-3', instrument: null },
      { eventId: '103', kind: 'interest', amount: '-0.5' },
      { eventId: '102', kind: 'withdrawal', amount: '-20' },
      { eventId: '101', kind: 'deposit', amount: '500' },
      { eventId: '100', kind: 'funding', amount: '-1.25', instrument: perpetual.id },
    ]);
  });

  it('moves coins between its wallets under our id, and finds them again', async () => {
    const { transfers } = venue.gateway;
    if (transfers === undefined) throw new Error('there are two wallets');
    expect(await transfers.free('USDT')).toEqual({ funding: '250', trading: '9000' });
    // A transfer has no last moment of its own: its time stamp is good for half a minute.
    expect(transfers.lateMsMax).toBe(30_000);
    const record = recordOf(perpetual);
    const transfer = { coin: 'USDT', amount: decimal('12.5'), from: 'funding', to: 'trading' };
    stub.spoil(/asset\/transfer/, okxError('50004', 'Endpoint request timeout'), true);
    expect((await transfers.send(record, transfer)).kind).toBe('unknown');
    expect(await transfers.list('USDT', stubMs - 1)).toEqual([
      {
        ...transfer,
        transferId: '7000001',
        clientOrderId: record.clientOrderId,
        state: 'done',
        atMs: stubMs,
      },
    ]);
    expect(await transfers.send(record, { ...transfer, amount: decimal(5) })).toEqual({
      kind: 'accepted',
      venueOrderId: '5550001',
    });
    // A sender that was frozen since it asked signs that moment: the venue's window refuses it.
    await transfers.send(record, transfer, stubMs - 700);
    const signed = stub.asked.filter(({ path }) => path.endsWith('asset/transfer')).at(-1);
    expect(signed?.headers['ok-access-timestamp']).toBe(new Date(stubMs - 700).toISOString());
    expect(await transfers.send(record, { ...transfer, to: 'spot' })).toMatchObject({
      kind: 'rejected',
      code: 'NO_SUCH_WALLET',
    });
  });

  it('arms the dead-man switch in the venue’s whole seconds, ten at least', async () => {
    await venue.gateway.deadMan?.(25_400);
    await venue.gateway.deadMan?.(1);
    const armed = stub.asked.filter(({ path }) => path.endsWith('cancel-all-after'));
    expect(armed.map(({ body }) => body)).toEqual([{ timeOut: 26 }, { timeOut: 10 }]);
  });
});

function reject(sCode: string) {
  return {
    body: { code: '1', msg: 'All operations failed', data: [{ sCode, sMsg: 'no', ordId: '' }] },
  };
}
