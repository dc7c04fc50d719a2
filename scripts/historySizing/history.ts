/** The recorded years on one hourly grid: prices, funding and the legs' returns, as the daemon would have them in its history. */
import { loadRecordedSeries } from '../../src/adapters/recorded/load.ts';
import { usdPerTether } from '../../src/domain/bookUnit.ts';
import type { Leg } from '../../src/domain/leg.ts';
import type { Policy } from '../../src/domain/policy.ts';
import {
  type BarReturns,
  carryReturns,
  type GridSeries,
  lendingReturns,
  perpetualReturns,
} from '../../src/risk/legReturns.ts';
import type { Candle, CandleKind, Category, Market } from '../../src/simulator/market/market.ts';
import { createRecordedMarket } from '../../src/simulator/market/recorded.ts';

export const hourMs = 3_600_000;

type Bars = readonly (Candle | undefined)[];

export type History = {
  readonly market: Market;
  readonly startMs: number;
  readonly hours: number;
  /** The hour that begins at `startMs + hour * hourMs`. */
  readonly bars: (category: Category, symbol: string, kind: CandleKind) => Bars;
  /** Settled at the full hour `hour`; 0 where nothing was. */
  readonly fundingAt: (symbol: string, hour: number) => number;
  /** USD per USDT at the close of hour `hour`, by the book's unit. */
  readonly tetherUsd: GridSeries;
  /** N legs; element `hour` runs from close `hour - 1` to close `hour`. */
  readonly returnsByLeg: readonly BarReturns[];
  readonly yieldAnnual: number;
};

export const venueSymbol = (unified: string): string =>
  (unified.split(':')[0] ?? '').replace('/', '');

export async function loadHistory(
  folder: string,
  policy: Policy,
  options: {
    readonly fromMs: number;
    readonly toMs: number;
    readonly symbols: readonly string[];
    /** Of the saving product: an assumption, no yield was recorded then. */
    readonly yieldAnnual: number;
  },
): Promise<History> {
  const { fromMs, toMs, symbols, yieldAnnual } = options;
  const series = await loadRecordedSeries(folder, { fromMs, toMs, symbols });
  const market = createRecordedMarket({ series, assumedEarnApr: { USDC: yieldAnnual } });
  const startMs = market.startMs;
  const hours = Math.floor((toMs - startMs) / hourMs);
  const known = new Map<string, Bars>();
  const bars = (category: Category, symbol: string, kind: CandleKind): Bars => {
    const key = `${category} ${symbol} ${kind}`;
    const found = known.get(key) ?? laidOut(market, { category, symbol, kind }, startMs, hours);
    known.set(key, found);
    return found;
  };
  const fundingAt = (symbol: string, hour: number): number =>
    market.fundingRate(symbol, startMs + hour * hourMs) ?? 0;
  const usdc = closesOf(bars('spot', 'USDCUSDT', 'last'));
  const tetherUsd = usdc.map((close) =>
    close === null ? null : usdPerTether('stablecoin-median', [close]),
  );
  const grid = { startMs: startMs + hourMs, barMs: hourMs };
  const returnsOf = (leg: Leg): BarReturns => {
    const stamps = (symbol: string) =>
      Array.from({ length: hours + 1 }, (_, hour) => ({
        timestampMs: startMs + hour * hourMs,
        rate: fundingAt(symbol, hour),
      }));
    switch (leg.kind) {
      case 'perpetual': {
        const symbol = venueSymbol(leg.symbol);
        const closes = closesOf(bars('linear', symbol, 'mark'));
        const { direction } = leg;
        const funding = stamps(symbol);
        return [
          null,
          ...perpetualReturns({ closes, funding, grid, unitUsd: tetherUsd, direction }),
        ];
      }
      case 'carry': {
        const spotCloses = closesOf(bars('spot', venueSymbol(leg.spot), 'last'));
        const perpetualCloses = closesOf(bars('linear', venueSymbol(leg.perpetual), 'mark'));
        const funding = stamps(venueSymbol(leg.perpetual));
        const unitUsd = tetherUsd;
        return [null, ...carryReturns({ spotCloses, perpetualCloses, funding, grid, unitUsd })];
      }
      case 'lending': {
        const coinUsd = usdc.map((close, hour) => {
          const usd = tetherUsd[hour] ?? null;
          return close === null || usd === null ? null : close * usd;
        });
        const yields = coinUsd.slice(1).map(() => yieldAnnual);
        return [null, ...lendingReturns({ coinUsd, yieldAnnual: yields, grid })];
      }
      case 'stable':
        throw new Error('no yield-bearing stablecoin is recorded');
    }
  };
  const returnsByLeg = policy.legs.map(returnsOf);
  return { market, startMs, hours, bars, fundingAt, tetherUsd, returnsByLeg, yieldAnnual };
}

function laidOut(
  market: Market,
  { category, symbol, kind }: { category: Category; symbol: string; kind: CandleKind },
  startMs: number,
  hours: number,
): Bars {
  const bars: (Candle | undefined)[] = Array.from({ length: hours });
  for (const candle of market.candles(category, symbol, kind, startMs, startMs + hours * hourMs))
    bars[(candle.openMs - startMs) / hourMs] = candle;
  return bars;
}

const closesOf = (bars: Bars): GridSeries => bars.map((bar) => bar?.close ?? null);
