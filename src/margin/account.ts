/**
 * A margin account at its marks: equity, initial and maintenance margin, cross or isolated, several positions.
 *
 * Cross: one pool, equity = wallet + collateral after haircuts + unrealised profit. Isolated: each position is a pool of
 * its own margin, and can lose no more than that.
 */
import type { MarginTier } from '../domain/instrument.ts';
import { type Collateral, collateralValueUsd } from './collateral.ts';
import { initialMarginUsd, maintenanceMarginUsd } from './tier.ts';

export type MarginPosition = {
  readonly symbol: string;
  /** Signed: above 0 long, below 0 short. */
  readonly quantityBase: number;
  readonly entryPriceUsd: number;
  readonly markPriceUsd: number;
  readonly leverage: number;
  /** Isolated mode only; left out: notional at entry ÷ leverage. */
  readonly isolatedMarginUsd?: number | undefined;
  /** Closing fee that the venue adds to the maintenance rate at the liquidation price. */
  readonly feeRate?: number | undefined;
  readonly tiers: readonly MarginTier[];
};

export type MarginAccount = {
  readonly mode: 'cross' | 'isolated';
  /** Cash that counts in full. */
  readonly walletBalanceUsd: number;
  /** Coins that count after their haircut, on top of the wallet. */
  readonly collateral?: readonly Collateral[] | undefined;
  readonly positions: readonly MarginPosition[];
};

export type AccountEvaluation = {
  readonly equityUsd: number;
  readonly initialMarginUsd: number;
  readonly maintenanceMarginUsd: number;
  /** Maintenance ÷ equity; null where equity is not above 0, so that there is no ratio. */
  readonly marginRatio: number | null;
  /** Maintenance ≥ equity in the account (cross) or in the pool of any position (isolated). */
  readonly liquidated: boolean;
};

export function notionalUsd(position: MarginPosition): number {
  return Math.abs(position.quantityBase) * position.markPriceUsd;
}

export function unrealisedProfitUsd(position: MarginPosition): number {
  return position.quantityBase * (position.markPriceUsd - position.entryPriceUsd);
}

/** What an isolated position may lose. */
export function isolatedMarginUsd(position: MarginPosition): number {
  return (
    position.isolatedMarginUsd ??
    (Math.abs(position.quantityBase) * position.entryPriceUsd) / position.leverage
  );
}

/** Maintenance margin of one position at its mark. */
export function positionMaintenanceUsd(position: MarginPosition): number {
  if (position.quantityBase === 0) return 0;
  return maintenanceMarginUsd(notionalUsd(position), position.tiers);
}

/** Wallet and collateral after haircuts: what stands behind the positions before their profit. */
export function fundsUsd(account: MarginAccount): number {
  return (account.collateral ?? []).reduce(
    (sum, coin) => sum + collateralValueUsd(coin),
    account.walletBalanceUsd,
  );
}

/** The account at the marks it carries. */
export function evaluateAccount(account: MarginAccount): AccountEvaluation {
  const held = account.positions.filter((position) => position.quantityBase !== 0);
  let equityUsd = fundsUsd(account);
  let initialUsd = 0;
  let maintenanceUsd = 0;
  let isolatedLiquidated = false;
  for (const position of held) {
    const profitUsd = unrealisedProfitUsd(position);
    const ownMaintenanceUsd = positionMaintenanceUsd(position);
    initialUsd += initialMarginUsd(notionalUsd(position), position.leverage);
    maintenanceUsd += ownMaintenanceUsd;
    if (account.mode === 'cross') {
      equityUsd += profitUsd;
    } else {
      const marginUsd = isolatedMarginUsd(position);
      equityUsd += Math.max(profitUsd, -marginUsd);
      isolatedLiquidated ||= ownMaintenanceUsd >= marginUsd + profitUsd;
    }
  }
  return {
    equityUsd,
    initialMarginUsd: initialUsd,
    maintenanceMarginUsd: maintenanceUsd,
    marginRatio: equityUsd > 0 ? maintenanceUsd / equityUsd : null,
    liquidated: isolatedLiquidated || (held.length > 0 && maintenanceUsd >= equityUsd),
  };
}
