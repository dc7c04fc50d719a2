/** OKX v5 as far as one linear perpetual needs it; contracts of a hundredth of a coin, order rows without a status. */
import { decimal, multiply } from '../../../../src/domain/decimal.ts';
import { createStubBook, type StubBook, type StubOrder, stubMs, stubPrice } from './stubBook.ts';
import { type Asked, type Reply, type Stub, startStub } from './stubServer.ts';

const instId = 'BTC-USDT-SWAP';
const contract = '0.01';
const ok = (...data: unknown[]): Reply => ({ body: { code: '0', msg: '', data } });
const refused = (sCode: string, sMsg: string): Reply => ({
  body: {
    code: '1',
    msg: 'All operations failed',
    data: [{ sCode, sMsg, ordId: '', clOrdId: '' }],
  },
});
export const okxError = (code: string, msg: string): Reply => ({ body: { code, msg, data: [] } });

export type OkxAccount = {
  lever: string;
  posMode: string;
  acctLv: string;
  imr: string;
  mmr: string;
};

export async function startOkxStub(): Promise<
  Stub & { readonly book: StubBook; readonly account: OkxAccount; readonly bills: unknown[] }
> {
  const book = createStubBook();
  const account: OkxAccount = { lever: '3', posMode: 'net_mode', acctLv: '3', imr: '60', mmr: '3' };
  const bills: unknown[] = [];
  const stub = await startStub((asked) => answer(asked, book, account, bills));
  return { ...stub, book, account, bills };
}

function answer(asked: Asked, book: StubBook, account: OkxAccount, bills: unknown[]): Reply {
  const { path, query } = asked;
  const body = asked.body as Readonly<Record<string, string>>;
  switch (path.replace('/api/v5/', '')) {
    case 'public/time':
      return ok({ ts: String(stubMs) });
    case 'public/instruments':
      return query['instType'] === 'SWAP' ? ok(swap) : ok();
    case 'market/books':
      return ok({
        bids: [['59999', '500', '0', '1']],
        asks: [['60001', '500', '0', '1']],
        ts: String(stubMs),
      });
    case 'public/mark-price':
      return ok({ instId, instType: 'SWAP', markPx: '60000.4', ts: String(stubMs) });
    case 'market/index-tickers':
      return ok({ instId: 'BTC-USDT', idxPx: '59990' });
    case 'market/ticker':
      return ok({ instId, instType: 'SWAP', last: stubPrice, ts: String(stubMs) });
    case 'public/position-tiers':
      return ok({
        instType: 'SWAP',
        tier: '1',
        minSz: '0',
        maxSz: '1000',
        mmr: '0.004',
        imr: '0.01',
        maxLever: '100',
        uly: 'BTC-USDT',
        instFamily: 'BTC-USDT',
      });
    case 'account/trade-fee':
      return ok({
        instType: 'SWAP',
        taker: '-0.0005',
        maker: '-0.0003',
        takerU: '-0.0004',
        makerU: '-0.0001',
        takerUSDC: '-0.0006',
      });
    case 'account/config':
      return ok({
        uid: '1',
        acctLv: account.acctLv,
        posMode: account.posMode,
        perm: 'read_only,trade',
      });
    case 'account/set-position-mode':
      account.posMode = body['posMode'] ?? '';
      return ok({ posMode: account.posMode });
    case 'account/leverage-info':
      return ok({ instId, mgnMode: 'cross', posSide: 'net', lever: account.lever });
    case 'account/set-leverage':
      account.lever = String(body['lever']);
      return ok({ lever: account.lever, mgnMode: 'cross', instId });
    case 'account/balance':
      return ok({
        totalEq: '10010',
        imr: account.imr,
        mmr: account.mmr,
        uTime: String(stubMs),
        details: [
          {
            ccy: 'USDT',
            eq: '10010',
            eqUsd: '10020',
            cashBal: '10000',
            availEq: '9900',
            availBal: '9900',
            frozenBal: '0',
            imr: '60',
            mmr: '3',
          },
        ],
      });
    case 'account/positions':
      return ok({
        instId,
        instType: 'SWAP',
        pos: book.position(),
        posSide: 'net',
        mgnMode: 'cross',
        avgPx: stubPrice,
        markPx: stubPrice,
        lever: '3',
        upl: '0',
        imr: '1',
        mmr: '1',
        notionalUsd: '600',
        liqPx: '40000.5',
        cTime: String(stubMs),
        uTime: String(stubMs),
      });
    case 'asset/transfer':
      return moveBetween(body, bills);
    case 'asset/bills':
      return ok(...bills);
    case 'asset/balances':
      return ok({ ccy: query['ccy'], bal: '300', availBal: '250', frozenBal: '50' });
    case 'account/max-withdrawal':
      return ok({ ccy: query['ccy'], maxWd: '9000' });
    case 'account/bills':
    case 'account/bills-archive':
      return ok(...bills.slice(query['after'] === undefined ? 0 : 100).slice(0, 100));
    case 'trade/batch-orders':
      return place(asked, book);
    case 'trade/cancel-order': {
      const order = book.cancel(body['clOrdId'] ?? body['ordId'] ?? '');
      if (order === null)
        return refused('51400', 'Cancellation failed as the order does not exist.');
      return ok({ ordId: order.id, clOrdId: order.clientId, sCode: '0', sMsg: '' });
    }
    case 'trade/cancel-all-after':
      return ok({
        triggerTime: String(stubMs + Number(body['timeOut']) * 1000),
        ts: String(stubMs),
      });
    case 'trade/order': {
      const order = book.find(query['clOrdId'] ?? query['ordId'] ?? '');
      return order === undefined ? okxError('51603', 'Order does not exist') : ok(orderRow(order));
    }
    case 'trade/orders-pending':
      return ok(
        ...book.orders
          .filter(({ state }) => state === 'open')
          .slice(-100)
          .map(orderRow),
      );
    case 'trade/fills-history': {
      const [from, to] = [Number(query['begin']), Number(query['end'])];
      const found = book.trades.filter(({ atMs }) => atMs >= from && atMs <= to);
      // The newest hundred only, whatever was asked for.
      return ok(
        ...found
          .reverse()
          .slice(0, 100)
          .map((trade) => ({
            instId,
            instType: 'SWAP',
            tradeId: trade.id,
            billId: trade.id,
            ordId: trade.order.id,
            clOrdId: trade.order.clientId,
            side: trade.order.side,
            fillSz: trade.quantity,
            fillPx: trade.price,
            fee: `-${multiply(trade.fee, contract)}`,
            feeCcy: 'USDT',
            execType: 'T',
            posSide: 'net',
            subType: '1',
            ts: String(trade.atMs),
          })),
      );
    }
    default:
      return { status: 404, body: { code: '404', msg: `no ${path}` } };
  }
}

/** Funding is 6, trading 18. */
function moveBetween(body: Readonly<Record<string, string>>, bills: unknown[]): Reply {
  const { ccy, amt, from, clientId } = body;
  if (Number(amt) > 300) return okxError('58350', 'Insufficient balance');
  const billId = String(7_000_001 + bills.length);
  const isOut = from === '6';
  const ts = String(stubMs);
  const change = isOut ? `-${amt}` : amt;
  bills.push({ billId, ccy, clientId, balChg: change, type: isOut ? '131' : '130', ts });
  return ok({ transId: '5550001', ccy, amt, from, to: body['to'], clientId });
}

function place(asked: Asked, book: StubBook): Reply {
  const [order] = asked.body as readonly Readonly<Record<string, string>>[];
  if (order === undefined) return refused('51000', 'no order');
  const clientId = order['clOrdId'] ?? '';
  if (!/^[a-zA-Z0-9]{1,32}$/.test(clientId)) return refused('51000', 'Parameter clOrdId error');
  if (book.find(clientId) !== undefined) return refused('51016', 'Duplicated client order ID.');
  const placed = book.place({
    clientId,
    side: order['side'] === 'buy' ? 'buy' : 'sell',
    quantity: decimal(order['sz'] ?? '0'),
    price: decimal(order['px'] ?? '0'),
    isIoc: order['ordType'] === 'ioc',
  });
  return ok({
    ordId: placed.id,
    clOrdId: clientId,
    tag: '',
    sCode: '0',
    sMsg: '',
    ts: String(stubMs),
  });
}

const orderRow = (order: StubOrder): unknown => ({
  instId,
  instType: 'SWAP',
  ordId: order.id,
  clOrdId: order.clientId,
  side: order.side,
  posSide: 'net',
  ordType: 'limit',
  px: order.price,
  sz: order.quantity,
  accFillSz: order.filled,
  avgPx: stubPrice,
  state: { open: 'live', filled: 'filled', cancelled: 'canceled' }[order.state],
  cTime: String(stubMs),
  uTime: String(stubMs),
});

const swap = {
  instId,
  instType: 'SWAP',
  instFamily: 'BTC-USDT',
  uly: 'BTC-USDT',
  settleCcy: 'USDT',
  ctVal: contract,
  ctMult: '1',
  ctValCcy: 'BTC',
  ctType: 'linear',
  lotSz: '0.1',
  minSz: '0.1',
  maxLmtSz: '10000',
  tickSz: '0.1',
  lever: '100',
  state: 'live',
  listTime: '1573557408000',
};
