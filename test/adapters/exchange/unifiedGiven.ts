/** A venue without a dialect of its own, whose client in memory answers as ccxt does, in contracts of a hundredth of a coin. */
import type { CcxtClient } from '../../../src/adapters/exchange/ccxtClient.ts';
import type { Dialect } from '../../../src/adapters/exchange/dialect.ts';
import { carefulProfile, type Profile } from '../../../src/adapters/exchange/profiles/profile.ts';
import { createSession, type Session } from '../../../src/adapters/exchange/session.ts';
import { createTraffic } from '../../../src/adapters/exchange/transport/traffic.ts';
import { createUnifiedDialect } from '../../../src/adapters/exchange/unified/dialect.ts';
import { venueId } from '../../../src/domain/ids.ts';
import type { Instrument } from '../../../src/domain/instrument.ts';
import { startMs } from './bybitSimulator.ts';

export const symbol = 'BTC/USDT:USDT';
export const market = {
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

export function open(
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
export const btc = instrument as Instrument;
export const order = {
  id: '9',
  clientOrderId: null as string | null,
  amount: '3',
  filled: '1',
  status: 'open',
  timestamp: startMs,
};
export class OrderNotFound extends Error {}
