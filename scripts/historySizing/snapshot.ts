/** The snapshot that the daemon would have taken at the close of a recorded hour, holding what the paper account holds. */
import { usdPerTether } from '../../src/domain/bookUnit.ts';
import { decimal } from '../../src/domain/decimal.ts';
import type { Decision } from '../../src/domain/decision.ts';
import { instrumentId, legId, type RebalanceId, venueId } from '../../src/domain/ids.ts';
import type { Instrument } from '../../src/domain/instrument.ts';
import { exposures } from '../../src/domain/leg.ts';
import { observed } from '../../src/domain/observed.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type {
  InstrumentObservation,
  PreviousDecision,
  Snapshot,
} from '../../src/domain/snapshot.ts';
import { requiredSymbols } from '../../src/domain/universe.ts';
import { evaluateAccount } from '../../src/margin/account.ts';
import { worstDay } from '../../src/risk/worstDay.ts';
import type { SimulatedInstrument } from '../../src/simulator/market/market.ts';
import { type History, hourMs, venueSymbol } from './history.ts';
import { accountOf, type Holding, markOf, type Paper } from './paper.ts';

export type Books = {
  readonly history: History;
  readonly policy: Policy;
  readonly paper: Paper;
  readonly linear: ReadonlyMap<string, SimulatedInstrument>;
  readonly spot: ReadonlyMap<string, SimulatedInstrument>;
};

/** What each leg holds: its part of every instrument, by leg and instrument. */
export type Parts = ReadonlyMap<string, ReadonlyMap<string, number>>;

export function snapshotAt(
  books: Books,
  hour: number,
  memory: {
    readonly parts: Parts;
    readonly previous: PreviousDecision | null;
    readonly peakUsd: number;
  },
): Snapshot {
  const { history, policy, paper } = books;
  const observedAtMs = history.startMs + (hour + 1) * hourMs;
  const usdc = history.bars('spot', 'USDCUSDT', 'last')[hour]?.close ?? 1;
  const usdt = usdPerTether('stablecoin-median', [usdc]) ?? 1;
  const usdByCoin = { USDT: usdt, USDC: usdc * usdt };
  const { lookbackBars } = policy.risk;
  const first = Math.max(0, hour + 1 - lookbackBars);
  const returnsByLeg = history.returnsByLeg.map((returns) => {
    const window = returns.slice(first, hour + 1);
    return [...Array.from({ length: lookbackBars - window.length }, () => null), ...window];
  });
  const required = requiredSymbols(policy);
  const instruments = policy.venues.flatMap(({ id }) =>
    [...new Set([...(required[id] ?? []), 'USDC/USDT'])].map((symbol) =>
      observationOf(books, id, symbol, hour),
    ),
  );
  const markUsd = (id: string): number => {
    const found = instruments.find((one) => one.instrument.id === id);
    const quote = found?.quote.kind === 'observed' ? found.quote.value.mark : 0;
    const coin = found?.instrument.quoteCoin === 'USDC' ? usdByCoin.USDC : usdt;
    return quote * coin;
  };
  return {
    schema: 1,
    portfolio: policy.portfolio,
    installation: 'history',
    rebalanceId: `history-${observedAtMs}` as RebalanceId,
    trigger: 'schedule',
    observedAtMs,
    unit: { kind: 'known', index: 'stablecoin-median', usdByCoin },
    legs: policy.legs.map((leg) => leg.id),
    returnsByLeg,
    lastBarCloseMs: observedAtMs,
    worstDayByLeg: returnsByLeg.map((returns) => worstDay(returns, 24)),
    holdings: [...memory.parts].flatMap(([leg, held]) =>
      [...held].map(([id, amount]) => ({
        instrument: id as Instrument['id'],
        leg: legId(leg),
        amount: decimal(amount.toFixed(12)),
      })),
    ),
    heldUsdByLeg: policy.legs.map((leg) => {
      const one = exposures(leg)[0];
      const held = one === undefined ? 0 : (memory.parts.get(leg.id)?.get(one.instrument) ?? 0);
      return one === undefined ? 0 : held * markUsd(one.instrument);
    }),
    instruments,
    venues: policy.venues.map(({ id, exchange, environment }) => {
      const point = { hour, at: 'close', settled: true } as const;
      const account = accountOf(history, paper, id, point, books.linear);
      const { maintenanceMarginUsd, initialMarginUsd } = evaluateAccount(account);
      const coins = coinsOf(books, id);
      const coinsUsd = coins.reduce((sum, { usd }) => sum + usd(hour), 0) * usdt;
      return {
        id: venueId(id),
        exchange,
        environment,
        account: observed(
          {
            equityUsd: (paper.cash.get(id) ?? 0) * usdt + coinsUsd,
            initialMarginUsd: initialMarginUsd * usdt,
            maintenanceMarginUsd: maintenanceMarginUsd * usdt,
            coins: [
              {
                coin: 'USDT',
                wallet: decimal((paper.cash.get(id) ?? 0).toFixed(8)),
                free: decimal((paper.cash.get(id) ?? 0).toFixed(8)),
              },
              ...coins.map(({ coin, quantity }) => ({
                coin,
                wallet: decimal(quantity.toFixed(8)),
                free: decimal(quantity.toFixed(8)),
              })),
            ],
            positionMode: 'oneWay' as const,
            marginMode: 'cross' as const,
          },
          observedAtMs,
        ),
        health: {
          state: 'healthy' as const,
          defaultProbabilityAnnual: 0.02,
          evidence: [],
          assessedAtMs: observedAtMs,
        },
        clockOffsetMs: observed(0, observedAtMs),
        ordersLastMinute: 0,
      };
    }),
    openOrders: [],
    halt: { halted: false, reason: null },
    discrepancies: 0,
    previous: memory.previous,
    peakEquityUsd: memory.peakUsd,
    dayStartEquityUsd: null,
    repeatsByInstrument: {},
  };
}

function coinsOf({ history, paper }: Books, venue: string) {
  return [...paper.held.values()]
    .filter((held) => held.venue === venue && held.kind === 'spot' && held.quantity !== 0)
    .map((held) => ({
      coin: held.symbol.split('/')[0] ?? '',
      quantity: held.quantity,
      usd: (hour: number) => held.quantity * markOf(history, held, hour, 'close'),
    }));
}

export const kindOf = (symbol: string): Holding['kind'] =>
  symbol.startsWith('earn:') ? 'earn' : symbol.includes(':') ? 'perpetual' : 'spot';

function observationOf(
  books: Books,
  venue: string,
  symbol: string,
  hour: number,
): InstrumentObservation {
  const { history, paper } = books;
  const kind = kindOf(symbol);
  const atMs = history.startMs + (hour + 1) * hourMs;
  const known = kind === 'perpetual' ? books.linear : books.spot;
  const listed = known.get(venueSymbol(symbol));
  const id = instrumentId(venueId(venue), symbol);
  const baseCoin = kind === 'earn' ? symbol.slice(5) : (symbol.split('/')[0] ?? '');
  const instrument: Instrument = {
    id,
    venue: venueId(venue),
    kind,
    symbol,
    baseCoin,
    quoteCoin: kind === 'earn' ? baseCoin : 'USDT',
    quantityStepBase: decimal(kind === 'earn' ? '0.0001' : (listed?.quantityStep ?? '0.01')),
    quantityMinBase: decimal(kind === 'earn' ? '1' : (listed?.quantityMin ?? '0.01')),
    quantityMaxBase: null,
    priceTick: decimal(kind === 'earn' ? '1' : (listed?.tickSize ?? '0.01')),
    notionalMinQuote: kind === 'earn' ? 0 : 5,
    takerFeeRate: kind === 'earn' ? 0 : Number(listed?.takerFeeRate ?? 0),
    makerFeeRate: kind === 'earn' ? 0 : Number(listed?.makerFeeRate ?? 0),
    tiers: kind === 'perpetual' ? (listed?.tiers ?? []) : [],
    fundingIntervalMs: kind === 'perpetual' ? 8 * hourMs : 0,
    redemptionMs: kind === 'earn' ? 300_000 : 0,
  };
  const category = kind === 'perpetual' ? 'linear' : 'spot';
  const bar = history.bars(category, venueSymbol(symbol), kind === 'perpetual' ? 'mark' : 'last')[
    hour
  ];
  const index = history.bars(category, venueSymbol(symbol), 'index')[hour]?.close ?? null;
  const liquid =
    kind === 'earn' ? undefined : history.market.quote(category, venueSymbol(symbol), atMs - 1000);
  const half = (liquid?.spreadBps ?? 1) / 2e4;
  const rates = Array.from({ length: 21 }, (_, back) => {
    const stamp = Math.floor(atMs / (8 * hourMs)) * 8 * hourMs - (20 - back) * 8 * hourMs;
    return history.market.fundingRate(venueSymbol(symbol), stamp);
  }).flatMap((rate) => rate ?? []);
  return {
    instrument,
    quote:
      kind === 'earn'
        ? observed({ bid: 1, ask: 1, mark: 1, index: 1, depthQuote: Number.MAX_SAFE_INTEGER }, atMs)
        : bar === undefined
          ? { kind: 'unknown', reason: 'the pair did not trade in this hour' }
          : observed(
              {
                bid: bar.close * (1 - half),
                ask: bar.close * (1 + half),
                mark: bar.close,
                index,
                depthQuote: liquid?.depthUsd ?? 0,
              },
              atMs,
            ),
    funding:
      kind === 'perpetual'
        ? observed({ rate: rates.at(-1) ?? 0, intervalMs: 8 * hourMs, nextMs: atMs + hourMs }, atMs)
        : null,
    ...(kind === 'perpetual' && rates.length > 0 ? { settledFundingRates: rates } : {}),
    yield:
      kind === 'earn'
        ? observed({ yieldAnnual: history.yieldAnnual, quotaBase: null, available: true }, atMs)
        : null,
    positionBase: observed(decimal((paper.held.get(id)?.quantity ?? 0).toFixed(8)), atMs),
  };
}

/** What the next snapshot remembers of a decision. */
export function previousOf(
  decision: Decision,
  before: PreviousDecision | null,
): PreviousDecision | null {
  const legs = decision.explanation?.legs;
  if (legs === undefined) return before;
  return {
    rebalanceId: decision.rebalanceId,
    decidedAtMs: decision.decidedAtMs,
    weights: Object.fromEntries(legs.map((leg) => [leg.leg, leg.weight])),
    volatilityAnnual: Object.fromEntries(
      legs.flatMap((leg) =>
        leg.volatilityAnnual === null ? [] : [[leg.leg, leg.volatilityAnnual]],
      ),
    ),
    gatesOpen: Object.fromEntries(
      legs.flatMap((leg) => (leg.gateOpen === null ? [] : [[leg.leg, leg.gateOpen]])),
    ),
  };
}
