/** A session whose client answers as ccxt does, per exchange, and the figures that are read through it. */
import type { Session } from '../../../../src/adapters/exchange/session.ts';
import { readFigures } from '../../../../src/adapters/exchange/signs/readFigures.ts';
import type { Instrument } from '../../../../src/domain/instrument.ts';
import { OperatingError } from '../../../../src/domain/operatingError.ts';

export const mainCoins = ['USDT', 'USDC', 'BTC'];
export const nowMs = Date.UTC(2025, 1, 1);
export const missing = new OperatingError('no such endpoint', { retryable: false, remedy: 'none' });
export const slow = new OperatingError('timeout', { retryable: true, remedy: 'wait' });

export type Given = {
  readonly exchange?: string;
  readonly environment?: Session['environment'];
  readonly symbols?: readonly string[];
  /** Answers of methods, or what they throw. */
  readonly answers?: Readonly<Record<string, unknown>>;
  readonly has?: Readonly<Record<string, boolean>>;
  readonly key?: string | null;
};

export function sessionOf({
  exchange = 'bybit',
  environment = 'live',
  symbols = [],
  answers = {},
  has = {},
  key = 'KEY',
}: Given): Session {
  const methods = Object.fromEntries(
    Object.entries(answers).map(([name, answer]) => [
      name,
      (asked: unknown) => {
        const found =
          typeof answer === 'function' ? (answer as (from: unknown) => unknown)(asked) : answer;
        return found instanceof Error ? Promise.reject(found) : Promise.resolve(found);
      },
    ]),
  );
  const markets = Object.fromEntries(symbols.map((symbol) => [symbol, { symbol, active: true }]));
  return {
    exchange,
    environment,
    client: { id: exchange, has, markets, ...methods },
    clock: { nowMs: () => nowMs },
    faults: { credentialsSource: key },
    read: (_: string, run: () => Promise<unknown>) => run(),
    refreshMarkets: () => Promise.resolve(),
  } as unknown as Session;
}

export const instrumentOf = (symbol: string): Instrument =>
  ({
    symbol,
    kind: symbol.includes(':') ? 'perpetual' : 'spot',
    baseCoin: symbol.split('/')[0],
    quoteCoin: symbol.split(/[/:]/)[1],
  }) as unknown as Instrument;

export const figuresOf = (given: Given, failing: readonly string[] = []) =>
  readFigures(sessionOf(given), ['BTC', 'ETH'], {
    load: async (symbol) => {
      if (failing.includes(symbol)) throw slow;
      return instrumentOf(symbol);
    },
    quote: async () => ({ bid: 99, ask: 101, mark: 105, index: 100, depthQuote: 1e6 }),
    funding: async () => ({ rate: 1e-4, intervalMs: 3_600_000, nextMs: nowMs }),
  });
