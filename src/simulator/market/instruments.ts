/**
 * Lots, ticks, fees and brackets of the simulated instruments, close to what Bybit published in July 2025.
 *
 * A stand-in for the venue's `instruments-info`: real trading reads the venue, never this table.
 */

import { FUNDING_INTERVAL_MS } from './funding.ts';
import type { EarnProduct, SimulatedInstrument } from './market.ts';
import { buildTiers } from './tiers.ts';

type LinearSpec = {
  readonly tickSize: string;
  readonly quantityStep: string;
  readonly quantityMax: string;
  readonly leverageMax: number;
  readonly firstCapUsd: number;
  readonly fundingRateCap: number;
};
type SpotSpec = {
  readonly tickSize: string;
  readonly quantityStep: string;
  readonly quantityMax: string;
};

function linear(
  tickSize: string,
  quantityStep: string,
  quantityMax: string,
  leverageMax: number,
  firstCapUsd: number,
  fundingRateCap: number,
): LinearSpec {
  return { tickSize, quantityStep, quantityMax, leverageMax, firstCapUsd, fundingRateCap };
}

function spot(tickSize: string, quantityStep: string, quantityMax: string): SpotSpec {
  return { tickSize, quantityStep, quantityMax };
}

const LINEAR: Readonly<Record<string, LinearSpec>> = {
  ADA: linear('0.0001', '1', '5180000', 75, 200_000, 0.02),
  AVAX: linear('0.001', '0.1', '106000', 50, 200_000, 0.02),
  BCH: linear('0.1', '0.01', '7000', 50, 200_000, 0.02),
  BNB: linear('0.1', '0.01', '9000', 50, 500_000, 0.02),
  BTC: linear('0.1', '0.001', '1190', 100, 2_000_000, 0.00375),
  DOGE: linear('0.00001', '1', '18000000', 75, 200_000, 0.02),
  DOT: linear('0.001', '0.1', '444000', 50, 200_000, 0.02),
  ETH: linear('0.01', '0.01', '7240', 100, 1_500_000, 0.00375),
  LINK: linear('0.001', '0.1', '161000', 50, 200_000, 0.02),
  LTC: linear('0.01', '0.1', '32000', 50, 200_000, 0.02),
  SOL: linear('0.01', '0.1', '79770', 100, 500_000, 0.02),
  SUI: linear('0.0001', '10', '1190000', 75, 200_000, 0.02),
  XRP: linear('0.0001', '0.1', '3120000', 75, 500_000, 0.02),
};

const SPOT: Readonly<Record<string, SpotSpec>> = {
  ADA: spot('0.0001', '0.01', '2600000'),
  AVAX: spot('0.001', '0.001', '60000'),
  BCH: spot('0.1', '0.00001', '4000'),
  BNB: spot('0.1', '0.0001', '4000'),
  BTC: spot('0.01', '0.000001', '230'),
  DOGE: spot('0.00001', '0.1', '8500000'),
  DOT: spot('0.001', '0.001', '260000'),
  ETH: spot('0.01', '0.00001', '4600'),
  LINK: spot('0.001', '0.001', '90000'),
  LTC: spot('0.01', '0.00001', '16000'),
  SOL: spot('0.01', '0.0001', '70000'),
  SUI: spot('0.0001', '0.01', '1600000'),
  USDC: spot('0.0001', '0.01', '12000000'),
  USDE: spot('0.0001', '0.01', '6000000'),
  XRP: spot('0.0001', '0.01', '3600000'),
};

/** The USDT-settled perpetual of a base coin, or undefined when the table has none. */
export function linearInstrument(
  baseCoin: string,
  launchMs: number,
): SimulatedInstrument | undefined {
  const spec = LINEAR[baseCoin];
  if (spec === undefined) return undefined;
  return {
    symbol: `${baseCoin}USDT`,
    category: 'linear',
    baseCoin,
    quoteCoin: 'USDT',
    tickSize: spec.tickSize,
    quantityStep: spec.quantityStep,
    quantityMin: spec.quantityStep,
    quantityMax: spec.quantityMax,
    notionalMin: '5',
    leverageMax: spec.leverageMax,
    takerFeeRate: '0.00055',
    makerFeeRate: '0.0002',
    fundingIntervalMs: FUNDING_INTERVAL_MS,
    fundingRateCap: spec.fundingRateCap,
    launchMs,
    tiers: buildTiers(spec.leverageMax, spec.firstCapUsd),
  };
}

/** The spot pair of a coin against USDT, or undefined when the table has none. */
export function spotInstrument(
  baseCoin: string,
  launchMs: number,
): SimulatedInstrument | undefined {
  const spec = SPOT[baseCoin];
  if (spec === undefined) return undefined;
  return {
    symbol: `${baseCoin}USDT`,
    category: 'spot',
    baseCoin,
    quoteCoin: 'USDT',
    ...spec,
    quantityMin: spec.quantityStep,
    notionalMin: '5',
    leverageMax: 1,
    takerFeeRate: '0.001',
    makerFeeRate: '0.001',
    fundingIntervalMs: 0,
    fundingRateCap: 0,
    launchMs,
    tiers: [],
  };
}

const EARN_PRODUCT_IDS: Readonly<Record<string, string>> = { USDT: '430', USDC: '431' };

/** The flexible saving product of a stablecoin, or undefined where there is none (only USDT and USDC have one). */
export function flexibleSaving(coin: string): EarnProduct | undefined {
  const productId = EARN_PRODUCT_IDS[coin];
  if (productId === undefined) return undefined;
  return {
    productId,
    coin,
    stakeMin: '1',
    stakeMax: '20000000',
    precision: 4,
    redemptionMs: 300_000,
  };
}
