/** OKX v5 where ccxt's unified words do not do: figures per coin, fees of linear contracts, marks, bills. */
import { OperatingError } from '../../../domain/operatingError.ts';
import { MalformedAnswer, number, type Row, row, rows, text } from '../answer.ts';
import { callImplicit } from '../ccxtClient.ts';
import type { Dialect, FeeRates } from '../dialect.ts';
import type { Session } from '../session.ts';
import { readAccount } from '../unified/account.ts';
import { createUnifiedDialect } from '../unified/dialect.ts';
import type { Market } from '../unified/market.ts';
import { prepareAccount, unifiedReader } from '../unified/settings.ts';
import { figuresIn } from './account.ts';
import { readBills } from './cashEvents.ts';
import { createTransfers } from './transfers.ts';

/** The venue counts in whole seconds and takes 10 to 120. */
const DEAD_MAN_S_MIN = 10;
const DEAD_MAN_S_MAX = 120;

export function createOkxDialect(session: Session): Dialect {
  const account: Dialect['account'] = (perpetuals) => readAccount(session, perpetuals, figuresIn);
  return {
    ...createUnifiedDialect(session),
    account,
    cashEvents: (_, sinceMs) => readBills(session, sinceMs),
    prepare: async (instruments, leverage) => {
      await requireFutures(session);
      await prepareAccount(session, instruments, leverage, { ...unifiedReader(session), account });
    },
    deadMan: async (timeoutMs) => {
      const seconds = Math.min(
        Math.max(Math.ceil(timeoutMs / 1000), DEAD_MAN_S_MIN),
        DEAD_MAN_S_MAX,
      );
      await session.protect('dead-man switch', () =>
        session.client.cancelAllOrdersAfter(seconds * 1000),
      );
    },
    transfers: createTransfers(session),
    fees: (market) => readFees(session, market),
    marks: (market) => readMarks(session, market),
  };
}

/** The simple account mode trades spot only. */
async function requireFutures(session: Session): Promise<void> {
  const config = await first(session, 'account mode', 'privateGetAccountConfig', {});
  if (text(config, 'acctLv', 'account mode') !== '1') return;
  throw new OperatingError(
    `${session.id}: the account must be in a futures or margin mode, was spot`,
    {
      retryable: false,
      remedy: 'switch the account mode at the venue, to multi-currency margin if you can',
    },
  );
}

/** `taker` and `maker` are of coin-margined contracts; those of USDT and USDC have names of their own. Paid is negative. */
async function readFees(session: Session, market: Market): Promise<FeeRates> {
  const what = `fees of ${market.symbol}`;
  if (session.faults.credentialsSource === null) {
    return { taker: number(market.raw, 'taker', what), maker: number(market.raw, 'maker', what) };
  }
  const isPerpetual = market.kind === 'perpetual';
  const params = isPerpetual
    ? { instType: 'SWAP', instFamily: market.id.replace(/-SWAP$/, '') }
    : { instType: 'SPOT', instId: market.id };
  const fees = await first(session, what, 'privateGetAccountTradeFee', params);
  const suffix = market.quote === 'USDC' ? 'USDC' : isPerpetual ? 'U' : '';
  return {
    taker: 0 - number(fees, `taker${suffix}`, what),
    maker: 0 - number(fees, `maker${suffix}`, what),
  };
}

async function readMarks(
  session: Session,
  market: Market,
): Promise<{ readonly mark: number; readonly index: number | null }> {
  const what = `marks of ${market.symbol}`;
  const [mark, index] = await Promise.all([
    first(session, what, 'publicGetPublicMarkPrice', { instType: 'SWAP', instId: market.id }),
    first(session, what, 'publicGetMarketIndexTickers', {
      instId: market.id.replace(/-SWAP$/, ''),
    }),
  ]);
  return { mark: number(mark, 'markPx', what), index: number(index, 'idxPx', what) };
}

async function first(
  session: Session,
  what: string,
  method: string,
  params: Readonly<Record<string, unknown>>,
): Promise<Row> {
  const endpoint = method.startsWith('public') ? 'market' : 'account';
  const ask = () => callImplicit(session.client, method, params);
  const answer = await session.read(what, ask, 1, endpoint);
  const [found] = rows(row(answer, what)['data'], what);
  if (found === undefined) throw new MalformedAnswer(`${what} must be listed, was nothing`);
  return found;
}
