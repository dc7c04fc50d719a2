/**
 * The life of an order as a table: kind × local state × what the venue says → next state and what follows.
 *
 * Every pair has exactly one row; who writes a state writes what this says. A record is `intended` from its commit until the
 * answer to its request is written down: a state `sent` would say no more, as a killed process leaves either.
 */
import type { OrderRecord, OrderState } from '../../domain/order.ts';
import { invariant } from '../../math/invariant.ts';
import { cancelRows } from './cancelRows.ts';
import { fillRows } from './fillRows.ts';
import { lookUpRows } from './lookUpRows.ts';
import { requestRows } from './requestRows.ts';
import {
  type Act,
  type Alert,
  kindOf,
  type LocalState,
  localStateOf,
  type OrderKind,
  type Row,
  type VenueAnswer,
} from './row.ts';

export const orderTable: readonly Row[] = [
  ...requestRows,
  ...lookUpRows,
  ...cancelRows,
  ...fillRows,
];

/** Every row of a triple; the table is whole when each has one. */
export const rowsFor = (kind: OrderKind, state: LocalState, answer: VenueAnswer): readonly Row[] =>
  orderTable.filter(
    (row) => row.kinds.includes(kind) && row.states.includes(state) && row.says.includes(answer),
  );

export type Transition = {
  readonly state: OrderState;
  readonly act: Act;
  readonly alert: Alert | null;
};

/** What the row of this record and this answer says. */
export function nextState(
  record: Pick<OrderRecord, 'action' | 'timeInForce' | 'state' | 'filledBase'>,
  answer: VenueAnswer,
): Transition {
  const kind = kindOf(record);
  const local = localStateOf(record);
  const [row] = rowsFor(kind, local, answer);
  invariant(row !== undefined, `the order table has a row, was ${kind} ${local} ${answer}`);
  const next = row.next === 'same' ? local : row.next;
  return { state: next === 'partly' ? 'working' : next, act: row.act, alert: row.alert ?? null };
}

/**
 * What an answer says where the order has been asked for anew since: a request that is over says nothing of the one that is out,
 * and what was not there before it was sent may be there now.
 */
export function ofNewerRequest(answer: VenueAnswer): VenueAnswer {
  switch (answer) {
    case 'refused':
    case 'notSent':
      return 'noAnswer';
    case 'notFound':
    case 'forgotten':
      return 'notFoundYet';
    case 'unlistedForHours':
      return 'movedUnlisted';
    default:
      return answer;
  }
}
