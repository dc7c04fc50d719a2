/** Between the spot and the USD-M wallet of Binance. It takes no client id: a transfer of unknown outcome is found in the history. */
import { type DecimalText, zero } from '../../../domain/decimal.ts';
import type { TransferGateway, VenueTransfer } from '../../../rebalance/ports/venue.ts';
import {
  amount,
  MalformedAnswer,
  number,
  optionalAmount,
  type Row,
  row,
  rows,
  text,
  timeMs,
} from '../answer.ts';
import { callImplicit } from '../ccxtClient.ts';
import type { Session } from '../session.ts';
import { type Free, noSuchWallet, sendTransfer } from '../unified/sendTransfer.ts';
import { readSpotCoins } from './wallets.ts';

const WHAT = 'transfers';
const PAGE = 100;
const PAGES_MAX = 100;
const WAYS = [
  { type: 'MAIN_UMFUTURE', from: 'spot', to: 'swap' },
  { type: 'UMFUTURE_MAIN', from: 'swap', to: 'spot' },
] as const;
type Way = (typeof WAYS)[number];

const STATES: Readonly<Record<string, VenueTransfer['state']>> = {
  CONFIRMED: 'done',
  PENDING: 'pending',
  FAILED: 'failed',
};

export function createTransfers(session: Session): TransferGateway {
  return {
    lateMsMax: session.profile.transferLateMsMax,
    send: async (_, transfer, askedAtMs) => {
      const way = WAYS.find(({ from, to }) => from === transfer.from && to === transfer.to);
      if (way === undefined) return noSuchWallet(session, transfer);
      return sendTransfer(session, askedAtMs, async () => {
        const params = { type: way.type, asset: transfer.coin, amount: transfer.amount };
        const answer = await callImplicit(session.client, 'sapiPostAssetTransfer', params);
        return text(row(answer, 'transfer'), 'tranId', 'transfer');
      });
    },
    list: async (coin, sinceMs) => {
      const lists = await Promise.all(WAYS.map((way) => readWay(session, way, sinceMs)));
      return lists
        .flat()
        .filter((transfer) => transfer.coin === coin && transfer.atMs >= sinceMs)
        .sort((a, b) => a.atMs - b.atMs);
    },
    free: (coin) => readFree(session, coin),
  };
}

async function readWay(
  session: Session,
  way: Way,
  sinceMs: number,
): Promise<readonly VenueTransfer[]> {
  const found: Row[] = [];
  for (let current = 1; current <= PAGES_MAX; current += 1) {
    const params = { type: way.type, startTime: Math.floor(sinceMs), current, size: PAGE };
    const answer = row(
      await session.read(WHAT, () => callImplicit(session.client, 'sapiGetAssetTransfer', params)),
      WHAT,
    );
    // Without any the venue leaves the list out and says that the total is nought.
    const list =
      answer['rows'] === undefined && number(answer, 'total', WHAT) === 0
        ? []
        : rows(answer['rows'], WHAT);
    found.push(...list);
    if (list.length < PAGE) return found.map((each) => transferOf(each, way));
  }
  throw new MalformedAnswer(`${WHAT}: more than ${PAGES_MAX} pages`);
}

function transferOf(each: Row, { from, to }: Way): VenueTransfer {
  const status = text(each, 'status', WHAT);
  const state = STATES[status];
  if (state === undefined) throw new MalformedAnswer(`${WHAT}: unknown status, was ${status}`);
  return {
    transferId: text(each, 'tranId', WHAT),
    clientOrderId: null,
    coin: text(each, 'asset', WHAT),
    amount: amount(each, 'amount', WHAT),
    from,
    to,
    state,
    atMs: timeMs(each, 'timestamp', WHAT),
  };
}

async function readFree(session: Session, coin: string): Promise<Free> {
  const what = 'futures balance';
  const [spot, account] = await Promise.all([
    readSpotCoins(session),
    session.read(what, () => callImplicit(session.client, 'fapiPrivateV3GetAccount', {})),
  ]);
  const own = rows(row(account, what)['assets'], what).find((each) => each['asset'] === coin);
  const swap: DecimalText =
    own === undefined
      ? zero
      : (optionalAmount(own, 'maxWithdrawAmount', what) ?? amount(own, 'availableBalance', what));
  return { spot: spot.find((each) => each.coin === coin)?.free ?? zero, swap };
}
