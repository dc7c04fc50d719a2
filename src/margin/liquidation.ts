/**
 * Liquidation price: the price of one position at which its pool's equity equals maintenance, the others at their marks.
 *
 * Within one tier both sides are straight lines, so each tier has at most one root; a root counts only if the notional
 * there lies in that tier. Where a venue's maintenance jumps at a cap, the cap itself can be the crossing.
 */
import {
  fundsUsd,
  isolatedMarginUsd,
  type MarginAccount,
  type MarginPosition,
  positionMaintenanceUsd,
  unrealisedProfitUsd,
} from './account.ts';
import { maintenanceMarginUsd } from './tier.ts';

/** Width of the seam between two tiers, relative: a root within it belongs to both. */
const SEAM = 1e-12;

/**
 * Price at which the position `account.positions[index]` is liquidated.
 *
 * Cross: equity of the account less the maintenance of the other positions, which stay at their marks. Isolated: its
 * own margin. `feeRate` adds to the rate at that price.
 *
 * @returns the nearest such price on the losing side of the mark (of a pool already below maintenance: on the
 * gaining side, where it would be safe again); null where no positive price liquidates.
 */
export function liquidationPriceUsd(account: MarginAccount, index: number): number | null {
  const position = account.positions[index];
  if (position === undefined || position.quantityBase === 0) return null;
  const backingUsd = poolBackingUsd(account, index, position);
  const excessUsd = (priceUsd: number) => excessAt(position, backingUsd, priceUsd);
  const side = Math.sign(position.quantityBase);
  const markUsd = position.markPriceUsd;
  const safeAtMark = excessUsd(markUsd) > 0;
  const below = safeAtMark === side > 0;
  const crossings = crossingPrices(position, backingUsd).filter((priceUsd) =>
    below ? priceUsd <= markUsd : priceUsd >= markUsd,
  );
  if (crossings.length === 0) return null;
  return below ? Math.max(...crossings) : Math.min(...crossings);
}

/** |price ÷ mark − 1|; null where there is no liquidation price. */
export function liquidationDistanceShare(
  liquidationPrice: number | null,
  markPriceUsd: number,
): number | null {
  return liquidationPrice === null ? null : Math.abs(liquidationPrice / markPriceUsd - 1);
}

/** Equity of the pool without this position's profit, less what the others must keep. */
function poolBackingUsd(account: MarginAccount, index: number, position: MarginPosition): number {
  if (account.mode === 'isolated') return isolatedMarginUsd(position);
  return account.positions.reduce(
    (sum, other, at) =>
      at === index ? sum : sum + unrealisedProfitUsd(other) - positionMaintenanceUsd(other),
    fundsUsd(account),
  );
}

function excessAt(position: MarginPosition, backingUsd: number, priceUsd: number): number {
  const notional = Math.abs(position.quantityBase) * priceUsd;
  return (
    backingUsd +
    position.quantityBase * (priceUsd - position.entryPriceUsd) -
    maintenanceMarginUsd(notional, position.tiers) -
    notional * (position.feeRate ?? 0)
  );
}

function crossingPrices(position: MarginPosition, backingUsd: number): readonly number[] {
  const { quantityBase, entryPriceUsd, tiers } = position;
  const quantity = Math.abs(quantityBase);
  const prices: number[] = [];
  let floorUsd = 0;
  for (const [rank, tier] of tiers.entries()) {
    const last = rank === tiers.length - 1;
    const capUsd = last || tier.capUsd === null ? Number.POSITIVE_INFINITY : tier.capUsd;
    const slope = quantity * (tier.maintenanceMarginRate + (position.feeRate ?? 0)) - quantityBase;
    const root = (backingUsd - quantityBase * entryPriceUsd + tier.deductionUsd) / slope;
    const notional = quantity * root;
    if (
      root > position.markPriceUsd * SEAM &&
      notional >= floorUsd * (1 - SEAM) &&
      notional <= capUsd * (1 + SEAM)
    ) {
      prices.push(root);
    }
    const capPrice = capUsd / quantity;
    if (Number.isFinite(capPrice) && jumpsAcross(position, backingUsd, capPrice)) {
      prices.push(capPrice);
    }
    floorUsd = capUsd;
  }
  return prices;
}

/** Whether the step of maintenance at a cap takes the pool from safe to liquidated. */
function jumpsAcross(position: MarginPosition, backingUsd: number, capPrice: number): boolean {
  const at = excessAt(position, backingUsd, capPrice * (1 - SEAM));
  const above = excessAt(position, backingUsd, capPrice * (1 + SEAM));
  return at > 0 && above <= 0;
}
