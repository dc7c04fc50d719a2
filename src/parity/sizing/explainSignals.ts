/** What the signals of the markets were at a decision, per coin at a venue, in the units a person reads. */
import { toNumber } from '../../domain/decimal.ts';
import type { InstrumentTarget } from '../../domain/decision.ts';
import type { InstrumentSignals, Signal, UnderlyingSignals } from '../../domain/marketSignals.ts';
import type {
  BasisExplanation,
  LiquidityExplanation,
  UnderlyingExplanation,
} from '../../domain/signalsExplanation.ts';
import type { SignalsPolicy } from '../../domain/signalsPolicy.ts';
import { basisAnnual, basisState, zScoreOf } from '../../signals/basis.ts';
import { demandOf } from '../../signals/hedging/demandOf.ts';
import { turnoverRatio } from '../../signals/liquidity/illiquidity.ts';
import { daysToExit, squareRootImpact } from '../../signals/liquidity/impact.ts';
import type { Book, BookInstrument } from './book.ts';
import { carryOf, HORIZON_DAYS } from './carryGate.ts';
import { raiseShare, tradedOf } from './marketSigns.ts';

type Target = Pick<InstrumentTarget, 'instrument' | 'targetBase' | 'positionBase' | 'markUsd'>;

/** Nothing where signals were not asked for. */
export function explainSignals(
  book: Book,
  targets: readonly Target[],
): readonly UnderlyingExplanation[] {
  const { signals } = book.snapshot;
  const policy = book.policy.signals;
  if (signals === undefined || policy === undefined) return [];
  const markets = signals.instruments.flatMap((signs) => {
    const held = book.instrumentById.get(signs.instrument);
    return held === undefined ? [] : [{ signs, held }];
  });
  const subjects = new Map(
    markets.map(({ held: { instrument } }) => [
      `${instrument.venue}|${instrument.baseCoin}`,
      { venue: instrument.venue, coin: instrument.baseCoin },
    ]),
  );
  return [...subjects.values()].map(({ venue, coin }) => {
    const own = markets.filter(
      ({ held }) => held.instrument.venue === venue && held.instrument.baseCoin === coin,
    );
    const found = signals.underlyings.find((each) => each.venue === venue && each.coin === coin);
    const of = (kind: 'spot' | 'perpetual') =>
      own.find(({ held }) => held.instrument.kind === kind)?.held;
    const carry = carryOf(of('spot'), of('perpetual'));
    return {
      venue,
      underlying: coin,
      ...(found === undefined ? nothing : ofUnderlying(found, policy)),
      carryAnnual: carry?.annual ?? null,
      breakEvenDays: carry?.breakEvenDays ?? null,
      liquidity: own.map(({ signs, held }) => {
        const target = targets.find((each) => each.instrument === signs.instrument);
        return liquidityOf(book, policy, { signs, held, target });
      }),
      unread: [
        ...(found === undefined ? [] : unreadIn(found)),
        ...own.flatMap(({ signs }) => unreadIn(signs, `${signs.instrument} `)),
      ],
    };
  });
}

const nothing = { basis: null, demand: null, forecastRaiseShare: 0, impliedAnnual: null } as const;

function ofUnderlying(
  signs: UnderlyingSignals,
  policy: SignalsPolicy,
): Pick<UnderlyingExplanation, keyof typeof nothing> {
  const demand = demandOf(signs, policy.historyReadingsMin);
  const implied = signs.impliedAnnual;
  return {
    basis: basisOf(signs, policy),
    demand: demand.kind === 'scored' ? { score: demand.score, parts: demand.parts } : null,
    forecastRaiseShare: raiseShare(signs, policy),
    impliedAnnual: implied.kind === 'observed' ? implied.value.value : null,
  };
}

/** A future that is listed but was not read is not replaced by the perpetual: the figure would jump between two meanings. */
function basisOf(signs: UnderlyingSignals, policy: SignalsPolicy): BasisExplanation | null {
  const isDated = signs.futureBasis.kind !== 'notOffered';
  const found = isDated ? signs.futureBasis : signs.perpetualBasis;
  if (found.kind !== 'observed') return null;
  const { value, history } = found.value;
  const annual = isDated ? value : basisAnnual(value, HORIZON_DAYS);
  const score = zScoreOf(value, history, policy.historyReadingsMin);
  return {
    of: isDated ? 'future' : 'perpetual',
    annual,
    z: score.kind === 'zScore' ? score.z : null,
    state: basisState(annual, policy.basisFlatAnnual),
  };
}

function liquidityOf(
  book: Book,
  policy: SignalsPolicy,
  at: {
    readonly signs: InstrumentSignals;
    readonly held: BookInstrument;
    readonly target: Target | undefined;
  },
): LiquidityExplanation {
  const { signs, held, target } = at;
  const { quoteUsd } = held;
  const traded = observedOf(tradedOf(book, held));
  const raw = observedOf(signs.traded);
  const seen = observedOf(signs.book);
  const openUsd = usdOf(observedOf(signs.openInterestQuote), quoteUsd);
  const bases = target === undefined ? [] : [target.targetBase, target.positionBase];
  const quantityUsd =
    Math.max(0, ...bases.map((base) => Math.abs(toNumber(base)))) * (target?.markUsd ?? 0);
  const isTraded = traded !== null && traded.volumeDailyUsd > 0;
  const impact = isTraded
    ? squareRootImpact({ ...traded, quantityUsd, coefficient: policy.impactCoefficient })
    : null;
  return {
    instrument: signs.instrument,
    volumeDailyUsd: traded?.volumeDailyUsd ?? null,
    volatilityDaily: traded?.volatilityDaily ?? null,
    turnoverRatio:
      traded === null || openUsd === null ? null : turnoverRatio(traded.volumeDailyUsd, openUsd),
    spreadShare: seen?.spreadShare ?? null,
    depth10Usd: usdOf(seen?.depth10Quote ?? null, quoteUsd),
    depth50Usd: usdOf(seen?.depth50Quote ?? null, quoteUsd),
    amihudPerUsd: usdOf(raw?.amihudPerQuote ?? null, 1 / quoteUsd),
    kyleLambda: usdOf(raw?.kyleLambda ?? null, quoteUsd),
    impactBps: impact?.peakBps ?? null,
    exitDays:
      traded === null
        ? null
        : daysToExit(quantityUsd, traded.volumeDailyUsd, policy.exitParticipationShare),
  };
}

const observedOf = <T>(signal: Signal<T>): T | null =>
  signal.kind === 'observed' ? signal.value : null;

const usdOf = (value: number | null, quoteUsd: number): number | null =>
  value === null ? null : value * quoteUsd;

function unreadIn(signs: UnderlyingSignals | InstrumentSignals, prefix = ''): readonly string[] {
  return Object.entries(signs).flatMap(([part, signal]: [string, Signal<unknown> | string]) =>
    typeof signal === 'object' && signal.kind === 'unknown'
      ? [`${prefix}${part}: ${signal.reason}`]
      : [],
  );
}
