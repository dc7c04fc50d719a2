/** The writing port of one venue account: approved orders out, what became of them back. It never guesses. */
import type { ApprovedOrder } from '../../checks/approvedOrder.ts';
import { compare } from '../../domain/decimal.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { OperatingError } from '../../domain/operatingError.ts';
import type { OrderRecord } from '../../domain/order.ts';
import { invariant } from '../../math/invariant.ts';
import type {
  CancelOutcome,
  LookUpOutcome,
  OrderGateway,
  SendOutcome,
} from '../../rebalance/ports/venue.ts';
import { row, text } from './answer.ts';
import type { Dialect } from './dialect.ts';
import { cancelFault, sendFault } from './faults.ts';
import { requireExact } from './precision.ts';
import { earnOf } from './reader.ts';
import type { Session, WriteOptions } from './session.ts';
import type { Urgency } from './transport/limiter.ts';
import { marketOf, toContracts } from './unified/market.ts';

export function createGateway(session: Session, dialect: Dialect): OrderGateway {
  const { forgetsAfterMs, fillsListedMs } = session.profile;
  return {
    send: async (order, record, askedAtMs) => {
      requireSealed(order, record);
      // Connecting counts: what approved the order and holds the lease does not wait.
      const untilMs = session.writeUntilMs();
      const options = { untilMs, ...(askedAtMs === undefined ? {} : { askedAtMs }) };
      const notSent = await connectFault(session, record);
      if (notSent !== null) return notSent;
      try {
        const urgency = urgencyOf(order, record);
        const venueOrderId = await place(session, dialect, record, { urgency, options });
        return { kind: 'accepted', venueOrderId };
      } catch (error) {
        return sendFault(error, session.faults);
      }
    },
    lookUp: (record, instrument) => lookUp(session, dialect, record, instrument),
    cancel: (record, instrument, askedAtMs) =>
      cancel(session, dialect, { record, instrument, askedAtMs }),
    ...(dialect.deadMan === undefined ? {} : { deadMan: dialect.deadMan }),
    ...(dialect.transfers === undefined ? {} : { transfers: dialect.transfers }),
    fills: async (record, instrument) =>
      instrument.kind === 'earn'
        ? earnOf(session, dialect).fillsOf(record)
        : dialect.fillsOf(record, instrument),
    ...(forgetsAfterMs === null ? {} : { forgetsAfterMs }),
    ...(fillsListedMs === null ? {} : { fillsListedMs }),
    cancelAll: (instruments) => dialect.cancelAll(tradable(instruments)),
    prepare: (instruments, leverage) => dialect.prepare(tradable(instruments), leverage),
  };
}

const isEarnAction = (record: OrderRecord): boolean =>
  record.action === 'subscribe' || record.action === 'redeem';

const tradable = (instruments: readonly Instrument[]): readonly Instrument[] =>
  instruments.filter(({ kind }) => kind !== 'earn');

/** What is sent is what was approved, or less risky: never another instrument, more of it, or a worse price. */
function requireSealed(order: ApprovedOrder, record: OrderRecord): void {
  const { clientOrderId: id } = record;
  invariant(
    order.instrument === record.instrument && order.action === record.action,
    `order ${id} must be the approved one, was ${record.action} ${record.instrument}`,
  );
  invariant(
    compare(record.quantityBase, order.quantityBase) <= 0,
    `order ${id} must not exceed the approved ${order.quantityBase}, was ${record.quantityBase}`,
  );
  invariant(
    record.reduceOnly || !order.reduceOnly,
    `order ${id} must be reduce-only as approved, was not`,
  );
  if (order.limitPrice === null) return;
  const worse = record.limitPrice === null ? 1 : compare(record.limitPrice, order.limitPrice);
  const isWithin = record.action === 'sell' ? record.limitPrice !== null && worse >= 0 : worse <= 0;
  invariant(
    isWithin,
    `order ${id} must not be worse than the approved ${order.limitPrice}, was ${record.limitPrice}`,
  );
}

/** Without a connection nothing leaves: such an order is refused for certain, not unknown. */
async function connectFault(session: Session, record: OrderRecord): Promise<SendOutcome | null> {
  try {
    await session.connect();
    if (!isEarnAction(record)) marketOf(session, record.symbol);
    return null;
  } catch (error) {
    if (!(error instanceof OperatingError)) throw error;
    return { kind: 'rejected', code: 'NOT_CONNECTED', message: error.message };
  }
}

/** The share kept for cancels also serves what takes risk away where no flag says so: a spot sale, the rest of a half-done pair. */
const urgencyOf = (order: ApprovedOrder, record: OrderRecord): Urgency =>
  record.reduceOnly || order.risk === 'reduces' || record.purpose !== 'plan'
    ? 'protective'
    : 'normal';

/** @returns the venue's order id; an answer without one throws, and the order is then unknown. */
async function place(
  session: Session,
  dialect: Dialect,
  record: OrderRecord,
  { urgency, options }: { readonly urgency: Urgency; readonly options: WriteOptions },
): Promise<string> {
  if (isEarnAction(record)) {
    const earn = earnOf(session, dialect);
    return earn.orderIdIn(await earn.place(record, options));
  }
  const market = marketOf(session, record.symbol);
  requireExact(session, record, market);
  const price = record.limitPrice ?? undefined;
  const { clientId } = session.profile;
  const answer = await session.write(
    urgency,
    () =>
      session.client.createOrder(
        record.symbol,
        price === undefined ? 'market' : 'limit',
        record.action,
        toContracts(market, record.quantityBase),
        price,
        {
          [clientId.param]: clientId.encode(record.clientOrderId),
          ...timeInForce(record),
          ...(record.reduceOnly ? { reduceOnly: true } : {}),
          ...session.orderParams(),
        },
      ),
    options,
  );
  return text(row(answer, 'order'), 'id', 'order');
}

function timeInForce(record: OrderRecord): Readonly<Record<string, unknown>> {
  switch (record.timeInForce) {
    case 'ioc':
      return { timeInForce: 'IOC' };
    case 'postOnly':
      return { postOnly: true };
    case 'none':
      return {};
  }
}

/** How long a request may be on its way to a venue that never refuses a late one: as long as networks keep packets. */
const ON_THE_WAY_MS_MAX = 120_000;

async function lookUp(
  session: Session,
  dialect: Dialect,
  record: OrderRecord,
  instrument: Instrument,
): Promise<LookUpOutcome> {
  try {
    if (instrument.kind === 'earn') return await earnOf(session, dialect).lookUp(record);
    const outcome = await dialect.lookUp(record, instrument);
    return outcome.kind === 'absent' && mayStillArrive(session, record)
      ? { kind: 'unknown', reason: `${session.exchange} takes requests however late they are` }
      : outcome;
  } catch (error) {
    if (!(error instanceof OperatingError)) throw error;
    return { kind: 'unknown', reason: error.message };
  }
}

/** The line's settling time counts on the receive window; where there is none, absence is believed later. */
function mayStillArrive(session: Session, { sentAtMs, intendedAtMs }: OrderRecord): boolean {
  if (session.profile.lifetime.kind !== 'none') return false;
  return session.clock.nowMs() - (sentAtMs ?? intendedAtMs) < ON_THE_WAY_MS_MAX;
}

/** A subscription or redemption cannot be cancelled: it is left to a look-up. */
async function cancel(
  session: Session,
  dialect: Dialect,
  order: {
    readonly record: OrderRecord;
    readonly instrument: Instrument;
    readonly askedAtMs: number | undefined;
  },
): Promise<CancelOutcome> {
  const { record, instrument, askedAtMs } = order;
  if (instrument.kind === 'earn') return { kind: 'gone' };
  try {
    await session.connect();
    await session.write('protective', () => dialect.cancel(record), {
      endpoint: 'cancels',
      ...(askedAtMs === undefined ? {} : { askedAtMs }),
    });
    return { kind: 'cancelled' };
  } catch (error) {
    return cancelFault(error, session.faults);
  }
}
