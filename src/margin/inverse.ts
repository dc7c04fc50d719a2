/**
 * Coin-margined (inverse) contracts, worth a fixed number of USD and settled in the coin: value in coins = USD ÷ price.
 *
 * Isolated liquidation as Bybit's unified account states it: long Q ÷ (PV + IM − MM), short Q ÷ (PV − (IM − MM)), all in coins.
 */
export type InversePosition = {
  /** Unsigned size in USD. */
  readonly quantityUsd: number;
  readonly entryPriceUsd: number;
  readonly leverage: number;
  readonly maintenanceMarginRate: number;
};

export type InverseMargin = {
  readonly valueCoins: number;
  readonly initialMarginCoins: number;
  readonly maintenanceMarginCoins: number;
};

export function inverseMargin(position: InversePosition): InverseMargin {
  const valueCoins = position.quantityUsd / position.entryPriceUsd;
  return {
    valueCoins,
    initialMarginCoins: valueCoins / position.leverage,
    maintenanceMarginCoins: valueCoins * position.maintenanceMarginRate,
  };
}

/** null: a short with so much margin that no price liquidates it. */
export function inverseLiquidationPriceUsd(
  position: InversePosition,
  side: 'long' | 'short',
): number | null {
  const { valueCoins, initialMarginCoins, maintenanceMarginCoins } = inverseMargin(position);
  const cushionCoins = initialMarginCoins - maintenanceMarginCoins;
  const coins = side === 'long' ? valueCoins + cushionCoins : valueCoins - cushionCoins;
  return coins > 0 ? position.quantityUsd / coins : null;
}

/** Coins left behind a short of `shortUsd`: collateral + shortUsd × (1 ÷ price − 1 ÷ entry). */
export function inverseShortEquityCoins(short: {
  readonly collateralCoins: number;
  readonly shortUsd: number;
  readonly entryPriceUsd: number;
  readonly priceUsd: number;
}): number {
  return short.collateralCoins + short.shortUsd * (1 / short.priceUsd - 1 / short.entryPriceUsd);
}
