/** A decision that is recorded and carried out at once, and what the venue then holds of bitcoin. */
import { execute } from '../../src/rebalance/execute.ts';
import type { HeldLease } from '../../src/rebalance/ports/lease.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { positionsOf, type World } from '../simulation/world.ts';
import { btc, leaseOf, planned, recordTrade } from './given.ts';

export const run = async (
  ports: Ports,
  orders: Parameters<typeof recordTrade>[1] = [planned()],
  lease?: HeldLease,
): Promise<string> =>
  await execute(ports, await recordTrade(ports, orders), lease ?? (await leaseOf(ports)));

/** Signed base at the venue. */
export const bought = (world: World): number => positionsOf(world)[btc.id] ?? 0;
