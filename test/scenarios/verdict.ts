/**
 * What a scenario must not do, judged by the venues' own journals: liquidations, increases where a gate forbids them, halves of pairs
 * left open; and whether the ledger says what the journals say.
 */
import { add, type DecimalText, decimal, toNumber, zero } from '../../src/domain/decimal.ts';
import { venueId } from '../../src/domain/ids.ts';
import { applyTransactions, emptyBook, positionOf, venueWallet } from '../../src/ledger/book.ts';
import { reconcileVenues } from '../../src/rebalance/reconcileVenues.ts';
import type { JournalEntry } from '../../src/simulator/core/entries.ts';
import { bookedFills } from '../e2e/booked.ts';
import {
  fillsIn,
  liquidationsIn,
  openCostIn,
  positionsIn,
  stakesIn,
  walletsIn,
} from '../e2e/truth.ts';
import type { Forbidden } from './play.ts';
import type { Stage } from './stage.ts';

type Journal = readonly JournalEntry[];
type Fill = Extract<JournalEntry, { kind: 'fill' }>;

export function liquidations(stage: Stage): number {
  let count = 0;
  for (const simulator of stage.simulators.byName.values())
    count += liquidationsIn(simulator.journal());
  return count;
}

/** Fills between two times, exclusive of the first. */
export function fillsBetween(journal: Journal, fromMs: number, toMs: number): readonly Fill[] {
  return journal.filter(
    (entry): entry is Fill => entry.kind === 'fill' && entry.atMs > fromMs && entry.atMs <= toMs,
  );
}

/**
 * Fills that made a position larger while increases were forbidden there, but for those that brought spot and contracts
 * of the coin nearer to each other (the repair of a pair).
 */
export function forbiddenIncreases(
  stage: Stage,
  forbidden: readonly Forbidden[],
): readonly string[] {
  const found: string[] = [];
  for (const [name, simulator] of stage.simulators.byName) {
    const held = new Map<string, DecimalText>();
    for (const entry of simulator.journal()) {
      if (entry.kind !== 'fill') continue;
      const key = `${entry.category} ${entry.symbol}`;
      const other = `${entry.category === 'spot' ? 'linear' : 'spot'} ${entry.symbol}`;
      const before = toNumber(held.get(key) ?? zero);
      const against = toNumber(held.get(other) ?? zero);
      const change = Number(entry.quantity) * (entry.side === 'Buy' ? 1 : -1);
      held.set(key, add(held.get(key) ?? zero, decimal(String(change))));
      const grows = Math.abs(before + change) > Math.abs(before) + 1e-12;
      const mends = Math.abs(before + change + against) < Math.abs(before + against);
      const gate = forbidden.find(
        (one) => one.venue === name && one.fromMs < entry.atMs && entry.atMs <= one.toMs,
      );
      // Coins for the settlement of everything else are no risk of their own.
      const isStable = entry.symbol === 'USDCUSDT';
      if (gate !== undefined && grows && !mends && !isStable)
        found.push(`${gate.why} ${name} ${key} ${entry.side} ${entry.quantity} at ${entry.atMs}`);
    }
  }
  return found;
}

/** |spot + contracts| of a coin at a venue now, in quote coin at the market's mark. */
export function unhedgedUsd(stage: Stage, name: string, coin: string): number {
  const journal = stage.venue(name).journal();
  const symbol = `${coin}USDT`;
  const spot = toNumber(walletsIn(journal).get(coin) ?? zero);
  const contracts = toNumber(positionsIn(journal).get(symbol) ?? zero);
  return Math.abs(spot + contracts) * markAt(stage, name, symbol);
}

/** Differences between the ledger and the journals, and what had to be adjusted on the way; none: they are equal. */
export async function ledgerDifferences(stage: Stage): Promise<readonly string[]> {
  const { ports, policy, simulators } = stage;
  const report = await reconcileVenues(ports, policy, { adjust: true });
  const found = (report?.outstanding ?? []).map((one) => JSON.stringify(one));
  if (report === null) found.push('the portfolio was held by another');
  const transactions = await ports.ledger.transactions(policy.portfolio, {});
  for (const one of transactions.filter(({ kind }) => kind === 'adjustment'))
    found.push(`adjusted: ${JSON.stringify(one)}`);
  const book = applyTransactions(emptyBook, transactions);
  for (const [name, simulator] of simulators.byName) {
    const id = venueId(name);
    const journal = simulator.journal();
    const compare = (what: string, ours: number, theirs: number) => {
      if (Math.abs(ours - theirs) > 1e-6)
        found.push(`${name} ${what}: ledger ${ours}, journal ${theirs}`);
    };
    for (const [coin, amount] of walletsIn(journal))
      compare(`wallet ${coin}`, toNumber(venueWallet(book, id, coin)), toNumber(amount));
    for (const [coin, amount] of stakesIn(journal))
      compare(`lent ${coin}`, toNumber(positionOf(book, id, `earn:${coin}`)), toNumber(amount));
    for (const [symbol, quantity] of positionsIn(journal)) {
      const unified = `${symbol.replace(/USDT$/, '')}/USDT:USDT`;
      compare(`position ${symbol}`, toNumber(positionOf(book, id, unified)), toNumber(quantity));
    }
    const known = new Set((await bookedFills(stage, name)).map((fill) => fill.fillId));
    const missing = fillsIn(journal).filter((fill) => !known.has(fill.fillId));
    if (missing.length > 0) found.push(`${name}: fills not booked: ${JSON.stringify(missing)}`);
  }
  return found;
}

/** Fills that made a position larger between two times. */
export function increasesBetween(
  stage: Stage,
  name: string,
  fromMs: number,
  toMs: number,
): readonly string[] {
  return forbiddenIncreases(stage, [{ venue: name, why: 'fence', fromMs, toMs }]);
}

/** Contracts at a venue, unsigned, at the venue's own marks of now. */
export function grossUsd(stage: Stage, name: string): number {
  let gross = 0;
  for (const [symbol, quantity] of positionsIn(stage.venue(name).journal()))
    gross += Math.abs(toNumber(quantity)) * markAt(stage, name, symbol);
  return gross;
}

/** Wallets, lent coins and open gains at a venue, in USDT at the marks of now. */
export function worthUsd(stage: Stage, name: string): number {
  const journal = stage.venue(name).journal();
  const priceOf = (coin: string): number =>
    coin === 'USDT' ? 1 : stage.venue(name).priceOf('spot', `${coin}USDT`);
  let worth = -openCostIn(journal);
  for (const [coin, amount] of walletsIn(journal)) worth += toNumber(amount) * priceOf(coin);
  for (const [coin, amount] of stakesIn(journal)) worth += toNumber(amount) * priceOf(coin);
  for (const [symbol, quantity] of positionsIn(journal))
    worth += toNumber(quantity) * markAt(stage, name, symbol);
  return worth;
}

const markAt = (stage: Stage, name: string, symbol: string): number =>
  stage.venue(name).priceOf('linear', symbol);
