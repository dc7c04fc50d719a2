/**
 * A venue's own leverage tiers, as ccxt hands them on, normalised once to `MarginTier`.
 *
 * ccxt's rows are not one shape: OKX's limits are contracts, Binance keeps the deduction in `info.cum`, Bybit in
 * `info.mmDeduction`, and Bybit's documented rows are in percent. Unusable rows are faults, never repaired silently.
 */
import type { MarginTier } from '../domain/instrument.ts';
import { completeTiers, type MarginVenue, type StatedTier, tierFaults } from './tier.ts';

/** The part of ccxt's `LeverageTier` that counts. */
export type VenueTierRow = {
  readonly minNotional?: number | undefined;
  readonly maxNotional?: number | undefined;
  readonly maintenanceMarginRate?: number | undefined;
  readonly maxLeverage?: number | undefined;
  readonly info: Readonly<Record<string, unknown>>;
};

export type TierScale = {
  /** OKX: one contract in USD (contract size × price); its limits are contracts. */
  readonly contractUsd?: number;
  /** Binance: the account's `notionalCoef`, by which its brackets are stretched. */
  readonly bracketRatio?: number;
};

export type NormalisedTiers =
  | { readonly kind: 'tiers'; readonly tiers: readonly MarginTier[] }
  | { readonly kind: 'unusable'; readonly faults: readonly string[] };

/** Maintenance × leverage beyond which a row must be in percent: as fractions it is below one. */
const PERCENT_ROW_PRODUCT = 5;

const RULES_BY_EXCHANGE: Readonly<Record<string, MarginVenue>> = {
  binance: 'binance',
  binanceusdm: 'binance',
  bybit: 'bybit',
  okx: 'okx',
  myokx: 'okx',
  hyperliquid: 'hyperliquid',
  deribit: 'deribit',
};

/** The margin rules of a ccxt exchange id. */
export function marginVenueOf(exchange: string): MarginVenue {
  return RULES_BY_EXCHANGE[exchange] ?? 'generic';
}

/**
 * Rates of a row as fractions: a row whose maintenance × leverage exceeds 5 is in percent.
 *
 * @returns null where even then 0 < maintenance < 1 ÷ leverage does not hold.
 */
export function fractionRates(row: {
  readonly maintenanceRate: number;
  readonly initialRate?: number;
  readonly leverageMax: number;
}): { readonly maintenanceRate: number; readonly initialRate: number | null } | null {
  const divisor = row.maintenanceRate * row.leverageMax > PERCENT_ROW_PRODUCT ? 100 : 1;
  const maintenanceRate = row.maintenanceRate / divisor;
  if (!(maintenanceRate > 0 && maintenanceRate < 1 / row.leverageMax)) return null;
  return {
    maintenanceRate,
    initialRate: row.initialRate === undefined ? null : row.initialRate / divisor,
  };
}

/**
 * Tiers of one market in USD, in rising order, gaps closed by the rule of `tierAt`, deductions complete.
 *
 * @param rows ccxt's answer for the market.
 * @param scale what turns the venue's units into USD; OKX cannot be read without `contractUsd`.
 */
export function normaliseTiers(
  venue: MarginVenue,
  rows: readonly VenueTierRow[],
  scale: TierScale = {},
): NormalisedTiers {
  if (rows.length === 0) return unusable(['no tiers were stated']);
  if (venue === 'okx' && !isPositive(scale.contractUsd)) {
    return unusable([`contractUsd must be above 0 for okx, was ${scale.contractUsd}`]);
  }
  const ratio = venue === 'okx' ? (scale.contractUsd ?? 1) : (scale.bracketRatio ?? 1);
  const stated: StatedTier[] = [];
  const faults: string[] = [];
  for (const [index, row] of rows.entries()) {
    const tier = statedTier(venue, row, ratio);
    if (typeof tier === 'string') faults.push(`tier ${index}: ${tier}`);
    else stated.push(tier);
  }
  if (faults.length > 0) return unusable(faults);
  const wrong = tierFaults(stated);
  if (wrong.length > 0) {
    return unusable(wrong.map(({ index, field, fault }) => `tier ${index}: ${field} ${fault}`));
  }
  return { kind: 'tiers', tiers: completeTiers(venue, stated) };
}

/** The deduction that a row carries, in its own unit; null: the venue states none. */
export function statedDeduction(venue: MarginVenue, row: VenueTierRow): number | null {
  const field = { binance: 'cum', bybit: 'mmDeduction' }[venue as string];
  const text = field === undefined ? undefined : row.info[field];
  if (text === undefined || text === null || text === '') return null;
  const deduction = Number(text);
  return Number.isFinite(deduction) ? deduction : null;
}

function statedTier(venue: MarginVenue, row: VenueTierRow, ratio: number): StatedTier | string {
  const { minNotional, maxNotional, maintenanceMarginRate, maxLeverage } = row;
  if (!isPositive(maintenanceMarginRate)) {
    return `maintenanceMarginRate must be above 0, was ${maintenanceMarginRate}`;
  }
  if (!isPositive(maxLeverage)) return `maxLeverage must be above 0, was ${maxLeverage}`;
  const rates = fractionRates({ maintenanceRate: maintenanceMarginRate, leverageMax: maxLeverage });
  if (rates === null) {
    return `maintenanceMarginRate must be below 1 ÷ maxLeverage ${maxLeverage}, was ${maintenanceMarginRate}`;
  }
  const deduction = statedDeduction(venue, row);
  return {
    floorUsd: (minNotional ?? 0) * ratio,
    capUsd: maxNotional === undefined ? null : maxNotional * ratio,
    maintenanceMarginRate: rates.maintenanceRate,
    leverageMax: maxLeverage,
    deductionUsd: deduction === null ? undefined : deduction * ratio,
  };
}

function isPositive(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value) && value > 0;
}

function unusable(faults: readonly string[]): NormalisedTiers {
  return { kind: 'unusable', faults };
}
