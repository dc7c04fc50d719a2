/**
 * The exchange's own switches, apart from its matching: maintenance, withdrawals, its clock's error, the key's rights.
 */
import type { Permission } from './call.ts';

export type World = {
  /** Maintenance lasts until this time of the venue; null: none. */
  maintenanceUntilMs: number | null;
  /** Coins whose withdrawals are halted, with the end; null: until lifted. */
  withdrawalHalts: Record<string, number | null>;
  /** Error of the venue's clock as clients see it. */
  clockSkewMs: number;
  /** Rights of the key; 'withdraw' is the one that a client should refuse. */
  permissions: (Permission | 'withdraw')[];
  /** Venue time less machine time, so that a restart goes on from the same date. */
  clockOffsetMs: number;
  /** Hosts that requests were meant for, newest last, at most a hundred. */
  hosts: string[];
};

export function createWorld(): World {
  return {
    maintenanceUntilMs: null,
    withdrawalHalts: {},
    clockSkewMs: 0,
    permissions: ['read', 'trade', 'spotTrade', 'wallet', 'earn'],
    clockOffsetMs: 0,
    hosts: [],
  };
}

export function inMaintenance(world: World, nowMs: number): boolean {
  return world.maintenanceUntilMs !== null && nowMs < world.maintenanceUntilMs;
}

export function withdrawalHalted(world: World, coin: string, nowMs: number): boolean {
  const until = world.withdrawalHalts[coin];
  return until === null || (until !== undefined && nowMs < until);
}

export function noteHost(world: World, host: string): void {
  if (world.hosts.includes(host)) return;
  world.hosts.push(host);
  if (world.hosts.length > 100) world.hosts.shift();
}
