/**
 * The paper account of the sizing run: coins, lent coins and perpetuals at two venues, filled at the mark with a cost.
 *
 * Prices are in USDT and so is the account; an hour moves it by its prices, its funding and its yield.
 */
import type { MarginAccount, MarginPosition } from '../../src/margin/account.ts';
import { evaluateAccount } from '../../src/margin/account.ts';
import type { SimulatedInstrument } from '../../src/simulator/market/market.ts';
import { type History, venueSymbol } from './history.ts';

/** Taker's fee and half a spread, of what is traded. */
const costRate = 0.00075;
/** What the simulated venue counts of a coin as margin. */
const coinRatio = 0.95;
const outageHoursMax = 48;

export type Holding = {
  readonly kind: 'perpetual' | 'spot' | 'earn';
  readonly venue: string;
  readonly symbol: string;
  /** Signed. */
  quantity: number;
};

export type Paper = {
  /** USDT by venue; gains of perpetuals are settled into it every hour. */
  readonly cash: Map<string, number>;
  /** By instrument id. */
  readonly held: Map<string, Holding>;
  costUsd: number;
};

/** Which price of an hour: its close, or the worst of it for longs or for shorts. */
export type At = 'close' | 'low' | 'high';

export function markOf(history: History, held: Holding, hour: number, at: At): number {
  if (held.kind === 'earn') return coinPrice(history, hour);
  const category = held.kind === 'spot' ? 'spot' : 'linear';
  const kind = held.kind === 'spot' ? 'last' : 'mark';
  const bars = history.bars(category, venueSymbol(held.symbol), kind);
  const bar = bars[hour];
  if (bar !== undefined) return bar[at];
  // An outage of the exchange: the last close is all that anybody has.
  for (let back = hour - 1; back >= Math.max(0, hour - outageHoursMax); back -= 1) {
    const before = bars[back];
    if (before !== undefined) return before.close;
  }
  return Number.NaN;
}

/** USDC in USDT; the last one known where its pair did not trade. */
function coinPrice(history: History, hour: number): number {
  return history.bars('spot', 'USDCUSDT', 'last')[hour]?.close ?? 1;
}

/** Changes a holding at the hour's close. */
export function trade(history: History, paper: Paper, id: string, change: Holding, hour: number) {
  const price = markOf(history, change, hour, 'close');
  const cost = Math.abs(change.quantity) * price * (change.kind === 'earn' ? 0 : costRate);
  const paid = change.kind === 'perpetual' ? 0 : change.quantity * price;
  paper.cash.set(change.venue, (paper.cash.get(change.venue) ?? 0) - paid - cost);
  paper.costUsd += cost;
  const held = paper.held.get(id);
  if (held === undefined) paper.held.set(id, { ...change });
  else held.quantity += change.quantity;
}

/** Settles an hour: gains of perpetuals from the close before, funding at its end, yield of what is lent. */
export function settle(history: History, paper: Paper, hour: number): void {
  for (const held of paper.held.values()) {
    if (held.quantity === 0) continue;
    let gain = 0;
    if (held.kind === 'perpetual') {
      const mark = markOf(history, held, hour, 'close');
      const before = markOf(history, held, hour - 1, 'close');
      const rate = history.fundingAt(venueSymbol(held.symbol), hour + 1);
      gain = held.quantity * (mark - before) - held.quantity * mark * rate;
    }
    if (held.kind === 'earn') gain = (held.quantity * history.yieldAnnual) / 8760;
    paper.cash.set(held.venue, (paper.cash.get(held.venue) ?? 0) + gain);
  }
}

/**
 * A venue's margin account, USDT for USD.
 *
 * @param at `low` and `high` put every price there at once, before anything of the hour is settled.
 */
export function accountOf(
  history: History,
  paper: Paper,
  venue: string,
  point: { readonly hour: number; readonly at: At; readonly settled: boolean },
  instruments: ReadonlyMap<string, SimulatedInstrument>,
): MarginAccount {
  const { hour, at, settled } = point;
  const positions: MarginPosition[] = [];
  let coins = 0;
  for (const held of paper.held.values()) {
    if (held.venue !== venue || held.quantity === 0) continue;
    const mark = markOf(history, held, hour, at);
    if (held.kind === 'spot') coins += coinRatio * held.quantity * mark;
    if (held.kind !== 'perpetual') continue;
    positions.push({
      symbol: held.symbol,
      quantityBase: held.quantity,
      entryPriceUsd: settled ? mark : markOf(history, held, hour - 1, 'close'),
      markPriceUsd: mark,
      leverage: 10,
      tiers: instruments.get(venueSymbol(held.symbol))?.tiers ?? [],
    });
  }
  return { mode: 'cross', walletBalanceUsd: (paper.cash.get(venue) ?? 0) + coins, positions };
}

/** Everything at the venue, lent coins and whole coins among it. */
export function equityOf(history: History, paper: Paper, venue: string, hour: number): number {
  let sum = paper.cash.get(venue) ?? 0;
  for (const held of paper.held.values())
    if (held.venue === venue && held.kind !== 'perpetual')
      sum += held.quantity * markOf(history, held, hour, 'close');
  return sum;
}

/** Equity over maintenance less one, the worst of an hour's lows, highs and close; infinite where nothing is held. */
export function marginDistance(
  history: History,
  paper: Paper,
  venue: string,
  hour: number,
  instruments: ReadonlyMap<string, SimulatedInstrument>,
): number {
  const distances = (['low', 'high', 'close'] as const).map((at) => {
    const account = accountOf(history, paper, venue, { hour, at, settled: false }, instruments);
    const { equityUsd, maintenanceMarginUsd } = evaluateAccount(account);
    return maintenanceMarginUsd === 0
      ? Number.POSITIVE_INFINITY
      : equityUsd / maintenanceMarginUsd - 1;
  });
  return Math.min(...distances);
}
