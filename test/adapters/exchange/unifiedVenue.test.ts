/**
 * Goal: a venue without a dialect of its own is read in base coins through ccxt's unified structures, and says unknown
 * where its answers prove nothing.
 * Method: a client in memory that answers as ccxt does, with contracts of a hundredth of a coin as on OKX.
 */
import { describe, expect, it } from 'vitest';
import type { CcxtClient } from '../../../src/adapters/exchange/ccxtClient.ts';
import type { Dialect } from '../../../src/adapters/exchange/dialect.ts';
import { createGateway } from '../../../src/adapters/exchange/gateway.ts';
import { createOkxDialect } from '../../../src/adapters/exchange/okx/dialect.ts';
import { okxProfile } from '../../../src/adapters/exchange/profiles/okx.ts';
import { carefulProfile, type Profile } from '../../../src/adapters/exchange/profiles/profile.ts';
import { createReader } from '../../../src/adapters/exchange/reader.ts';
import { createSession, type Session } from '../../../src/adapters/exchange/session.ts';
import { createTraffic } from '../../../src/adapters/exchange/transport/traffic.ts';
import { createUnifiedDialect } from '../../../src/adapters/exchange/unified/dialect.ts';
import { decimal } from '../../../src/domain/decimal.ts';
import { venueId } from '../../../src/domain/ids.ts';
import type { Instrument } from '../../../src/domain/instrument.ts';
import { approvedOf, recordOf, startMs } from './bybitSimulator.ts';

const symbol = 'BTC/USDT:USDT';
const market = {
  symbol,
  id: 'BTC-USDT-SWAP',
  type: 'swap',
  swap: true,
  linear: true,
  spot: false,
  active: true,
  base: 'BTC',
  quote: 'USDT',
  settle: 'USDT',
  contractSize: '0.01',
  taker: '0.0005',
  maker: '0.0002',
  precision: { amount: '0.01', price: '0.1' },
  limits: { amount: { min: '0.01', max: '10000' }, cost: {} },
  info: {},
};

type Answers = Partial<Record<keyof CcxtClient | 'has', unknown>>;

function open(
  answers: Answers,
  profile: Profile = carefulProfile,
): { session: Session; dialect: Dialect; calls: unknown[][] } {
  const calls: unknown[][] = [];
  const client = {
    id: 'venue',
    has: { fetchClosedOrders: true },
    timeframes: {},
    markets: { [symbol]: market },
    markets_by_id: { 'BTC-USDT-SWAP': [market] },
    options: {},
    fetch: () => Promise.resolve({}),
    loadMarkets: () => Promise.resolve({}),
    amountToPrecision: (_: string, amount: string) => amount,
    priceToPrecision: (_: string, price: string) => price,
    ...Object.fromEntries(
      Object.entries(answers).map(([name, answer]) => [
        name,
        name === 'has'
          ? answer
          : (...args: unknown[]) => {
              calls.push([name, ...args]);
              return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
            },
      ]),
    ),
  } as unknown as CcxtClient;
  const clock = { nowMs: () => startMs, sleep: () => Promise.resolve() };
  const session = createSession({
    id: venueId('beta'),
    exchange: 'venue',
    environment: 'testnet',
    client,
    clock,
    profile,
    chance: () => 0,
    traffic: createTraffic(profile.traffic, clock, () => {}),
    deadlineMs: 1_000,
    faults: {
      venue: 'beta',
      exchange: 'venue',
      credentialsSource: 'BETA_API_KEY',
      codes: profile.codes,
      redact: (text) => text,
    },
  });
  return { session, dialect: createUnifiedDialect(session), calls };
}

const instrument = {
  kind: 'perpetual',
  id: `beta|${symbol}`,
  venue: 'beta',
  symbol,
  quoteCoin: 'USDT',
};
const btc = instrument as Instrument;
const order = {
  id: '9',
  clientOrderId: null as string | null,
  amount: '3',
  filled: '1',
  status: 'open',
  timestamp: startMs,
};
class OrderNotFound extends Error {}

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

describe('a look-up', () => {
  const record = recordOf(btc);

  it('by client id is absent on the venue’s own word only', async () => {
    const profile = okxProfile;
    const absent = open({ fetchOrder: new OrderNotFound('none') }, profile);
    expect(await absent.dialect.lookUp(record, btc)).toEqual({ kind: 'absent' });
    const other = open({ fetchOrder: { ...order, clientOrderId: 'another' } }, profile);
    expect((await other.dialect.lookUp(record, btc)).kind).toBe('unknown');
    const found = open({ fetchOrder: { ...order, clientOrderId: record.clientOrderId } }, profile);
    expect((await found.dialect.lookUp(record, btc)).kind).toBe('found');
  });

  it('by looking through orders is absent only where past ones are listed', async () => {
    const listed = open({ fetchOpenOrders: [], fetchClosedOrders: [] });
    expect(await listed.dialect.lookUp(record, btc)).toEqual({ kind: 'absent' });
    const unlisted = open({ has: {}, fetchOpenOrders: [] });
    expect((await unlisted.dialect.lookUp(record, btc)).kind).toBe('unknown');
    const closed = { ...order, clientOrderId: record.clientOrderId, status: 'closed' };
    const partly = open({ fetchOpenOrders: [], fetchClosedOrders: [closed] });
    expect(await partly.dialect.lookUp(record, btc)).toMatchObject({
      order: { state: 'cancelled', filledBase: '0.01' },
    });
  });

  it('by looking through orders is absent only where the lists may be whole', async () => {
    const others = (count: number) =>
      Array.from({ length: count }, () => ({
        ...order,
        clientOrderId: recordOf(btc).clientOrderId,
      }));
    const kindOf = async (fetchOpenOrders: unknown, fetchClosedOrders: unknown) =>
      (await open({ fetchOpenOrders, fetchClosedOrders }).dialect.lookUp(record, btc)).kind;
    expect(await kindOf(others(9), others(9))).toBe('absent');
    expect(await kindOf([], others(10))).toBe('unknown');
    expect(await kindOf(others(10), [])).toBe('unknown');
  });

  it.each([
    ['none', null],
    ['another form of ours', `t-${record.clientOrderId}`],
    ['what is left of ours', record.clientOrderId.slice(0, 28)],
  ])('by looking through orders proves nothing past one whose id is %s', async (_, stated) => {
    const unnamed = { ...order, clientOrderId: stated };
    const past = open({ fetchOpenOrders: [], fetchClosedOrders: [unnamed] });
    expect((await past.dialect.lookUp(record, btc)).kind).toBe('unknown');
    const undated = { ...unnamed, timestamp: null };
    const without = open({ fetchOpenOrders: [undated], fetchClosedOrders: [] });
    expect((await without.dialect.lookUp(record, btc)).kind).toBe('unknown');
    const old = { ...unnamed, timestamp: record.intendedAtMs - 60_001 };
    const before = open({ fetchOpenOrders: [old], fetchClosedOrders: [] });
    expect(await before.dialect.lookUp(record, btc)).toEqual({ kind: 'absent' });
  });
});

describe('at a venue that never refuses a late request', () => {
  it('an order is absent only after as long as a request can be on its way', async () => {
    const { session, dialect } = open({ fetchOpenOrders: [], fetchClosedOrders: [] });
    const gateway = createGateway(session, dialect);
    const sentAgo = (ms: number) => recordOf(btc, { sentAtMs: startMs - ms });
    expect((await gateway.lookUp(sentAgo(119_999), btc)).kind).toBe('unknown');
    expect(await gateway.lookUp(sentAgo(120_000), btc)).toEqual({ kind: 'absent' });
  });
});

describe('cancelling everything', () => {
  it('needs of an order its id alone; what cannot be read is told after the rest is cancelled', async () => {
    const eth = { ...btc, id: 'beta|ETH/USDT:USDT', symbol: 'ETH/USDT:USDT' } as Instrument;
    const { session, dialect, calls } = open({ cancelOrder: { id: '9' } });
    const listOf = (list: unknown) =>
      Object.assign(session.client, {
        fetchOpenOrders: async (of: string) => (of === symbol ? list : []),
      });
    listOf([{ id: '1', status: 'a word nobody knows' }, { id: '2' }]);
    expect(await dialect.cancelAll([eth, btc])).toBe(2);
    const cancelledIds = () =>
      calls.filter(([name]) => name === 'cancelOrder').map(([, id, of]) => [id, of]);
    expect(cancelledIds()).toEqual([
      ['1', symbol],
      ['2', symbol],
    ]);
    listOf([{ status: 'open' }, { id: '3' }]);
    await expect(dialect.cancelAll([btc])).rejects.toThrow('id must be a text');
    expect(cancelledIds().at(-1)).toEqual(['3', symbol]);
  });

  it('goes on past a market whose orders cannot be listed, and past an order that stays', async () => {
    const eth = { ...btc, id: 'beta|ETH/USDT:USDT', symbol: 'ETH/USDT:USDT' } as Instrument;
    const orders = { burst: 1_000, perSecond: 1, reserveShare: 0 };
    const { session, dialect } = open(
      {},
      {
        ...carefulProfile,
        traffic: {
          ...carefulProfile.traffic,
          limits: { ...carefulProfile.traffic.limits, orders },
        },
      },
    );
    const gone: unknown[] = [];
    Object.assign(session.client, {
      fetchOpenOrders: async (of: string) => {
        if (of === symbol) throw new TypeError('not a list');
        // As many as the shortest first page: the next rounds bring the rest.
        const left = Array.from({ length: 25 }, (_, index) => ({ id: String(index) }));
        return left.filter(({ id }) => !gone.includes(id)).slice(0, 10);
      },
      cancelOrder: async (id: string) => {
        if (id === '7') throw new TypeError('stays');
        gone.push(id);
      },
    });
    await expect(dialect.cancelAll([btc, eth])).rejects.toThrow();
    expect(gone).toHaveLength(24);
  });
});

describe('a venue that wants no requests for a week', () => {
  class RateLimitExceeded extends Error {}
  const refuse = () => Promise.reject(new RateLimitExceeded('later'));
  const refusing = (over: Partial<CcxtClient>): Session => {
    const { session } = open({});
    Object.assign(session.client, { last_response_headers: { 'Retry-After': '604800' }, ...over });
    return session;
  };

  it('is asked again after ten minutes; a read that would have to wait for it is over', async () => {
    const session = refusing({});
    await expect(session.read('balance', refuse)).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      message: expect.stringContaining('in 600000 ms, it may wait 120000 ms'),
    });
  });

  it('is not waited for by connecting either', async () => {
    const session = refusing({ loadMarkets: refuse });
    await expect(session.connect()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
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
