/**
 * What coins held at a venue count for as margin: a ratio per band of quantity, each band at its own ratio.
 *
 * Bybit's and OKX's tables are marginal in the coin's quantity; a table with one endless band is a plain haircut
 * (Binance multi-assets). A debt counts in full.
 */
export type CollateralBand = {
  /** null: no upper end; quantity above the last band counts nothing. */
  readonly capQuantity: number | null;
  readonly ratio: number;
};

export type Collateral = {
  readonly coin: string;
  /** Below 0: borrowed. */
  readonly quantity: number;
  readonly priceUsd: number;
  /** In rising order of cap. */
  readonly bands: readonly CollateralBand[];
};

/** Value after the haircut, in USD; a debt at its full value, below 0. */
export function collateralValueUsd(collateral: Collateral): number {
  if (collateral.quantity <= 0) return collateral.quantity * collateral.priceUsd;
  let counted = 0;
  let floorQuantity = 0;
  for (const band of collateral.bands) {
    const capQuantity = band.capQuantity ?? Number.POSITIVE_INFINITY;
    const inBand = Math.min(collateral.quantity, capQuantity) - floorQuantity;
    if (inBand <= 0) break;
    counted += inBand * band.ratio;
    floorQuantity = capQuantity;
  }
  return counted * collateral.priceUsd;
}

/** What an automatic exchange sells to clear a debt: the debt grossed up by the haircut of the coin sold. */
export function autoExchangeUsd(debtUsd: number, haircutRate: number): number {
  return debtUsd / (1 - haircutRate);
}
