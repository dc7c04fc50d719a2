/**
 * Decision rules that other bots use, put between the line and the venue. `ours` changes nothing.
 *
 * Everything else stays: the record before the request, the checks, the reconciliation. What differs is only what an answer
 * that says nothing is taken for.
 */

import { readClientOrderId } from '../../src/domain/ids.ts';
import type { OrderGateway, Venue } from '../../src/rebalance/ports/venue.ts';

export const ruleNames = [
  'ours',
  'timeout-is-failure',
  'error-is-not-found',
  'new-id-on-resend',
] as const;
export type RuleName = (typeof ruleNames)[number];

export function underRules(rules: RuleName, venue: Venue): Venue {
  const gateway: Partial<OrderGateway> = wrappers[rules](venue.gateway);
  return { reader: venue.reader, gateway: { ...venue.gateway, ...gateway } };
}

const sendsMax = 3;

const wrappers: Readonly<Record<RuleName, (gateway: OrderGateway) => Partial<OrderGateway>>> = {
  ours: () => ({}),

  /** An order that got no answer was not sent: its quantity is free to be decided on again. */
  'timeout-is-failure': (gateway) => ({
    send: async (...args) => {
      const outcome = await gateway.send(...args);
      if (outcome.kind !== 'unknown') return outcome;
      return { kind: 'rejected', code: 'TIMEOUT', message: outcome.reason };
    },
  }),

  /**
   * An order whose look-up fails, or finds nothing, does not exist. As with any that was refused, a resting one has its next
   * attempt at once; the quantity of any other is decided on again by the next rebalance, as by those bots' next tick.
   */
  'error-is-not-found': (gateway) => ({
    lookUp: async (record, instrument) => {
      const outcome = await gateway.lookUp(record, instrument);
      if (outcome.kind === 'found') return outcome;
      return {
        kind: 'found',
        order: {
          clientOrderId: record.clientOrderId,
          venueOrderId: record.venueOrderId ?? 'none',
          instrument: record.instrument,
          state: 'rejected',
          quantityBase: record.quantityBase,
          filledBase: record.filledBase,
          createdAtMs: record.intendedAtMs,
        },
      };
    },
  }),

  /** The request goes again at once, as a new order; the last one sent is the one that is followed. */
  'new-id-on-resend': (gateway) => {
    const latest = new Map<string, string>();
    const followed = <R extends Parameters<OrderGateway['lookUp']>[0]>(record: R): R => ({
      ...record,
      clientOrderId: readClientOrderId(latest.get(record.clientOrderId) ?? record.clientOrderId),
    });
    return {
      send: async (order, record, ...rest) => {
        for (let resent = 0; ; resent += 1) {
          const id = resent === 0 ? record.clientOrderId : `r${resent}-${record.clientOrderId}`;
          latest.set(record.clientOrderId, id);
          const named = { ...record, clientOrderId: readClientOrderId(id) };
          const outcome = await gateway.send(order, named, ...rest);
          if (outcome.kind !== 'unknown' || resent + 1 === sendsMax) return outcome;
        }
      },
      lookUp: async (record, instrument) => {
        const outcome = await gateway.lookUp(followed(record), instrument);
        if (outcome.kind !== 'found') return outcome;
        return { ...outcome, order: { ...outcome.order, clientOrderId: record.clientOrderId } };
      },
      cancel: (record, ...rest) => gateway.cancel(followed(record), ...rest),
      fills: async (record, instrument) =>
        (await gateway.fills(followed(record), instrument)).map((fill) => ({
          ...fill,
          clientOrderId: record.clientOrderId,
        })),
    };
  },
};

/** The id that the plan gave, whatever a rule made of it. */
export const plannedId = (clientOrderId: string): string => clientOrderId.replace(/^r\d+-/, '');
