/** What a config asks of a venue that it cannot do: to lend without client ids, to be played by a simulator that does not speak it. */
import { canLend, earnExchanges } from '../domain/earnVenues.ts';
import { type Fault, found } from './fault.ts';
import type { Config } from './schema.ts';

/** Rounds of the margin watch that may fail before the switch fires. */
const ROUNDS_MIN = 3;

export const venueFaults = (config: Config): readonly Fault[] => [
  ...lendingFaults(config),
  ...deadManFaults(config),
  ...simulatorFaults(config),
];

/** What the simulator that is started beside the daemon can play. */
const played: readonly string[] = ['bybit', 'binance', 'binanceusdm'];

function simulatorFaults({ simulator, venues }: Config): readonly Fault[] {
  if (simulator === undefined) return [];
  return Object.entries(venues).flatMap(([name, { environment, exchange }]) => {
    if (environment !== 'simulated' || played.includes(exchange)) return [];
    const allowed = `one of ${played.join(', ')} beside the section simulator; without it, any exchange that a server at the endpoint speaks`;
    return [{ path: `venues.${name}.exchange`, found: found(exchange), allowed }];
  });
}

function lendingFaults({ legs, venues }: Config): readonly Fault[] {
  return legs.flatMap((leg, index) => {
    const exchange = venues[leg.venue]?.exchange;
    if (leg.kind !== 'lending' || exchange === undefined || canLend(exchange)) return [];
    const names = earnExchanges.join(', ');
    const allowed = `a venue whose earn orders take a client id (${names}); ${exchange} takes none: take the leg there, or hold the coin as a spot leg`;
    return [{ path: `legs.${index}.venue`, found: found(leg.venue), allowed }];
  });
}

function deadManFaults({ execution, watch }: Config): readonly Fault[] {
  const { deadManMs } = execution;
  const least = ROUNDS_MIN * watch.marginEveryMs;
  if (deadManMs === undefined || deadManMs >= least) return [];
  const allowed = `at least ${ROUNDS_MIN} times watch.marginEveryMs, ${least}`;
  return [{ path: 'execution.deadManMs', found: found(deadManMs), allowed }];
}
