/**
 * Binance where ccxt's unified words do not do: two wallets, income, and a dead-man switch per market.
 *
 * `binance` is one venue with spot and USD-M legs, so that both halves of a carry are at one venue: one client, whose
 * default type is swap, picks the host by the symbol; the account is the futures wallet with the spot wallet beside it.
 * `binanceusdm` is the futures wallet alone. Spot has no dead-man switch.
 */
import { OperatingError } from '../../../domain/operatingError.ts';
import { number } from '../answer.ts';
import { callImplicit } from '../ccxtClient.ts';
import type { Dialect, FeeRates } from '../dialect.ts';
import type { Session } from '../session.ts';
import { readAccount } from '../unified/account.ts';
import { createUnifiedDialect } from '../unified/dialect.ts';
import { type Market, marketOf } from '../unified/market.ts';
import { prepareAccount, unifiedReader } from '../unified/settings.ts';
import { readCashEvents } from './cashEvents.ts';
import { createTransfers } from './transfers.ts';
import { futuresFigures, readSpotCoins, spotValueUsd, together } from './wallets.ts';

/** Hosts for play money have no `sapi`, where spot fees and transfers are. */
const HOSTS_WITHOUT_SAPI = new Set(['testnet', 'demo']);

export function createBinanceDialect(session: Session): Dialect {
  const inUse = new Set<string>();
  const account: Dialect['account'] = async (perpetuals) => {
    for (const symbol of perpetuals) inUse.add(symbol);
    const futures = await readAccount(session, perpetuals, futuresFigures);
    if (session.exchange !== 'binance') return futures;
    const spot = await readSpotCoins(session);
    return {
      ...futures,
      equityUsd: futures.equityUsd + (await spotValueUsd(session, spot)),
      marginBalanceUsd: futures.equityUsd,
      coins: together(futures.coins, spot),
    };
  };
  const unified = createUnifiedDialect(session);
  const own: Dialect = {
    ...unified,
    account,
    cashEvents: (_, sinceMs) => readCashEvents(session, sinceMs),
    prepare: async (instruments, leverage) => {
      for (const { kind, symbol } of instruments) if (kind === 'perpetual') inUse.add(symbol);
      await prepareAccount(session, instruments, leverage, { ...unifiedReader(session), account });
    },
    deadMan: (timeoutMs) => armEach(session, [...inUse], timeoutMs),
  };
  if (!HOSTS_WITHOUT_SAPI.has(session.environment)) {
    return session.exchange === 'binance' ? { ...own, transfers: createTransfers(session) } : own;
  }
  return { ...own, fees: (market) => readFees(session, market) };
}

async function armEach(
  session: Session,
  symbols: readonly string[],
  timeoutMs: number,
): Promise<void> {
  if (symbols.length === 0) {
    throw new OperatingError(
      `${session.id}: no perpetual is known to arm the dead-man switch for`,
      {
        retryable: true,
        remedy: 'wait until the venue’s instruments are loaded',
      },
    );
  }
  await session.connect();
  const results = await Promise.allSettled(
    symbols.map((symbol) =>
      session.protect(`dead-man switch of ${symbol}`, () =>
        callImplicit(session.client, 'fapiPrivatePostCountdownCancelAll', {
          symbol: marketOf(session, symbol).id,
          countdownTime: Math.ceil(timeoutMs),
        }),
      ),
    ),
  );
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** The account's own where the futures host states them; the market's for spot. */
async function readFees(session: Session, market: Market): Promise<FeeRates> {
  const what = `fees of ${market.symbol}`;
  const isKnown = market.kind === 'perpetual' && session.faults.credentialsSource !== null;
  const fees = isKnown
    ? await session.read(what, () => session.client.fetchTradingFee(market.symbol))
    : market.raw;
  const found = fees as Readonly<Record<string, unknown>>;
  return { taker: number(found, 'taker', what), maker: number(found, 'maker', what) };
}
