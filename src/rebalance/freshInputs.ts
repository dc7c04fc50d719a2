/** What the checks must know anew before each request: time, halt, quote, position, message rate. */
import type { FreshInputs } from '../checks/reapprove.ts';
import { add, negate } from '../domain/decimal.ts';
import { type Observed, observed, unknown } from '../domain/observed.ts';
import { OperatingError } from '../domain/operatingError.ts';
import type { Quote } from '../domain/snapshot.ts';
import { type ExecutionContext, instrumentOf, venueOf, type Work } from './executionContext.ts';
import { freshGuards, type Guards } from './guards.ts';
import { oneForOne } from './observeMarket.ts';

/** The decision's own quote still stands for the first request when it is no older than this. */
const quoteReuseMs = 2_000;

export async function freshInputs(
  context: ExecutionContext,
  work: Work,
  guards: Guards,
): Promise<FreshInputs> {
  const { ports, record } = context;
  const { policy, snapshot } = record;
  const quote = await quoteNow(context, work, ports.clock.nowMs());
  // The venue may have taken its time.
  const fresh = await freshGuards(context, [work.order], guards);
  const { halt, sentLastMinute, venueStates } = fresh;
  const nowMs = ports.clock.nowMs();
  const venue = snapshot.venues.find((one) => one.id === work.order.venue);
  return {
    nowMs,
    deadlineMs: context.deadlineMs,
    halted: halt.halted,
    haltReason: halt.reason,
    noIncrease: (fresh.increasesUntilMs ?? 0) <= nowMs || (fresh.fencedUntilMs ?? 0) > nowMs,
    instrument: instrumentOf(context, work.order.instrument),
    quote,
    // Coins come and go within a stage: the venue itself refuses what is not there.
    freeByCoin: null,
    venueState: venueStates.get(work.order.venue) ?? venue?.health.state ?? 'unknown',
    ordersLastMinute: sentLastMinute.get(work.order.venue) ?? 0,
    positionBase: positionNow(context, work),
    unknownOrderInInstrument: [...context.attempts.values()].some(
      (one) => one.instrument === work.order.instrument && one.state === 'unknown',
    ),
    clockOffsetMs: venue?.clockOffsetMs ?? unknown('the venue is not in the snapshot'),
    limits: policy.limits,
    purpose: work.purpose,
  };
}

async function quoteNow(
  context: ExecutionContext,
  work: Work,
  nowMs: number,
): Promise<Observed<Quote>> {
  const instrument = instrumentOf(context, work.order.instrument);
  const known = context.record.snapshot.instruments.find(
    (one) => one.instrument.id === instrument.id,
  );
  if (instrument.kind === 'earn') return observed(oneForOne, nowMs);
  const isFirst = work.records.length === 0 && known?.quote.kind === 'observed';
  if (isFirst && nowMs - known.quote.observedAtMs <= quoteReuseMs) return known.quote;
  try {
    const quote = await venueOf(context, work.order).reader.quote(instrument);
    return observed(quote, context.ports.clock.nowMs());
  } catch (error) {
    if (!(error instanceof OperatingError)) throw error;
    return unknown(error.message);
  }
}

/** The snapshot's position and what the orders of this rebalance have filled of it since. */
function positionNow(context: ExecutionContext, work: Work): FreshInputs['positionBase'] {
  const { order } = work;
  const known = context.record.snapshot.instruments.find(
    (one) => one.instrument.id === order.instrument,
  )?.positionBase;
  if (known === undefined || known.kind === 'unknown')
    return known ?? unknown('not in the snapshot');
  const after = [...context.attempts.values()]
    .filter((one) => one.instrument === order.instrument)
    .reduce(
      (sum, { action, filledBase }) =>
        add(sum, action === 'buy' || action === 'subscribe' ? filledBase : negate(filledBase)),
      known.value,
    );
  return observed(after, context.ports.clock.nowMs());
}
