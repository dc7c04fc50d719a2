/**
 * The account after an order, in the figures that the portfolio gates compare with their limits.
 *
 * Orders in flight count at once, as if they had filled, where that enlarges a position; orders of the same plan that
 * were approved before count too.
 */
import { subtract, toNumber } from '../domain/decimal.ts';
import type { InstrumentId, VenueId } from '../domain/ids.ts';
import { exposures } from '../domain/leg.ts';
import { isTerminal, type OrderRecord } from '../domain/order.ts';
import { evaluateAccount } from '../margin/account.ts';
import { liquidationDistanceShare, liquidationPriceUsd } from '../margin/liquidation.ts';
import type { StressScenario } from '../margin/scenarios.ts';
import { judgeStress, type StressVerdict } from '../margin/stressVerdict.ts';
import { accountsAt, heldQuantities, type Quantities } from '../parity/sizing/accounts.ts';
import type { Book } from '../parity/sizing/book.ts';

export type PortfolioFacts = {
  readonly equityUsd: number;
  readonly peakEquityUsd: number | null;
  readonly dayStartEquityUsd: number | null;
  readonly grossLeverage: number;
  readonly grossLeverageMax: number;
  /** Of the instrument, per leg that trades it, as a share of equity. */
  readonly legShare: number;
  readonly legShareMax: number;
  /** Of the order's venue; null: its account has no equity left. */
  readonly initialMarginShare: number | null;
  readonly initialMarginShareMax: number;
  readonly stress: StressVerdict;
  readonly stressedMarginBuffer: number;
  /** The nearest at the order's venue; null: no position can be liquidated. */
  readonly liquidationDistanceShare: number | null;
};

/** What is held, and what orders in flight may add to it. */
export function quantitiesInFlight(book: Book): Quantities {
  const quantities = new Map(heldQuantities(book));
  for (const order of book.snapshot.openOrders) {
    if (isTerminal(order.state)) continue;
    const held = quantities.get(order.instrument) ?? 0;
    const by = remainingSigned(order);
    if (held * by >= 0) quantities.set(order.instrument, held + by);
  }
  return quantities;
}

function remainingSigned(order: OrderRecord): number {
  const remaining = toNumber(subtract(order.quantityBase, order.filledBase));
  return order.action === 'buy' || order.action === 'subscribe' ? remaining : -remaining;
}

/** @param at the order's instrument and venue. @param after quantities with the order filled. */
export function portfolioFacts(
  book: Book,
  at: { readonly instrument: InstrumentId; readonly venue: VenueId },
  after: Quantities,
  scenarios: readonly StressScenario[],
): PortfolioFacts {
  const { sizing } = book.policy;
  const accounts = accountsAt(book, after).filter((each) => each.venue === at.venue);
  const account = accounts[0]?.account;
  const evaluation = account === undefined ? null : evaluateAccount(account);
  return {
    equityUsd: book.equityUsd,
    peakEquityUsd: book.snapshot.peakEquityUsd,
    dayStartEquityUsd: book.snapshot.dayStartEquityUsd,
    grossLeverage: grossUsd(book, after) / book.equityUsd,
    grossLeverageMax: sizing.grossLeverageMax,
    legShare: legShare(book, at.instrument, after),
    legShareMax: sizing.legShareMax,
    initialMarginShare:
      evaluation === null || !(evaluation.equityUsd > 0)
        ? null
        : evaluation.initialMarginUsd / evaluation.equityUsd,
    initialMarginShareMax: sizing.initialMarginShareMax,
    stress: judgeStress(accounts, scenarios, sizing.stressedMarginBuffer),
    stressedMarginBuffer: sizing.stressedMarginBuffer,
    liquidationDistanceShare: account === undefined ? null : nearestLiquidation(account),
  };
}

/** Unsigned notional of what legs hold; coins that only wait to be lent are cash. */
export function grossUsd(book: Book, quantities: Quantities): number {
  const exposed = new Set(
    book.legs.flatMap((leg) => exposures(leg).map((each) => each.instrument)),
  );
  let gross = 0;
  for (const { instrument, markUsd } of book.instruments) {
    if (exposed.has(instrument.id))
      gross += Math.abs(quantities.get(instrument.id) ?? 0) * (markUsd ?? 0);
  }
  return gross;
}

function legShare(book: Book, instrument: InstrumentId, after: Quantities): number {
  const legs = book.legs.filter((leg) =>
    exposures(leg).some((each) => each.instrument === instrument),
  ).length;
  const markUsd = book.instrumentById.get(instrument)?.markUsd ?? 0;
  if (legs === 0) return 0;
  return (Math.abs(after.get(instrument) ?? 0) * markUsd) / legs / book.equityUsd;
}

function nearestLiquidation(account: Parameters<typeof liquidationPriceUsd>[0]): number | null {
  let nearest: number | null = null;
  for (const [index, position] of account.positions.entries()) {
    const share = liquidationDistanceShare(
      liquidationPriceUsd(account, index),
      position.markPriceUsd,
    );
    if (share !== null && (nearest === null || share < nearest)) nearest = share;
  }
  return nearest;
}
