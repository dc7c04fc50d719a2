/**
 * Ports whose process kills itself: SIGKILL before or after the chosen call, with all that was in flight left as it is.
 *
 * The in-memory model of it is `test/simulation/mortalPorts.ts`; this one leaves a real process's remains.
 */
import { writeSync } from 'node:fs';
import type { HeldLease } from '../../src/rebalance/ports/lease.ts';
import type { Venue } from '../../src/rebalance/ports/venue.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import type { Death } from './deaths.ts';

/** @param death null: it lives on. */
export function mortalPorts(ports: Ports, death: Death | null): Ports {
  if (death === null || death.kind === 'time') return ports;
  let calls = 0;
  let ofEffect = 0;
  const isFatal = (name: string): boolean => {
    calls += 1;
    if (death.kind === 'call') return calls === death.call;
    // An effect that this life has no use for: it dies all the same, or the world would never end.
    if (calls === death.callsMax) return true;
    if (name !== death.effect) return false;
    ofEffect += 1;
    return ofEffect === death.nth;
  };
  const die = (name: string): void => {
    // Written at once: nothing that is buffered leaves a killed process.
    writeSync(1, `${JSON.stringify({ event: 'dying', name, when: death.when })}\n`);
    process.kill(process.pid, 'SIGKILL');
  };
  const mortal = <T extends object>(name: string, target: T): T =>
    new Proxy(target, {
      get(from, key) {
        const member: unknown = Reflect.get(from, key);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          const call = `${name}.${String(key)}${subjectOf(args)}`;
          const fatal = isFatal(call);
          if (fatal && death.when === 'before') die(call);
          const result: unknown = await Reflect.apply(member, from, args);
          if (fatal && death.when === 'after') die(call);
          return isLease(result) ? mortal('lease', result) : result;
        };
      },
    });
  const venues = new Map(
    [...ports.venues].map(([id, venue]): [typeof id, Venue] => [
      id,
      {
        reader: mortal('reader', venue.reader),
        gateway: mortal('gateway', withMortalTransfers(venue.gateway, mortal)),
      },
    ]),
  );
  return {
    ...ports,
    venues,
    decisions: mortal('decisions', ports.decisions),
    orders: mortal('orders', ports.orders),
    ledger: mortal('ledger', ports.ledger),
    state: mortal('state', ports.state),
    lease: mortal('lease', ports.lease),
  };
}

type Mortal = <T extends object>(name: string, target: T) => T;

function withMortalTransfers(gateway: Venue['gateway'], mortal: Mortal): Venue['gateway'] {
  const { transfers } = gateway;
  return transfers === undefined
    ? gateway
    : { ...gateway, transfers: mortal('transfers', transfers) };
}

/** What an order's effect is of, where it is of no market: as a suffix, so that such effects have turns of their own. */
function subjectOf(args: readonly unknown[]): string {
  const action = args.map(actionIn).find((one) => one !== null);
  if (action === 'transfer') return ' of a transfer';
  return action === 'subscribe' || action === 'redeem' ? ' of savings' : '';
}

const actionIn = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'action' in value ? value.action : null;

const isLease = (value: unknown): value is HeldLease =>
  typeof value === 'object' && value !== null && 'fencingNumber' in value;
