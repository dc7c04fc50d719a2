/**
 * The part of a ccxt exchange that this adapter touches, with unknown answers: everything is parsed at the border.
 *
 * One class is loaded by file path, because the package's entry loads all hundred (130 MB resident instead of 75).
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { OperatingError } from '../../domain/operatingError.ts';

type Params = Readonly<Record<string, unknown>>;
/** Generated per endpoint: privateGetV5OrderRealtime and so on. */
export type ImplicitMethod = (params?: Params) => Promise<unknown>;
type Loose = Record<string, unknown>;

export type CcxtClient = {
  readonly id: string;
  readonly has: Readonly<Record<string, boolean | 'emulated' | undefined>>;
  readonly timeframes: Readonly<Record<string, unknown>> | undefined;
  readonly urls: Readonly<Record<string, unknown>>;
  readonly hostname: string | undefined;
  readonly options: Loose;
  readonly markets: Readonly<Record<string, unknown>> | undefined;
  readonly markets_by_id: Readonly<Record<string, unknown>> | undefined;
  readonly undiciModule: unknown;
  readonly last_response_headers: Readonly<Record<string, string>> | undefined;
  milliseconds: () => number;
  /** Signs, sends and parses one request; every other method ends in it. */
  fetch2(
    path: string,
    api: unknown,
    method: string,
    params: Params | undefined,
    ...rest: readonly unknown[]
  ): Promise<unknown>;
  fetch(url: string, method: string, headers: unknown, body: unknown): Promise<unknown>;
  setSandboxMode(enabled: boolean): void;
  enableDemoTrading(enabled: boolean): void;
  loadFetchImplementation(): Promise<void>;
  loadMarkets(reload: boolean): Promise<unknown>;
  /** Of the same class, with its markets loaded. */
  setMarketsFromExchange(source: CcxtClient): unknown;
  fetchTime(): Promise<unknown>;
  fetchStatus(): Promise<unknown>;
  fetchCurrencies(): Promise<unknown>;
  amountToPrecision(symbol: string, amount: string): string | undefined;
  priceToPrecision(symbol: string, price: string): string | undefined;
  fetchTicker(symbol: string): Promise<unknown>;
  fetchMarkPrice(symbol: string): Promise<unknown>;
  fetchOrderBook(symbol: string, limit: number): Promise<unknown>;
  fetchFundingRate(symbol: string): Promise<unknown>;
  fetchFundingRateHistory(
    symbol: string,
    sinceMs: number,
    limit: number,
    params: Params,
  ): Promise<unknown>;
  fetchOHLCV(
    symbol: string,
    timeframe: string,
    sinceMs: number,
    limit: number,
    params: Params,
  ): Promise<unknown>;
  fetchMarketLeverageTiers(symbol: string): Promise<unknown>;
  fetchTradingFee(symbol: string): Promise<unknown>;
  fetchBalance(params?: Params): Promise<unknown>;
  fetchPositions(symbols?: readonly string[]): Promise<unknown>;
  fetchPositionMode(symbol?: string): Promise<unknown>;
  fetchLeverage(symbol: string): Promise<unknown>;
  fetchMarginMode(symbol: string): Promise<unknown>;
  setPositionMode(hedged: boolean, symbol?: string): Promise<unknown>;
  setMarginMode(mode: string, symbol: string, params?: Params): Promise<unknown>;
  setLeverage(leverage: number, symbol: string, params?: Params): Promise<unknown>;
  createOrder(
    symbol: string,
    type: string,
    side: string,
    amount: string,
    price: string | undefined,
    params: Params,
  ): Promise<unknown>;
  cancelOrder(id: string | undefined, symbol: string, params: Params): Promise<unknown>;
  cancelAllOrders(symbol: string): Promise<unknown>;
  parseOrder(order: Params, market: unknown): unknown;
  cancelAllOrdersAfter(timeoutMs: number): Promise<unknown>;
  fetchOrder(id: string, symbol: string, params?: Params): Promise<unknown>;
  fetchOpenOrders(symbol: string): Promise<unknown>;
  fetchOrders(symbol: string, sinceMs: number): Promise<unknown>;
  fetchClosedOrders(symbol: string, sinceMs: number): Promise<unknown>;
  fetchMyTrades(
    symbol: string | undefined,
    sinceMs: number,
    limit: number,
    params: Params,
  ): Promise<unknown>;
  fetchFundingHistory(symbol: string, sinceMs: number): Promise<unknown>;
  fetchLedger(code: string | undefined, sinceMs: number): Promise<unknown>;
};

type CcxtClass = new (config: Loose) => CcxtClient;

/**
 * A client of one ccxt class, untouched.
 *
 * @throws OperatingError, not retryable, for an id that ccxt does not have.
 */
export async function createCcxtClient(exchange: string, config: Loose): Promise<CcxtClient> {
  const file = new URL(`./src/${exchange}.js`, import.meta.resolve('ccxt'));
  if (!/^[a-z0-9]+$/.test(exchange) || !existsSync(fileURLToPath(file))) {
    throw new OperatingError(`ccxt has no exchange of this id, was ${exchange}`, {
      retryable: false,
      fault: 'input',
      remedy: 'name an exchange by its ccxt id, such as bybit, okx or binanceusdm',
    });
  }
  const module = (await import(file.href)) as { readonly default: CcxtClass };
  return new module.default(config);
}

/**
 * Calls a generated endpoint method by name.
 *
 * @throws OperatingError, not retryable, where the installed ccxt does not generate it.
 */
export function callImplicit(client: CcxtClient, method: string, params: Params): Promise<unknown> {
  const found = (client as unknown as Readonly<Record<string, ImplicitMethod | undefined>>)[method];
  if (found === undefined) {
    throw new OperatingError(`ccxt's ${client.id} has no endpoint method, was ${method}`, {
      retryable: false,
      remedy: 'install the version of ccxt that the lock file names',
    });
  }
  return found.call(client, params);
}
