/**
 * A board of options in three figures, a month out: volatility at the money, 25-delta risk reversal, open puts ÷ calls.
 *
 * The forward delta of a strike (Black 1976) is N(d1), d1 = ln(F/K) / (σ√T) + σ√T/2 with its own mark volatility; the wings are
 * where d1 is ∓N⁻¹(0.75), linear between strikes out of the money, and maturities are joined in total variance. Nothing is
 * extrapolated beyond the strikes that are listed.
 */
import { constantMaturityVolatility, riskReversal } from './optionSkew.ts';
import { putCallRatio } from './ratios.ts';

export type BoardOption = {
  readonly option: 'call' | 'put';
  readonly strike: number;
  readonly deliveryMs: number;
  readonly underlyingPrice: number;
  readonly volatilityAnnual: number;
  readonly openInterest: number;
};

/** Null: the board does not say. */
export type BoardFigures = {
  readonly impliedAnnual: number | null;
  readonly riskReversal: number | null;
  readonly putCall: number | null;
};

const DAY_MS = 86_400_000;
const MATURITY_DAYS = 30;
/** Of the last day a volatility is mostly the way in which it was rounded. */
const DAYS_MIN = 2;
/** N⁻¹(0.75): a call of 25 delta has it as −d1, a put as d1. */
const QUARTER = 0.6744897501960817;

type Smile = {
  readonly days: number;
  readonly middle: number;
  readonly call: number | null;
  readonly put: number | null;
};

export function boardFigures(board: readonly BoardOption[], nowMs: number): BoardFigures {
  const open = (side: BoardOption['option']) =>
    board.reduce((sum, each) => (each.option === side ? sum + each.openInterest : sum), 0);
  const deliveries = [...new Set(board.map((each) => each.deliveryMs))].sort((a, b) => a - b);
  const smiles = deliveries.flatMap((deliveryMs) => {
    const days = (deliveryMs - nowMs) / DAY_MS;
    const found =
      days < DAYS_MIN
        ? null
        : smileOf(
            board.filter((each) => each.deliveryMs === deliveryMs),
            days,
          );
    return found === null ? [] : [found];
  });
  const call = atMaturity(smiles, (smile) => smile.call);
  const put = atMaturity(smiles, (smile) => smile.put);
  return {
    impliedAnnual: atMaturity(smiles, (smile) => smile.middle),
    riskReversal: call === null || put === null ? null : riskReversal(call, put),
    putCall: putCallRatio(open('put'), open('call')),
  };
}

type Point = { readonly x: number; readonly y: number };

function smileOf(options: readonly BoardOption[], days: number): Smile | null {
  const points = options.map((each) => {
    const deviation = each.volatilityAnnual * Math.sqrt(days / 365);
    const money = Math.log(each.underlyingPrice / each.strike);
    return { ...each, money, d1: money / deviation + deviation / 2 };
  });
  // Out of the money only: the other side's volatility is the same one seen through a wider spread.
  const out = points.filter((each) => (each.option === 'call' ? each.money <= 0 : each.money >= 0));
  const middle = between(
    out.map((each) => ({ x: each.money, y: each.volatilityAnnual })),
    0,
  );
  if (middle === null) return null;
  const wing = (side: BoardOption['option'], d1: number) =>
    between(
      out
        .filter((each) => each.option === side)
        .map((each) => ({ x: each.d1, y: each.volatilityAnnual })),
      d1,
    );
  return { days, middle, call: wing('call', -QUARTER), put: wing('put', QUARTER) };
}

/** Linear between the two nearest points around x; null where it lies outside them. */
function between(points: readonly Point[], x: number): number | null {
  let below: Point | null = null;
  let above: Point | null = null;
  for (const point of points) {
    if (point.x <= x && (below === null || point.x > below.x)) below = point;
    if (point.x >= x && (above === null || point.x < above.x)) above = point;
  }
  if (below === null || above === null) return null;
  if (above.x === below.x) return (below.y + above.y) / 2;
  return below.y + ((above.y - below.y) * (x - below.x)) / (above.x - below.x);
}

/** At thirty days; where all deliveries lie on one side of it, the nearest one's. */
function atMaturity(smiles: readonly Smile[], of: (smile: Smile) => number | null): number | null {
  const known = smiles.flatMap((smile) => {
    const volatility = of(smile);
    return volatility === null ? [] : [{ days: smile.days, volatility }];
  });
  const near = known.findLast((each) => each.days <= MATURITY_DAYS);
  const far = known.find((each) => each.days >= MATURITY_DAYS);
  if (near === undefined || far === undefined) return (near ?? far)?.volatility ?? null;
  if (near.days === far.days) return near.volatility;
  return constantMaturityVolatility(near, far, MATURITY_DAYS);
}
