/** The years, hour by hour: settle, look at every venue's margin, and every eight hours decide and fill what was approved. */

import { toNumber } from '../../src/domain/decimal.ts';
import type { Decision } from '../../src/domain/decision.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { PreviousDecision, Snapshot } from '../../src/domain/snapshot.ts';
import { bookScenarios, type Quantities, stressAt } from '../../src/parity/sizing/accounts.ts';
import { readBook } from '../../src/parity/sizing/book.ts';
import { decide } from '../../src/rebalance/decide.ts';
import { type History, hourMs, loadHistory } from './history.ts';
import { equityOf, marginDistance, type Paper, settle, trade } from './paper.ts';
import { shareGap } from './shareGap.ts';
import { type Books, kindOf, type Parts, previousOf, snapshotAt } from './snapshot.ts';

const openingUsd = 1_000_000;
const decideEveryHours = 8;

export type Year = {
  readonly name: string;
  readonly decisions: number;
  readonly traded: number;
  readonly grossMax: number;
  readonly forecastMean: number;
  readonly realised: number;
  /** Loss of equity from close to close, a share, positive. */
  readonly worstHour: number;
  /** Equity over maintenance, less one. */
  readonly marginDistanceMin: number;
  /** Of equity, left in the worst scenario after buffered maintenance, by what sizing wants. */
  readonly headroomMin: number;
  /** Traded at prices in a year, times the mean equity. */
  readonly turnover: number;
  /** Fees and spread in a year, of the mean equity. */
  readonly costShare: number;
  /** After trading: the most that a leg's share of the risk is off what sizing wants, mean over the decisions. */
  readonly shareGapMean: number;
  /** What held the book back most often. */
  readonly boundBy: string;
};

export type Run = {
  readonly years: readonly Year[];
  readonly breaches: number;
  readonly liquidations: number;
  readonly stood: Readonly<Record<string, number>>;
  readonly denied: Readonly<Record<string, number>>;
};

type Tally = {
  decisions: number;
  traded: number;
  grossMax: number;
  forecasts: number[];
  returns: number[];
  distance: number;
  headroom: number;
  bindings: Record<string, number>;
  tradedUsd: number;
  costUsd: number;
  equities: number[];
  shareGaps: number[];
};

const emptyTally = (): Tally => ({
  decisions: 0,
  traded: 0,
  grossMax: 0,
  forecasts: [],
  returns: [],
  distance: Number.POSITIVE_INFINITY,
  headroom: Number.POSITIVE_INFINITY,
  bindings: {},
  tradedUsd: 0,
  costUsd: 0,
  equities: [],
  shareGaps: [],
});

export async function runHistory(
  folder: string,
  policy: Policy,
  span: { readonly fromMs: number; readonly toMs: number; readonly symbols: readonly string[] },
  show: (line: string) => void,
): Promise<Run> {
  const history = await loadHistory(folder, policy, { ...span, yieldAnnual: 0.03 });
  const listed = (category: string) =>
    new Map(
      history.market.instruments.filter((i) => i.category === category).map((i) => [i.symbol, i]),
    );
  const venues = policy.venues.map(({ id }) => id);
  const paper: Paper = {
    cash: new Map(venues.map((id) => [id, openingUsd / venues.length])),
    held: new Map(),
    costUsd: 0,
  };
  const books: Books = { history, policy, paper, linear: listed('linear'), spot: listed('spot') };
  const tallies = new Map<string, Tally>();
  const count = { breaches: 0, liquidations: 0 };
  const stood: Record<string, number> = {};
  const denied: Record<string, number> = {};
  let parts: Parts = new Map();
  let previous: PreviousDecision | null = null;
  let equity = openingUsd;
  let peakUsd = openingUsd;
  for (let hour = policy.risk.historyBarsMin + 24; hour < history.hours; hour += 1) {
    const atMs = history.startMs + (hour + 1) * hourMs;
    const tally = tallyOf(tallies, String(new Date(atMs - 1).getUTCFullYear()));
    for (const venue of venues) {
      const distance = marginDistance(history, paper, venue, hour, books.linear);
      if (distance <= 0) count.liquidations += 1;
      tally.distance = Math.min(tally.distance, distance);
    }
    settle(history, paper, hour);
    const now = worth(history, paper, venues, hour);
    if (Number.isNaN(now)) throw new Error(`no equity at ${new Date(atMs).toISOString()}`);
    tally.returns.push(now / equity - 1);
    equity = now;
    peakUsd = Math.max(peakUsd, equity);
    if (atMs % (decideEveryHours * hourMs) !== 0) continue;
    level(history, paper, venues, hour, atMs);
    const snapshot = snapshotAt(books, hour, { parts, previous, peakUsd });
    const decision = decide(snapshot, policy);
    previous = previousOf(decision, previous);
    tally.decisions += 1;
    const at = new Date(atMs).toISOString();
    for (const { code, instrument, message } of decision.denials) {
      denied[code] = (denied[code] ?? 0) + 1;
      show(`${at} denied ${code} ${instrument}: ${message}`);
    }
    if (decision.kind === 'stand') stood[decision.code] = (stood[decision.code] ?? 0) + 1;
    const verdict = wanted(snapshot, policy, decision);
    if (verdict !== null) {
      if (verdict.breached) {
        count.breaches += 1;
        show(`${at} breached: headroom ${verdict.headroomShare} of ${verdict.worst}`);
      }
      tally.headroom = Math.min(tally.headroom, verdict.headroomShare);
    }
    note(tally, decision);
    tally.equities.push(equity);
    if (decision.kind === 'trade') {
      tally.traded += 1;
      const costUsd = paper.costUsd;
      parts = fillAll(books, decision, parts, hour);
      equity = worth(history, paper, venues, hour);
      tally.costUsd += paper.costUsd - costUsd;
      for (const order of decision.orders)
        if (order.style !== 'earn') tally.tradedUsd += order.notionalUsd;
    }
    const gap = shareGap(snapshot, policy, decision, parts);
    if (gap !== null) tally.shareGaps.push(gap);
  }
  return {
    years: [...tallies].map(([name, tally]) => yearOf(name, tally)),
    ...count,
    stood,
    denied,
  };
}

function tallyOf(tallies: Map<string, Tally>, name: string): Tally {
  const found = tallies.get(name) ?? emptyTally();
  tallies.set(name, found);
  return found;
}

const worth = (history: History, paper: Paper, venues: readonly string[], hour: number): number =>
  venues.reduce((sum, venue) => sum + equityOf(history, paper, venue, hour), 0);

/** On the first of a month a person levels the venues' equity, as far as free cash goes; the daemon moves none. */
function level(
  history: History,
  paper: Paper,
  venues: readonly string[],
  hour: number,
  atMs: number,
): void {
  const date = new Date(atMs);
  if (date.getUTCDate() !== 1 || date.getUTCHours() !== 0) return;
  const each = worth(history, paper, venues, hour) / venues.length;
  const [from, to] = [...venues].sort(
    (a, b) => equityOf(history, paper, b, hour) - equityOf(history, paper, a, hour),
  );
  if (from === undefined || to === undefined || from === to) return;
  const excess = equityOf(history, paper, from, hour) - each;
  const moved = Math.max(0, Math.min(excess, (paper.cash.get(from) ?? 0) / 2));
  paper.cash.set(from, (paper.cash.get(from) ?? 0) - moved);
  paper.cash.set(to, (paper.cash.get(to) ?? 0) + moved);
}

/** The stressed-margin rule on the book that sizing wants, whether its orders were worth sending or not. */
function wanted(snapshot: Snapshot, policy: Policy, decision: Decision) {
  const targets = decision.explanation?.instruments;
  const reading = readBook(snapshot, policy);
  if (targets === undefined || reading.kind === 'unknown') return null;
  // Coins that are bought to be lent are on their way; lent, they stand under their product.
  const quantities: Quantities = new Map(
    targets
      .filter((target) => target.parts.length > 0)
      .map((target) => [target.instrument, toNumber(target.targetBase)]),
  );
  const { book } = reading;
  const verdict = stressAt(book, quantities, bookScenarios(book), null);
  if (verdict.worst === null) return null;
  const venueUsd = book.venues.find(({ venue }) => venue === verdict.worst?.venue)?.equityUsd ?? 1;
  // A ten-thousandth of the equity is the rounding of lots.
  const headroomShare = verdict.worst.headroomUsd / venueUsd;
  const worst = `${verdict.worst.venue} in ${verdict.worst.scenario}`;
  return { breached: headroomShare < -1e-4, headroomShare, worst };
}

function note(tally: Tally, decision: Decision): void {
  const portfolio = decision.explanation?.portfolio;
  if (portfolio === undefined) return;
  tally.grossMax = Math.max(tally.grossMax, portfolio.grossLeverage);
  tally.forecasts.push(portfolio.forecastVolatilityAnnual);
  const code = portfolio.binding?.code ?? 'nothing';
  tally.bindings[code] = (tally.bindings[code] ?? 0) + 1;
}

/** Fills every approved order at the mark; a leg then holds its part of the target of what was traded. */
function fillAll(
  books: Books,
  decision: Extract<Decision, { kind: 'trade' }>,
  before: Parts,
  hour: number,
): Parts {
  const traded = new Set<string>();
  for (const order of decision.orders) {
    const sign = order.action === 'buy' || order.action === 'subscribe' ? 1 : -1;
    const { venue, symbol } = order;
    const quantity = sign * toNumber(order.quantityBase);
    const kind = kindOf(symbol);
    trade(books.history, books.paper, order.instrument, { kind, venue, symbol, quantity }, hour);
    traded.add(order.instrument);
  }
  const after = new Map([...before].map(([leg, held]) => [leg, new Map(held)]));
  for (const target of decision.explanation.instruments) {
    if (!traded.has(target.instrument)) continue;
    const wantedBase = target.parts.reduce((sum, part) => sum + part.targetBase, 0);
    const heldBase = books.paper.held.get(target.instrument)?.quantity ?? 0;
    const share = wantedBase === 0 ? 0 : heldBase / wantedBase;
    for (const { leg, targetBase } of target.parts) {
      const held = after.get(leg) ?? new Map<string, number>();
      held.set(target.instrument, targetBase * share);
      after.set(leg, held);
    }
  }
  return after;
}

function yearOf(name: string, tally: Tally): Year {
  const { decisions, traded, grossMax, forecasts, returns, distance, headroom, bindings } = tally;
  const { equities, shareGaps } = tally;
  const ofYear = returns.length / 8760;
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [most] = Object.entries(bindings).sort((a, b) => b[1] - a[1]);
  const share = most === undefined ? 0 : most[1] / Math.max(1, forecasts.length);
  return {
    name,
    decisions,
    traded,
    grossMax,
    forecastMean: mean(forecasts),
    realised: Math.sqrt(mean(returns.map((value) => value ** 2)) * 8760),
    worstHour: Math.max(...returns.map((value) => -value)),
    marginDistanceMin: distance,
    headroomMin: headroom,
    turnover: tally.tradedUsd / mean(equities) / ofYear,
    costShare: tally.costUsd / mean(equities) / ofYear,
    shareGapMean: mean(shareGaps),
    boundBy: `${most?.[0] ?? 'nothing'} (${(100 * share).toFixed(0)} %)`,
  };
}
