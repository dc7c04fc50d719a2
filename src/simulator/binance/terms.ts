/**
 * A market under Binance's terms: fees of the lowest tier, least notionals, brackets of BTC and ETH (October 2024), and its names
 * for dated futures (BTCUSDT_260626) and savings (USDC001).
 *
 * A stand-in for the venue's `exchangeInfo`: real trading reads the venue, never this table.
 */
import { completeTiers } from '../../margin/tier.ts';
import type { EarnProduct, Market, RiskTier, SimulatedInstrument } from '../market/market.ts';

const notionalMins: Readonly<Record<string, string>> = { BTC: '100', ETH: '20' };

/** leverage, maintenance rate, cap in USD. */
const ladder: readonly (readonly [number, number, number | null])[] = [
  [125, 0.004, 50_000],
  [100, 0.005, 600_000],
  [75, 0.0065, 3_000_000],
  [50, 0.01, 12_000_000],
  [25, 0.02, 70_000_000],
  [20, 0.025, 100_000_000],
  [10, 0.05, 230_000_000],
  [5, 0.1, null],
];

const majorTiers: readonly RiskTier[] = completeTiers(
  'binance',
  ladder.map(([leverageMax, maintenanceMarginRate, capUsd], index) => ({
    floorUsd: ladder[index - 1]?.[2] ?? 0,
    capUsd,
    maintenanceMarginRate,
    leverageMax,
  })),
  // Cents are exact here; the float dust of the differences is not.
).map((tier) => ({ ...tier, deductionUsd: Math.round(tier.deductionUsd * 100) / 100 }));

/** The same prices under the venue's terms and names. */
export function onBinanceTerms(market: Market): Market {
  const instruments = market.instruments.map((i) => [i.symbol, onTerms(i)] as const);
  const products = market.earnProducts.map((p) => [p.productId, renamed(p)] as const);
  const symbols = new Map(instruments.map(([own, { symbol }]) => [symbol, own]));
  const savings = new Map(products.map(([own, { productId }]) => [productId, own]));
  const own = (symbol: string): string => symbols.get(symbol) ?? symbol;
  return {
    ...market,
    instruments: instruments.map(([, instrument]) => instrument),
    earnProducts: products.map(([, product]) => product),
    candles: (category, symbol, ...rest) => market.candles(category, own(symbol), ...rest),
    quote: (category, symbol, atMs) => market.quote(category, own(symbol), atMs),
    fundingRate: (symbol, settlementMs) => market.fundingRate(own(symbol), settlementMs),
    earnAprAt: (productId, atMs) => market.earnAprAt(savings.get(productId) ?? productId, atMs),
  };
}

function onTerms(instrument: SimulatedInstrument): SimulatedInstrument {
  const { baseCoin, category, deliveryMs } = instrument;
  if (category === 'spot')
    return { ...instrument, takerFeeRate: '0.001', makerFeeRate: '0.001', notionalMin: '5' };
  const isMajor = baseCoin === 'BTC' || baseCoin === 'ETH';
  const tiers = isMajor ? majorTiers : instrument.tiers;
  const pair = `${baseCoin}${instrument.quoteCoin}`;
  return {
    ...instrument,
    symbol: deliveryMs === undefined ? instrument.symbol : `${pair}_${dateCode(deliveryMs)}`,
    takerFeeRate: '0.0005',
    makerFeeRate: '0.0002',
    notionalMin: notionalMins[baseCoin] ?? '5',
    leverageMax: tiers[0]?.leverageMax ?? instrument.leverageMax,
    tiers,
  };
}

/** 260626. */
function dateCode(atMs: number): string {
  return new Date(atMs).toISOString().slice(2, 10).replaceAll('-', '');
}

function renamed(product: EarnProduct): EarnProduct {
  return { ...product, productId: `${product.coin}001` };
}
