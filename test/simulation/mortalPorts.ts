/** Ports that die: every call counts, and at the chosen one the process is killed, before or after the effect took place. */

import type { HeldLease } from '../../src/rebalance/ports/lease.ts';
import type { Venue } from '../../src/rebalance/ports/venue.ts';
import type { Ports } from '../../src/rebalance/ports.ts';

export class Killed extends Error {}

export type Death = {
  /** Number of the fatal call, from 1; 0: never. */
  readonly atCall: number;
  readonly when: 'before' | 'after';
};

export type Mortal = { readonly ports: Ports; readonly calls: readonly string[] };

export function mortalPorts(ports: Ports, death: Death): Mortal {
  const calls: string[] = [];
  let isDead = false;
  const die = (): never => {
    isDead = true;
    throw new Killed(`killed ${death.when} call ${death.atCall}`);
  };
  const mortal = <T extends object>(name: string, target: T): T =>
    new Proxy(target, {
      get(from, key) {
        const member: unknown = Reflect.get(from, key);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          // What a dead process still had in flight reaches nothing.
          if (isDead) throw new Killed('dead already');
          const call = calls.push(`${name}.${String(key)}`);
          if (call === death.atCall && death.when === 'before') die();
          const result: unknown = await Reflect.apply(member, from, args);
          if (call === death.atCall && death.when === 'after') die();
          if (isDead) throw new Killed('dead already');
          return isLease(result) ? mortal('lease', result) : result;
        };
      },
    });
  const venues = new Map(
    [...ports.venues].map(([id, venue]): [typeof id, Venue] => [
      id,
      { reader: mortal('reader', venue.reader), gateway: mortal('gateway', venue.gateway) },
    ]),
  );
  return {
    calls,
    ports: {
      ...ports,
      venues,
      decisions: mortal('decisions', ports.decisions),
      orders: mortal('orders', ports.orders),
      ledger: mortal('ledger', ports.ledger),
      state: mortal('state', ports.state),
      history: mortal('history', ports.history),
      lease: mortal('lease', ports.lease),
    },
  };
}

const isLease = (value: unknown): value is HeldLease =>
  typeof value === 'object' && value !== null && 'fencingNumber' in value;
