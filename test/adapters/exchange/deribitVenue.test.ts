/**
 * Goal: Deribit through the unmodified ccxt class: labels for ids, amounts in coins whatever a contract is, currencies apart.
 * Method: a stub of its endpoints; the sentences of the contract for all venues.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenedVenue } from '../../../src/adapters/exchange/openVenue.ts';
import { decimal } from '../../../src/domain/decimal.ts';
import type { Instrument } from '../../../src/domain/instrument.ts';
import { approvedOf } from './bybitSimulator.ts';
import { deribitError, startDeribitStub, summary } from './stubs/deribitStub.ts';
import { openStub } from './stubs/openStub.ts';
import { stubMs } from './stubs/stubBook.ts';
import { describeOrders, taking } from './stubs/venueContract.ts';

const symbol = 'BTC/USDC:USDC';
let stub: Awaited<ReturnType<typeof startDeribitStub>>;
let venue: OpenedVenue;
let perpetual: Instrument;

beforeEach(async () => {
  stub = await startDeribitStub();
  venue = await openStub(stub, 'deribit');
  [perpetual] = (await venue.reader.instruments([symbol])) as [Instrument];
});
afterEach(async () => {
  await venue.destroy();
  stub.close();
});

describe('a Deribit order', () => {
  describeOrders(() => ({ stub, venue, perpetual }), {
    place: /private\/buy/,
    lookUp: /get_order_state_by_label/,
    written: (id) => id,
    open: [
      ['HTML with status 200', { body: '<html>Just a moment</html>' }],
      ['an answer without an order', { body: { jsonrpc: '2.0', result: {} } }],
      ['a bad gateway', { status: 502, body: 'bad gateway' }],
      ['a system error', deribitError(11051, 'system_maintenance')],
      ['a retry of the venue', deribitError(10040, 'retry')],
    ],
    refused: [
      ['money', deribitError(10009, 'not_enough_funds'), '10009'],
      ['being post-only', deribitError(11054, 'post_only_reject'), '11054'],
      ['its parameters', deribitError(-32602, 'Invalid params'), '-32602'],
    ],
    repeated: 'accepted',
  });

  it('is in coins, with its label and its last moment', async () => {
    const record = taking(perpetual, { reduceOnly: true });
    await venue.gateway.send(approvedOf(record), record, stubMs - 500);
    expect(stub.asked.find(({ path }) => path.endsWith('/buy'))?.query).toEqual({
      instrument_name: 'BTC_USDC-PERPETUAL',
      amount: '0.02',
      type: 'limit',
      price: '60100',
      reduce_only: 'true',
      time_in_force: 'immediate_or_cancel',
      label: record.clientOrderId,
      valid_until: String(stubMs - 500 + 4_000),
    });
  });

  it('of which there are two under one label is for a person to see', async () => {
    const record = taking(perpetual);
    await venue.gateway.send(approvedOf(record), record);
    await venue.gateway.send(approvedOf(record), record);
    expect(await venue.gateway.lookUp(record, perpetual)).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('two orders'),
    });
  });
});

describe('a Deribit market', () => {
  it('has lots in coins, a mark and an index, and funding that accrues', async () => {
    expect(perpetual).toMatchObject({
      quantityStepBase: '0.001',
      priceTick: '0.5',
      takerFeeRate: 0.0005,
    });
    const quote = await venue.reader.quote(perpetual);
    expect(quote).toMatchObject({ mark: 60_000.5, index: 59_990 });
    expect(quote.depthQuote).toBeCloseTo(5 * 59_999, 6);
    expect(await venue.reader.funding(perpetual)).toEqual({
      rate: 0.0001,
      intervalMs: 8 * 3_600_000,
      nextMs: stubMs + 3 * 3_600_000,
    });
  });
});

describe('a Deribit account', () => {
  it('is read in dollars where currencies stand apart, its wallets without open gains', async () => {
    const record = taking(perpetual, { action: 'sell', limitPrice: decimal(59_000) });
    await venue.gateway.send(approvedOf(record), record);
    expect(await venue.reader.positions()).toEqual({ [symbol]: '-0.02' });
    expect(await venue.reader.account()).toEqual({
      equityUsd: 8_002.5,
      initialMarginUsd: 60,
      maintenanceMarginUsd: 12,
      coins: [
        { coin: 'USDC', wallet: decimal(8_000), free: decimal(7_900) },
        { coin: 'BTC', wallet: decimal('0.5'), free: decimal('0.5') },
      ],
      liquidationPrices: { [symbol]: 42_000.5 },
      positionMode: 'oneWay',
      marginMode: 'cross',
    });
  });

  it('with cross collateral is read from its totals', async () => {
    const totals = {
      cross_collateral_enabled: true,
      total_equity_usd: 38_002.5,
      total_initial_margin_usd: 61,
      total_maintenance_margin_usd: 13,
    };
    const usdc = { equity: 8_002.5, balance: 8_000, available_funds: 7_900 };
    stub.state.summaries = [summary('USDC', { ...usdc, ...totals })];
    expect(await venue.reader.account()).toMatchObject({
      equityUsd: 38_002.5,
      initialMarginUsd: 61,
      maintenanceMarginUsd: 13,
    });
  });

  it('states its cash in the transaction log, page by page, without what fills state', async () => {
    const entry = (id: number, type: string, change: number, more = {}) => ({
      id,
      type,
      change,
      currency: 'USDC',
      timestamp: stubMs - 1_000 + id,
      ...more,
    });
    stub.state.log = [
      entry(1, 'trade', -0.6),
      entry(2, 'settlement', 12.5, {
        interest_pl: -0.25,
        instrument_name: 'BTC_USDC-PERPETUAL',
      }),
      entry(3, 'deposit', 100),
      entry(4, 'transfer', -40),
      entry(5, 'withdrawal', -10),
    ];
    expect(await venue.reader.cashEvents([perpetual], stubMs - 60_000)).toMatchObject([
      { eventId: '2', kind: 'funding', amount: '-0.25', instrument: perpetual.id },
      { eventId: '3', kind: 'deposit', amount: '100' },
      { eventId: '4', kind: 'withdrawal', amount: '-40' },
      { eventId: '5', kind: 'withdrawal', amount: '-10' },
    ]);
  });

  it('has no dead-man switch over HTTP, and nothing to prepare', async () => {
    expect(venue.gateway.deadMan).toBeUndefined();
    const before = stub.asked.length;
    await venue.gateway.prepare([perpetual], 5);
    const asked = stub.asked.slice(before).map(({ path }) => path);
    expect(asked.every((path) => /get_(positions|account_summaries)$/.test(path))).toBe(true);
  });
});
