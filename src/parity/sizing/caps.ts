/**
 * The linear caps on the legs' notionals: coefficients · notionals ≤ limit, each with what would lift it.
 *
 * Gross leverage, legs, liquidity, quota; per venue cash, initial margin and capital at risk; per stablecoin its issuer. Caps
 * look at the legs before netting, which can only lower what they use.
 */
import type { Binding } from '../../domain/decision.ts';
import { exposures, type Leg } from '../../domain/leg.ts';
import type { Book, BookVenue } from './book.ts';
import { capitalPerUsd } from './capital.ts';
import { collateralElsewhereUsd, wholeAtVenue } from './custody.ts';
import { volumeCaps } from './liquidityCap.ts';
import { issuerCoin } from './riskInput.ts';

export type Cap = {
  readonly code: Binding['code'];
  /** Per USD of each leg's unsigned notional, universe order, never below 0. */
  readonly coefficients: readonly number[];
  readonly limitUsd: number;
  readonly lifts: string;
};

/** A book is taken to refill at its best prices within this time; turns depth into what can leave before a deadline. */
const BOOK_REFILL_MS = 10_000;

/** All caps, the narrower before the wider, so that whoever cuts one by one does not cut a leg for another's excess. @param heldUsd unsigned, universe order. */
export function linearCaps(book: Book, heldUsd: readonly number[]): readonly Cap[] {
  return [
    ...book.legs.flatMap((leg, index) => legCaps(book, leg, index, heldUsd[index] ?? 0)),
    ...issuerCaps(book, heldUsd),
    ...book.venues.flatMap((venue) => venueCaps(book, venue)),
    grossCap(book),
  ];
}

export function usedUsd(cap: Cap, notionalsUsd: readonly number[]): number {
  return cap.coefficients.reduce((sum, each, index) => sum + each * (notionalsUsd[index] ?? 0), 0);
}

function grossCap(book: Book): Cap {
  const { grossLeverageMax } = book.policy.sizing;
  return {
    code: 'GROSS_LEVERAGE',
    coefficients: book.legs.map((leg) => capitalPerUsd(book, leg).grossUsd),
    limitUsd: grossLeverageMax * book.equityUsd,
    lifts: `sizing.grossLeverageMax above ${grossLeverageMax}, or more equity`,
  };
}

function legCaps(book: Book, leg: Leg, index: number, heldUsd: number): readonly Cap[] {
  const { sizing } = book.policy;
  const own = (code: Binding['code'], limitUsd: number, lifts: string): Cap => ({
    code,
    coefficients: book.legs.map((_, at) => (at === index ? 1 : 0)),
    limitUsd,
    lifts,
  });
  const caps = [
    own(
      'LEG_CAP',
      sizing.legShareMax * book.equityUsd,
      `sizing.legShareMax above ${sizing.legShareMax}, or more equity`,
    ),
  ];
  const liquidityUsd = exitCapacityUsd(book, leg);
  if (liquidityUsd !== null) {
    // A book that has gone thin stops growth; selling into it is what the cap is there to avoid.
    caps.push(
      own(
        'LIQUIDITY',
        Math.max(liquidityUsd, heldUsd),
        'deeper books, or a higher execution.participationShareMax',
      ),
    );
  }
  for (const { limitUsd, lifts } of volumeCaps(book, leg)) {
    caps.push(own('LIQUIDITY', Math.max(limitUsd, heldUsd), lifts));
  }
  const quotaUsd = leg.kind === 'lending' ? earnCapacityUsd(book, leg, heldUsd) : null;
  if (quotaUsd !== null) caps.push(own('QUOTA', quotaUsd, `quota for ${leg.id} at the venue`));
  return caps;
}

/** What can be sold within one decision's deadline at the allowed share of the depth; null: no book is involved. */
function exitCapacityUsd(book: Book, leg: Leg): number | null {
  const { participationShareMax, deadlineMs } = book.policy.execution;
  const refills = Math.max(1, deadlineMs / BOOK_REFILL_MS);
  const depths = exposures(leg).flatMap(({ instrument }) => {
    const seen = book.instrumentById.get(instrument);
    return seen === undefined || seen.instrument.kind === 'earn' ? [] : [seen.depthUsd];
  });
  return depths.length === 0 ? null : Math.min(...depths) * participationShareMax * refills;
}

/** An earn product that is unknown or closed takes nothing new. */
function earnCapacityUsd(book: Book, leg: Leg, heldUsd: number): number | null {
  const first = exposures(leg)[0];
  const product = first === undefined ? undefined : book.instrumentById.get(first.instrument);
  const reading = product?.observation.yield;
  if (reading?.kind !== 'observed' || !reading.value.available) return heldUsd;
  const { quotaBase } = reading.value;
  return quotaBase === null ? null : heldUsd + quotaBase * (product?.markUsd ?? 0);
}

function venueCaps(book: Book, venue: BookVenue): readonly Cap[] {
  const { sizing, legs } = { sizing: book.policy.sizing, legs: book.legs };
  const per = (use: (capital: ReturnType<typeof capitalPerUsd>) => number) =>
    legs.map((leg) => (leg.venue === venue.venue ? use(capitalPerUsd(book, leg)) : 0));
  const share = sizing.initialMarginShareMax;
  const { defaultProbabilityAnnual } = venue.observation.health;
  const { limitUsd: venueUsdMax } = wholeAtVenue(book, venue);
  return [
    {
      code: 'CASH',
      coefficients: per((capital) => capital.fundedUsd + capital.initialMarginUsd),
      limitUsd: sizing.usableEquityShare * venue.equityUsd,
      lifts: `more equity at ${venue.venue}, or sizing.usableEquityShare above ${sizing.usableEquityShare}`,
    },
    {
      code: 'INITIAL_MARGIN',
      coefficients: per((capital) => capital.initialMarginUsd + share * capital.unmarginedUsd),
      limitUsd: share * venue.equityUsd,
      lifts: `more equity at ${venue.venue}, or sizing.initialMarginShareMax above ${share}`,
    },
    {
      code: 'VENUE_CAP',
      coefficients: per((capital) => capital.venueUsd),
      limitUsd: venueUsdMax,
      lifts:
        venueUsdMax < sizing.venueShareMax * book.equityUsd
          ? `a sounder ${venue.venue} (default probability ${defaultProbabilityAnnual} a year), or a larger sizing.venueLossBudgetShare`
          : `sizing.venueShareMax above ${sizing.venueShareMax}, or another venue`,
    },
  ];
}

/** What lies idle in a coin takes room from the legs in it; where it leaves none, it forces none out: that would not lower it. */
function issuerCaps(book: Book, heldUsd: readonly number[]): readonly Cap[] {
  const { issuerShareMax } = book.policy.sizing;
  const coins = book.legs.map((leg) => issuerCoin(book, leg));
  const issuers = [...new Set(coins.filter((coin) => coin !== null))];
  return issuers.map((issuer) => {
    const wholeUsd = issuerShareMax * book.equityUsd;
    const roomUsd = wholeUsd - collateralElsewhereUsd(book, issuer);
    const heldInUsd = heldUsd.reduce((sum, usd, at) => (coins[at] === issuer ? sum + usd : sum), 0);
    return {
      code: 'ISSUER_CAP',
      coefficients: coins.map((coin) => (coin === issuer ? 1 : 0)),
      limitUsd: roomUsd >= 0 ? roomUsd : Math.min(wholeUsd, heldInUsd),
      lifts: `sizing.issuerShareMax above ${issuerShareMax}, another stablecoin than ${issuer}, or less collateral in it elsewhere`,
    };
  });
}
