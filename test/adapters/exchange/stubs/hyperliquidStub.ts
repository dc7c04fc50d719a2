/** Hyperliquid as far as one perpetual needs it: two endpoints, orders by cloid, cancels that answer a word. */
import { decimal } from '../../../../src/domain/decimal.ts';
import { createStubBook, type StubBook, type StubOrder, stubMs, stubPrice } from './stubBook.ts';
import { type Asked, type Reply, type Stub, startStub } from './stubServer.ts';

type Action = {
  readonly type: string;
  readonly orders?: readonly Readonly<Record<string, unknown>>[];
  readonly cancels?: readonly Readonly<Record<string, unknown>>[];
  readonly leverage?: number;
  readonly isCross?: boolean;
};
export type HyperliquidState = { leverage: { type: string; value: number }; status: string | null };

const said = (...statuses: unknown[]): Reply => ({
  body: { status: 'ok', response: { type: 'order', data: { statuses } } },
});
export const hyperliquidError = (error: string): Reply => said({ error });

export async function startHyperliquidStub(): Promise<
  Stub & { readonly book: StubBook; readonly state: HyperliquidState }
> {
  const book = createStubBook();
  const state: HyperliquidState = { leverage: { type: 'cross', value: 20 }, status: null };
  const stub = await startStub((asked) =>
    asked.path === '/info' ? info(asked, book, state) : exchange(asked, book, state),
  );
  return { ...stub, book, state };
}

function exchange(asked: Asked, book: StubBook, state: HyperliquidState): Reply {
  const { action } = asked.body as { readonly action: Action };
  switch (action.type) {
    case 'order': {
      const [order] = action.orders ?? [];
      if (order === undefined) return hyperliquidError('no order');
      const placed = book.place({
        clientId: String(order['c']),
        side: order['b'] === true ? 'buy' : 'sell',
        quantity: decimal(String(order['s'])),
        price: decimal(String(order['p'])),
        isIoc: JSON.stringify(order['t']).includes('Ioc'),
      });
      const oid = Number(placed.id);
      return placed.state === 'open'
        ? said({ resting: { oid } })
        : said({ filled: { totalSz: placed.filled, avgPx: stubPrice, oid } });
    }
    case 'cancel':
    case 'cancelByCloid': {
      const [one] = action.cancels ?? [];
      const done = book.cancel(String(one?.['cloid'] ?? one?.['o']));
      if (done !== null) return said('success');
      return hyperliquidError('Order was never placed, already canceled, or filled. asset=0');
    }
    case 'updateLeverage':
      state.leverage = {
        type: action.isCross === true ? 'cross' : 'isolated',
        value: action.leverage ?? 0,
      };
      return { body: { status: 'ok', response: { type: 'default' } } };
    default:
      return { body: { status: 'ok', response: { type: 'default' } } };
  }
}

function info(asked: Asked, book: StubBook, state: HyperliquidState): Reply {
  const body = asked.body as Readonly<Record<string, string | number>>;
  const size = book.position();
  switch (body['type']) {
    case 'exchangeStatus':
      return { body: { specialStatuses: null, time: stubMs } };
    case 'metaAndAssetCtxs':
      return { body: [meta, [context]] };
    case 'meta':
      return { body: meta };
    case 'l2Book':
      return {
        body: {
          coin: 'BTC',
          time: stubMs,
          levels: [[{ px: '59999', sz: '5', n: 1 }], [{ px: '60001', sz: '5', n: 1 }]],
        },
      };
    case 'userFees':
      return { body: { userCrossRate: '0.00045', userAddRate: '0.00015' } };
    case 'activeAssetData':
      return { body: { user: body['user'], coin: 'BTC', leverage: state.leverage } };
    case 'clearinghouseState':
      return {
        body: {
          assetPositions:
            Number(size) === 0
              ? []
              : [
                  {
                    type: 'oneWay',
                    position: {
                      coin: 'BTC',
                      szi: size,
                      leverage: state.leverage,
                      entryPx: stubPrice,
                      positionValue: '1200',
                      unrealizedPnl: '2.5',
                      marginUsed: '60',
                      liquidationPx: '41000.5',
                    },
                  },
                ],
          crossMaintenanceMarginUsed: '15',
          marginSummary: {
            accountValue: '5002.5',
            totalMarginUsed: '60',
            totalNtlPos: '1200',
            totalRawUsd: '5000',
          },
          withdrawable: '4900',
          time: stubMs,
        },
      };
    case 'orderStatus': {
      const order = book.find(String(body['oid']));
      if (order === undefined) return { body: { status: 'unknownOid' } };
      const status =
        state.status ?? { open: 'open', filled: 'filled', cancelled: 'canceled' }[order.state];
      return {
        body: {
          status: 'order',
          order: { order: orderRow(order), status, statusTimestamp: stubMs },
        },
      };
    }
    case 'frontendOpenOrders':
    case 'openOrders':
      return { body: book.orders.filter((order) => order.state === 'open').map(orderRow) };
    case 'userFillsByTime': {
      const [from, to] = [Number(body['startTime']), Number(body['endTime'])];
      const found = book.trades.filter(({ atMs }) => atMs >= from && atMs <= to);
      return {
        body: found.slice(0, 2000).map((trade) => ({
          coin: 'BTC',
          px: trade.price,
          sz: trade.quantity,
          side: trade.order.side === 'buy' ? 'B' : 'A',
          time: trade.atMs,
          oid: Number(trade.order.id),
          cloid: trade.order.clientId,
          crossed: true,
          fee: trade.fee,
          feeToken: 'USDC',
          tid: Number(trade.id),
          hash: '0x1',
          dir: 'Open Long',
          closedPnl: '0',
          startPosition: '0',
        })),
      };
    }
    case 'userFunding':
      return {
        body: [
          {
            time: stubMs - 5_000,
            hash: '0xfeed',
            delta: {
              type: 'funding',
              coin: 'BTC',
              usdc: '-0.75',
              szi: '0.02',
              fundingRate: '0.0000125',
            },
          },
        ],
      };
    case 'userNonFundingLedgerUpdates':
      return {
        body: [{ time: stubMs - 4_000, hash: '0xdeed', delta: { type: 'deposit', usdc: '250.0' } }],
      };
    default:
      return { status: 422, body: `no ${String(body['type'])}` };
  }
}

const orderRow = (order: StubOrder): unknown => ({
  coin: 'BTC',
  side: order.side === 'buy' ? 'B' : 'A',
  limitPx: order.price,
  sz: order.state === 'filled' ? '0.0' : order.quantity,
  origSz: order.quantity,
  oid: Number(order.id),
  cloid: order.clientId,
  timestamp: stubMs,
  orderType: 'Limit',
  tif: 'Gtc',
  reduceOnly: false,
});

const meta = {
  universe: [{ name: 'BTC', szDecimals: 5, maxLeverage: 40, marginTableId: 56 }],
  marginTables: [
    [50, { description: '', marginTiers: [{ lowerBound: '0.0', maxLeverage: 50 }] }],
    [
      56,
      {
        description: 'tiered 40x',
        marginTiers: [
          { lowerBound: '0.0', maxLeverage: 40 },
          { lowerBound: '150000000.0', maxLeverage: 20 },
        ],
      },
    ],
  ],
};
const context = {
  funding: '0.0000125',
  openInterest: '688.11',
  prevDayPx: '59000',
  dayNtlVlm: '1169046.29',
  premium: '0.0003',
  oraclePx: '59990',
  markPx: '60000.0',
  midPx: '60000',
  impactPxs: ['59999', '60001'],
};
