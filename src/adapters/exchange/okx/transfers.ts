/** Between OKX's funding and trading accounts, under our id; found again in the funding account's bills. */
import { compare, negate, zero } from '../../../domain/decimal.ts';
import { readClientOrderId } from '../../../domain/ids.ts';
import type { TransferGateway, VenueTransfer } from '../../../rebalance/ports/venue.ts';
import {
  amount,
  MalformedAnswer,
  optionalText,
  type Row,
  row,
  rows,
  text,
  timeMs,
} from '../answer.ts';
import { callImplicit } from '../ccxtClient.ts';
import type { Session } from '../session.ts';
import { type Free, noSuchWallet, sendTransfer } from '../unified/sendTransfer.ts';

const PAGE = 100;
const PAGES_MAX = 100;
const ACCOUNTS: Readonly<Record<string, string>> = { funding: '6', trading: '18' };
/** Bills of the funding account: from and to the trading account. */
const WAYS: Readonly<Record<string, { readonly from: string; readonly to: string }>> = {
  '130': { from: 'trading', to: 'funding' },
  '131': { from: 'funding', to: 'trading' },
};

export function createTransfers(session: Session): TransferGateway {
  return {
    lateMsMax: session.profile.transferLateMsMax,
    send: async ({ clientOrderId }, transfer, askedAtMs) => {
      const [from, to] = [ACCOUNTS[transfer.from], ACCOUNTS[transfer.to]];
      if (from === undefined || to === undefined || from === to) {
        return noSuchWallet(session, transfer);
      }
      return sendTransfer(session, askedAtMs, async () => {
        const [moved] = await ask(session, 'privatePostAssetTransfer', {
          type: '0',
          ccy: transfer.coin,
          amt: transfer.amount,
          from,
          to,
          clientId: clientOrderId,
        });
        return text(row(moved, 'transfer'), 'transId', 'transfer');
      });
    },
    list: (coin, sinceMs) => readBills(session, coin, sinceMs),
    free: (coin) => readFree(session, coin),
  };
}

/** Newest first, paged by time. */
async function readBills(
  session: Session,
  coin: string,
  sinceMs: number,
): Promise<readonly VenueTransfer[]> {
  const found = new Map<string, VenueTransfer>();
  let after: string | null = null;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const params: Readonly<Record<string, string>> = {
      ccy: coin,
      limit: String(PAGE),
      ...(after === null ? {} : { after }),
    };
    const bills: readonly Row[] = await session.read('transfers', () =>
      ask(session, 'privateGetAssetBills', params),
    );
    for (const transfer of bills.flatMap(transferOf)) found.set(transfer.transferId, transfer);
    const last = bills.at(-1);
    const lastMs = last === undefined ? 0 : timeMs(last, 'ts', 'transfers');
    if (bills.length < PAGE || lastMs < sinceMs) {
      return [...found.values()]
        .filter(({ atMs }) => atMs >= sinceMs)
        .sort((a, b) => a.atMs - b.atMs);
    }
    after = String(lastMs);
  }
  throw new MalformedAnswer(`transfers: more than ${PAGES_MAX} pages`);
}

function transferOf(bill: Row): readonly VenueTransfer[] {
  const what = 'transfers';
  const way = WAYS[text(bill, 'type', what)];
  if (way === undefined) return [];
  const change = amount(bill, 'balChg', what);
  const clientId = optionalText(bill, 'clientId');
  return [
    {
      ...way,
      transferId: text(bill, 'billId', what),
      clientOrderId: clientId === null ? null : readClientOrderId(clientId),
      coin: text(bill, 'ccy', what),
      amount: compare(change, 0) < 0 ? negate(change) : change,
      state: 'done',
      atMs: timeMs(bill, 'ts', what),
    },
  ];
}

async function readFree(session: Session, ccy: string): Promise<Free> {
  const what = 'free coins';
  const [[funding], [trading]] = await Promise.all([
    session.read(what, () => ask(session, 'privateGetAssetBalances', { ccy })),
    session.read(what, () => ask(session, 'privateGetAccountMaxWithdrawal', { ccy })),
  ]);
  return {
    funding: funding === undefined ? zero : amount(funding, 'availBal', what),
    trading: trading === undefined ? zero : amount(trading, 'maxWd', what),
  };
}

async function ask(
  session: Session,
  method: string,
  params: Readonly<Record<string, unknown>>,
): Promise<readonly Row[]> {
  return rows(row(await callImplicit(session.client, method, params), method)['data'], method);
}
