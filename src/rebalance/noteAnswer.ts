/**
 * Writes down what a venue said of an order, as the order table has it. The only place that moves a recorded order.
 *
 * Written only onto the state and the request that the writer knew: where another process has moved the row meanwhile, the
 * same answer is held against what it says now, and where it has asked anew, for what it says of the newer request. An alert
 * is recorded before the row that would hide its cause.
 */
import { compare } from '../domain/decimal.ts';
import { isTerminal, type OrderRecord, type OrderUpdate } from '../domain/order.ts';
import { nextState, ofNewerRequest } from '../execution/orderTable/nextState.ts';
import type { Act, Alert, VenueAnswer } from '../execution/orderTable/row.ts';
import type { Ports } from './ports.ts';

/** Others that write the same row at once: two processes, one of them frozen. */
const writersMax = 4;

/** What comes with an answer, beside its meaning for the state. */
export type AnswerFacts = Omit<OrderUpdate, 'state' | 'endedAtMs'>;

export type Noted = {
  readonly record: OrderRecord;
  /** What follows, by the table. */
  readonly act: Act;
  readonly hasChanged: boolean;
  /** More is filled than was known. */
  readonly hasGrown: boolean;
};

/** @param answer null: only what the facts say of fills. */
export async function noteAnswer(
  ports: Ports,
  record: OrderRecord,
  answer: VenueAnswer | null,
  facts: AnswerFacts = {},
): Promise<Noted> {
  let current = record;
  for (let writer = 1; writer <= writersMax; writer += 1) {
    const isNewer = current.sentAtMs !== record.sentAtMs;
    const said = isNewer && answer !== null ? ofNewerRequest(answer) : answer;
    const known = isNewer ? { ...facts, sentAtMs: current.sentAtMs } : facts;
    const { update, act, alerts, hasGrown } = judge(current, said, known, ports.clock.nowMs());
    const isMoved = current !== record;
    if (update === null) return { record: current, act, hasChanged: isMoved, hasGrown };
    for (const alert of alerts) await tell(ports, current, alert, update);
    const { isWritten, record: stored } = await ports.orders.update(
      record.clientOrderId,
      update,
      current,
    );
    if (isWritten) {
      if (isTerminal(stored.state) && !isTerminal(current.state)) {
        ports.reporter.orderEnded(stored.venue, stored.state);
      }
      return { record: stored, act, hasChanged: true, hasGrown };
    }
    current = stored;
  }
  return { record: current, act: 'asItStands', hasChanged: true, hasGrown: false };
}

type Judgement = {
  /** null: nothing to write. */
  readonly update: OrderUpdate | null;
  readonly act: Act;
  readonly alerts: readonly Alert[];
  readonly hasGrown: boolean;
};

/** More filled is an answer of its own, before what is said of the state. */
function judge(
  record: OrderRecord,
  answer: VenueAnswer | null,
  facts: AnswerFacts,
  nowMs: number,
): Judgement {
  const hasGrown =
    facts.filledBase !== undefined && compare(facts.filledBase, record.filledBase) > 0;
  const filledBase = hasGrown ? (facts.filledBase ?? record.filledBase) : record.filledBase;
  const fills = hasGrown ? nextState(record, 'moreFills') : null;
  const after = { ...record, filledBase, state: fills?.state ?? record.state };
  const said = answer === null ? null : nextState(after, answer);
  const state = said?.state ?? after.state;
  const act = said?.act ?? fills?.act ?? 'asItStands';
  const alerts = [...new Set([fills?.alert ?? [], said?.alert ?? []].flat())];
  const isNews = state !== record.state || (alerts.length > 0 && facts.reason !== undefined);
  const isStale = act === 'asItStands' && state === record.state && !hasGrown;
  const update = isStale
    ? {}
    : changed(record, {
        ...facts,
        // Why it is in its state belongs to the change of it, or to what a person is told.
        reason: isNews ? (facts.reason ?? null) : record.reason,
        state,
        filledBase,
        endedAtMs: isTerminal(state) ? (record.endedAtMs ?? nowMs) : null,
      });
  const isSame = Object.keys(update).length === 0;
  return { update: isSame ? null : update, act, alerts: isSame ? [] : alerts, hasGrown };
}

/** The fields that differ. */
const changed = (record: OrderRecord, update: OrderUpdate): OrderUpdate =>
  Object.fromEntries(
    Object.entries(update).filter(
      ([field, value]) => value !== undefined && record[field as keyof OrderUpdate] !== value,
    ),
  );

const events: Readonly<Record<Alert, string>> = {
  lateFill: 'lateFill',
  reappeared: 'orderReappeared',
  ambiguous: 'orderAmbiguous',
  forgotten: 'orderForgotten',
};

async function tell(
  ports: Ports,
  record: OrderRecord,
  alert: Alert,
  update: OrderUpdate,
): Promise<void> {
  const { clientOrderId, instrument, state, filledBase, rebalanceId } = record;
  const detail = {
    clientOrderId,
    instrument,
    recorded: state,
    filledBase,
    now: update.state ?? state,
    filledNowBase: update.filledBase ?? filledBase,
    ...(alert === 'forgotten' ? { reason: update.reason ?? null } : {}),
  };
  const event = events[alert];
  await ports.state.appendEvent(record.portfolio, event, detail, ports.clock.nowMs());
  ports.reporter.warn({ event, rebalanceId, ...detail });
}
