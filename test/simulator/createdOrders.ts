/** How many orders the venue has made, by its journal: a request that was answered twice may have made one, or none. */
import type { Simulator } from '../../src/simulator/http/server.ts';

export const createdOrders = (simulator: Pick<Simulator, 'journal'>): number =>
  simulator.journal().filter((entry) => entry.kind === 'order' && entry.event === 'created').length;
