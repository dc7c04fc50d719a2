/**
 * Goal: a venue without a dialect of its own is read in base coins through ccxt's unified structures, and what cannot be
 * valued is not counted.
 * Method: a client in memory that answers as ccxt does, with contracts of a hundredth of a coin as on OKX.
 */
import { describe, expect, it } from 'vitest';
import { createGateway } from '../../../src/adapters/exchange/gateway.ts';
import { createOkxDialect } from '../../../src/adapters/exchange/okx/dialect.ts';
import { okxProfile } from '../../../src/adapters/exchange/profiles/okx.ts';
import { createReader } from '../../../src/adapters/exchange/reader.ts';
import { decimal } from '../../../src/domain/decimal.ts';
import { approvedOf, recordOf, startMs } from './bybitSimulator.ts';
import { btc, open, order, symbol } from './unifiedGiven.ts';

describe('contracts', () => {
  it('become base coins in lots, orders, fills and positions, exactly', async () => {
    const record = recordOf(btc);
    const { session, dialect, calls } = open(
      {
        fetchOpenOrders: [{ ...order, clientOrderId: record.clientOrderId }],
        fetchMyTrades: [
          {
            id: 't1',
            order: '9',
            side: 'sell',
            amount: '7',
            price: '60000.1',
            timestamp: startMs,
            fee: { cost: '0.0021', currency: 'USDT' },
            info: { clOrdId: record.clientOrderId },
          },
        ],
        fetchPositions: [
          { symbol, contracts: '7', side: 'short' },
          { symbol, contracts: '0', side: undefined },
        ],
        createOrder: { id: '9' },
      },
      { ...okxProfile, lookUp: 'scan' },
    );
    const [read] = await createReader(session, dialect).instruments([symbol]);
    expect(read).toMatchObject({
      quantityStepBase: '0.0001',
      quantityMinBase: '0.0001',
      quantityMaxBase: '100',
      notionalMinQuote: 0,
      tiers: [],
    });
    expect(await dialect.openOrders([btc])).toMatchObject([
      { quantityBase: '0.03', filledBase: '0.01', state: 'working' },
    ]);
    expect(await dialect.fills(btc, startMs - 1_000)).toMatchObject([
      { quantityBase: '0.07', side: 'sell', fee: '0.0021', clientOrderId: record.clientOrderId },
    ]);
    expect(await dialect.positions()).toEqual({ [symbol]: '-0.07' });
    const sent = await createGateway(session, dialect).send(approvedOf(record), record);
    expect(sent).toEqual({ kind: 'accepted', venueOrderId: '9' });
    expect(calls.at(-1)).toEqual([
      'createOrder',
      symbol,
      'limit',
      'buy',
      '1',
      '120000',
      { clientOrderId: record.clientOrderId, timeInForce: 'IOC' },
    ]);
  });
});

describe('an account', () => {
  it('whose totals the venue leaves empty is not an empty account', async () => {
    const answers = {
      fetchBalance: {
        info: { data: [{ totalEq: '', imr: '0', mmr: '0', details: [] }] },
        total: {},
        free: {},
      },
      fetchPositions: [],
    };
    const { session } = open(answers, okxProfile);
    await expect(createOkxDialect(session).account([symbol])).rejects.toThrow('totalEq');
  });

  it('without a profile counts dollars and open gains, and nothing that it cannot value', async () => {
    const { dialect } = open({
      fetchBalance: {
        total: { USDT: '1000.5', BTC: '2' },
        free: { USDT: '900' },
        info: {},
      },
      fetchPositions: [
        {
          symbol,
          contracts: '5',
          side: 'long',
          marginMode: 'cross',
          hedged: false,
          unrealizedPnl: '-20',
          initialMargin: '100',
          maintenanceMargin: '10',
        },
      ],
    });
    expect(await dialect.account([symbol])).toEqual({
      equityUsd: 980.5,
      initialMarginUsd: 100,
      maintenanceMarginUsd: 10,
      coins: [
        { coin: 'USDT', wallet: decimal('1000.5'), free: decimal(900) },
        { coin: 'BTC', wallet: decimal(2), free: decimal(0) },
      ],
      liquidationPrices: {},
      positionMode: 'oneWay',
      marginMode: 'cross',
    });
  });
});
