/**
 * What each leg held at the start of each past bar, by the ledger: today's holdings with later postings taken back.
 *
 * Valued at the bar's first price and today's unit. It is what past returns are multiplied with to say who really moved the
 * book; the bars before anything was held are left out.
 */
import { toNumber } from '../domain/decimal.ts';
import { exposures, type Leg } from '../domain/leg.ts';
import type { Policy } from '../domain/policy.ts';
import type { BookUnit, InstrumentObservation, Snapshot } from '../domain/snapshot.ts';
import { symbolOf, unitsOf } from '../ledger/commodity.ts';
import type { Transaction } from '../ledger/transaction.ts';
import { bookValue } from './bookValue.ts';
import { heldBaseOf } from './legHoldings.ts';
import type { Ports } from './ports.ts';

/** A month of hourly bars. */
const BARS_MAX = 720;

type Observation = {
  readonly lastBarCloseMs: number;
  readonly holdings: Snapshot['holdings'];
  readonly instruments: readonly InstrumentObservation[];
  readonly unit: BookUnit;
};

/** N legs × up to 720 bars, oldest first, signed as `heldUsdByLeg`; none: no leg held anything. */
export async function observeHeld(
  ports: Ports,
  policy: Policy,
  seen: Observation,
): Promise<NonNullable<Snapshot['heldUsdByLegByBar']>> {
  const { barMs, lookbackBars } = policy.risk;
  const bars = Math.min(lookbackBars, BARS_MAX);
  const startsMs = Array.from(
    { length: bars },
    (_, bar) => seen.lastBarCloseMs - (bars - bar) * barMs,
  );
  const sinceMs = startsMs[0] ?? seen.lastBarCloseMs;
  const transactions = await ports.ledger.transactions(policy.portfolio, { sinceMs });
  const byLeg = await Promise.all(
    policy.legs.map(async (leg) => {
      const held = heldAt(leg, heldBaseOf(seen.holdings, leg), transactions, startsMs);
      if (held.every((quantity) => quantity === 0)) return held;
      const prices = await pricesAt(ports, policy, { leg, seen, startsMs });
      return held.map((quantity, bar) => cents(quantity * (prices[bar] ?? 0)));
    }),
  );
  const first = startsMs.findIndex((_, bar) => byLeg.some((held) => held[bar] !== 0));
  return first < 0 ? [] : byLeg.map((held) => held.slice(first));
}

/** Never -0, which JSON would not give back. */
const cents = (usd: number): number => Math.round(usd * 100) / 100 + 0;

/** Base units of the leg's first exposure at each time. */
function heldAt(
  leg: Leg,
  nowBase: number,
  transactions: readonly Transaction[],
  timesMs: readonly number[],
): readonly number[] {
  const first = exposures(leg)[0];
  if (first === undefined) return timesMs.map(() => 0);
  const { kind, unit } = unitsOf(first.symbol);
  const account = kind === 'spot' ? 'wallet' : 'position';
  const changes = transactions
    .filter((one) => one.venue === leg.venue)
    .flatMap(({ atMs, postings }) =>
      postings
        .filter((one) => one.leg === leg.id && one.account === account && one.commodity === unit)
        .map(({ amount }) => ({ atMs, base: toNumber(amount) })),
    )
    .sort((a, b) => b.atMs - a.atMs);
  const size = changes.reduce((sum, { base }) => sum + Math.abs(base), Math.abs(nowBase));
  let held = nowBase;
  let next = 0;
  return timesMs
    .toReversed()
    .map((timeMs) => {
      for (; (changes[next]?.atMs ?? Number.NEGATIVE_INFINITY) > timeMs; next += 1) {
        held -= changes[next]?.base ?? 0;
      }
      // What is left of sums that cancel is rounding.
      return Math.abs(held) <= 1e-12 * size ? 0 : held;
    })
    .toReversed();
}

/** USD per base unit at each time; the next known one where there was no bar, today's after the last. */
async function pricesAt(
  ports: Ports,
  policy: Policy,
  at: { readonly leg: Leg; readonly seen: Observation; readonly startsMs: readonly number[] },
): Promise<readonly number[]> {
  const { seen, startsMs } = at;
  const { barMs } = policy.risk;
  const instrument = exposures(at.leg)[0]?.instrument;
  if (instrument === undefined) return [];
  const nowUsd = bookValue(instrument, seen.instruments, seen.unit) ?? 0;
  const { kind, coin } = unitsOf(symbolOf(instrument));
  const quoteUsd = seen.unit.kind === 'known' ? (seen.unit.usdByCoin[coin] ?? 0) : 0;
  const bars =
    kind === 'earn'
      ? []
      : await ports.history.bars(
          { instrument, kind: kind === 'perpetual' ? 'mark' : 'last', barMs },
          (startsMs[0] ?? 0) - barMs,
          seen.lastBarCloseMs,
        );
  const closes = new Map(bars.map((bar) => [bar.openMs + barMs, bar.close * quoteUsd]));
  let price = nowUsd;
  return startsMs
    .toReversed()
    .map((startMs) => {
      price = closes.get(startMs) ?? price;
      return price;
    })
    .toReversed();
}
