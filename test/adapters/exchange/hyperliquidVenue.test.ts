/**
 * Goal: Hyperliquid through the unmodified ccxt class: its ids, its answers without an id, its margin tables, and nothing
 * signed but what we asked for.
 * Method: a stub of its two endpoints; the sentences of the contract for all venues; every posted action is looked at.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenedVenue } from '../../../src/adapters/exchange/openVenue.ts';
import { decimal } from '../../../src/domain/decimal.ts';
import type { Instrument } from '../../../src/domain/instrument.ts';
import { approvedOf } from './bybitSimulator.ts';
import { hyperliquidError, startHyperliquidStub } from './stubs/hyperliquidStub.ts';
import { openStub, wallet } from './stubs/openStub.ts';
import { stubMs } from './stubs/stubBook.ts';
import { describeOrders, taking } from './stubs/venueContract.ts';

const symbol = 'BTC/USDC:USDC';
let stub: Awaited<ReturnType<typeof startHyperliquidStub>>;
let venue: OpenedVenue;
let perpetual: Instrument;

beforeEach(async () => {
  stub = await startHyperliquidStub();
  venue = await openStub(stub, 'hyperliquid', { credentials: wallet });
  [perpetual] = (await venue.reader.instruments([symbol])) as [Instrument];
});
afterEach(async () => {
  await venue.destroy();
  stub.close();
});

type Posted = {
  readonly action: Readonly<Record<string, unknown>>;
  readonly nonce: number;
  readonly expiresAfter?: number;
};
const posted = (): readonly Posted[] =>
  stub.asked.filter(({ path }) => path === '/exchange').map(({ body }) => body as Posted);

describe('a Hyperliquid order', () => {
  describeOrders(() => ({ stub, venue, perpetual }), {
    place: /exchange .*"type":"order"/,
    lookUp: /orderStatus/,
    written: (id) => `0x${id}`,
    open: [
      ['HTML with status 200', { body: '<html>Just a moment</html>' }],
      [
        'an answer without an id',
        { body: { status: 'ok', response: { type: 'order', data: { statuses: [{}] } } } },
      ],
      ['a bad gateway', { status: 502, body: 'bad gateway' }],
    ],
    refused: [
      [
        'money',
        hyperliquidError('Insufficient margin to place order. asset=0'),
        'InsufficientFunds',
      ],
      [
        'its least value',
        hyperliquidError('Order must have minimum value of $10. asset=0'),
        'InvalidOrder',
      ],
      [
        'nothing to take at once',
        hyperliquidError('Order could not immediately match against any resting orders. asset=0'),
        'InvalidOrder',
      ],
      [
        'being post-only',
        hyperliquidError('Post only order would have immediately matched, bbo was 1@2. asset=0'),
        'InvalidOrder',
      ],
    ],
    repeated: 'accepted',
  });

  it('and everything else that is signed carries no builder and no referral, in each environment', async () => {
    const testnet = await openStub(stub, 'hyperliquid', { credentials: wallet });
    for (const each of [venue, testnet]) {
      await each.reader.instruments([symbol]);
      const record = taking(perpetual);
      await each.gateway.send(approvedOf(record), record);
      await each.gateway.cancel(record, perpetual);
      await each.gateway.prepare([perpetual], 3);
      await each.gateway.deadMan?.(10_000);
    }
    const actions = posted().map(({ action }) => action);
    expect(new Set(actions.map(({ type }) => type))).toEqual(
      new Set(['order', 'cancelByCloid', 'updateLeverage', 'scheduleCancel']),
    );
    expect(JSON.stringify(stub.asked)).not.toMatch(/builder|setReferrer|approveBuilderFee/i);
    await testnet.destroy();
  });

  it('has its last moment signed into it', async () => {
    const record = taking(perpetual);
    await venue.gateway.send(approvedOf(record), record, stubMs - 700);
    const [order] = posted();
    expect(order?.nonce).toBe(stubMs - 700);
    expect(order?.expiresAfter).toBe(stubMs - 700 + 4_000);
  });

  it('that is late has no longer to live though a later one was signed before it', async () => {
    const [before, late] = [taking(perpetual), taking(perpetual)];
    await venue.gateway.send(approvedOf(before), before, stubMs);
    await venue.gateway.send(approvedOf(late), late, stubMs - 700);
    const [, order] = posted();
    expect(order?.nonce).toBeGreaterThan(stubMs);
    expect(order?.expiresAfter).toBe(stubMs - 700 + 4_000);
  });

  it.each([
    ['marginCanceled', 'cancelled'],
    ['reduceOnlyCanceled', 'cancelled'],
    ['scheduledCancel', 'cancelled'],
    ['iocCancelRejected', 'rejected'],
    ['triggered', 'working'],
  ])('that is %s is %s', async (status, state) => {
    const record = taking(perpetual, { timeInForce: 'postOnly', limitPrice: decimal(59_000) });
    await venue.gateway.send(approvedOf(record), record);
    stub.state.status = status;
    expect(await venue.gateway.lookUp(record, perpetual)).toMatchObject({ order: { state } });
  });

  it('in a state that nobody knows is unknown', async () => {
    const record = taking(perpetual);
    await venue.gateway.send(approvedOf(record), record);
    stub.state.status = 'somethingNew';
    expect((await venue.gateway.lookUp(record, perpetual)).kind).toBe('unknown');
  });
});

describe('a Hyperliquid market', () => {
  it('has the tiers of its margin table, deductions derived, and the account’s fees', () => {
    expect(perpetual).toMatchObject({
      quantityStepBase: '0.00001',
      notionalMinQuote: 10,
      takerFeeRate: 0.00045,
      makerFeeRate: 0.00015,
      fundingIntervalMs: 3_600_000,
      tiers: [
        {
          floorUsd: 0,
          capUsd: 150e6,
          maintenanceMarginRate: 1 / 80,
          deductionUsd: 0,
          leverageMax: 40,
        },
        {
          floorUsd: 150e6,
          capUsd: null,
          maintenanceMarginRate: 1 / 40,
          deductionUsd: 150e6 / 80,
          leverageMax: 20,
        },
      ],
    });
  });

  it('has a mark, an index and hourly funding', async () => {
    expect(await venue.reader.quote(perpetual)).toMatchObject({ mark: 60_000, index: 59_990 });
    expect(await venue.reader.funding(perpetual)).toEqual({
      rate: 0.0000125,
      intervalMs: 3_600_000,
      nextMs: stubMs + 3_600_000,
    });
  });
});

describe('a Hyperliquid account', () => {
  it('is read in USD, its wallet without open gains', async () => {
    const record = taking(perpetual);
    await venue.gateway.send(approvedOf(record), record);
    expect(await venue.reader.positions()).toEqual({ [symbol]: '0.02' });
    expect(await venue.reader.account()).toEqual({
      equityUsd: 5_002.5,
      initialMarginUsd: 60,
      maintenanceMarginUsd: 15,
      coins: [{ coin: 'USDC', wallet: decimal(5_000), free: decimal(4_900) }],
      liquidationPrices: { [symbol]: 41_000.5 },
      positionMode: 'oneWay',
      marginMode: 'cross',
    });
  });

  it('is prepared once: read first, set only what differs', async () => {
    await venue.gateway.prepare([perpetual], 20);
    expect(posted()).toEqual([]);
    stub.state.leverage = { type: 'isolated', value: 20 };
    await venue.gateway.prepare([perpetual], 20);
    await venue.gateway.prepare([perpetual], 20);
    expect(posted().map(({ action }) => action)).toEqual([
      { type: 'updateLeverage', asset: 0, isCross: true, leverage: 20 },
    ]);
  });

  it('states funding and deposits', async () => {
    expect(await venue.reader.cashEvents([perpetual], stubMs - 60_000)).toMatchObject([
      { kind: 'funding', amount: '-0.75', instrument: perpetual.id, coin: 'USDC' },
      { kind: 'deposit', amount: '250', coin: 'USDC' },
    ]);
  });

  it('arms the dead-man switch, five seconds at least', async () => {
    await venue.gateway.deadMan?.(30_000);
    await venue.gateway.deadMan?.(1);
    expect(posted().map(({ action, nonce }) => Number(action['time']) - nonce)).toEqual([
      30_000, 5_000,
    ]);
  });
});
