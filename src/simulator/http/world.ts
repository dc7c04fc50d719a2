/**
 * The exchange's own switches, apart from its matching: maintenance, deposits and withdrawals, its insurance pool, its clock's
 * error, the key's rights, and what is to befall it later.
 */

/** Who may make a call: anybody, or a key with that right. */
export type Permission = 'public' | 'read' | 'trade' | 'spotTrade' | 'wallet' | 'earn';

/** Deposits or withdrawals of a coin over a chain. */
export type Passage = {
  readonly way: 'withdraw' | 'deposit';
  readonly coin: string;
  readonly chain: string;
};

export type Draw = {
  readonly coin: string;
  /** Of what was in the pool. */
  readonly share: number;
  readonly fromMs: number;
  readonly overMs: number;
};

export type World = {
  /** The venue that the account is one of; null: written before there were several. */
  dialect: string | null;
  /** Maintenance lasts until this time of the venue; null: none. */
  maintenanceUntilMs: number | null;
  /** What is shut, `withdraw:USDT:ETH`, with the end; null: until lifted. */
  shut: Record<string, number | null>;
  /** Withdrawal fee by coin, in the coin; 1 where none is named. */
  withdrawalFees: Record<string, number>;
  insuranceDraws: Draw[];
  /** Error of the venue's clock as clients see it. */
  clockSkewMs: number;
  /** When that error ends; null: when it is set again. */
  clockSkewUntilMs: number | null;
  /** Rights of the key; 'withdraw' is the one that a client should refuse. */
  permissions: (Permission | 'withdraw')[];
  /** Venue time less machine time, so that a restart goes on from the same date. */
  clockOffsetMs: number;
  /** Hosts that requests were meant for, newest last, at most a hundred. */
  hosts: string[];
  /** Faults that are to come, as they were asked for, by time. */
  coming: { readonly atMs: number; readonly fault: unknown }[];
};

export function createWorld(): World {
  return {
    dialect: null,
    maintenanceUntilMs: null,
    shut: {},
    withdrawalFees: {},
    insuranceDraws: [],
    clockSkewMs: 0,
    clockSkewUntilMs: null,
    permissions: ['read', 'trade', 'spotTrade', 'wallet', 'earn'],
    clockOffsetMs: 0,
    hosts: [],
    coming: [],
  };
}

export function inMaintenance(world: World, nowMs: number): boolean {
  return world.maintenanceUntilMs !== null && nowMs < world.maintenanceUntilMs;
}

/** The venue's time as its clients see it. */
export function shownMs(world: World, nowMs: number): number {
  const isOver = world.clockSkewUntilMs !== null && nowMs >= world.clockSkewUntilMs;
  return nowMs + (isOver ? 0 : world.clockSkewMs);
}

/** Chains over which a coin moves: a native one, or two of the common ones. */
export function chainsOf(coin: string): readonly string[] {
  const native: Readonly<Record<string, string>> = { BTC: 'BTC', SOL: 'SOL', XRP: 'XRP' };
  const own = native[coin];
  return own === undefined ? ['ETH', coin === 'USDT' ? 'TRX' : 'ARBI'] : [own];
}

export function passageKey({ way, coin, chain }: Passage): string {
  return `${way}:${coin}:${chain}`;
}

export function isShut(world: World, passage: Passage, nowMs: number): boolean {
  const until = world.shut[passageKey(passage)];
  return until === null || (until !== undefined && nowMs < until);
}

const insurancePools: Readonly<Record<string, number>> = { USDT: 150e6, USDC: 5e6 };

/** The insurance pools now, coin to balance. */
export function insuranceAt(world: World, nowMs: number): Readonly<Record<string, number>> {
  const pools = Object.entries(insurancePools).map(([coin, start]) => {
    const left = world.insuranceDraws
      .filter((draw) => draw.coin === coin)
      .reduce((balance, draw) => balance * (1 - draw.share * drawn(draw, nowMs)), start);
    return [coin, left] as const;
  });
  return Object.fromEntries(pools);
}

function drawn({ fromMs, overMs }: Draw, nowMs: number): number {
  if (nowMs <= fromMs) return overMs > 0 || nowMs < fromMs ? 0 : 1;
  return nowMs - fromMs < overMs ? (nowMs - fromMs) / overMs : 1;
}

export function noteHost(world: World, host: string): void {
  if (world.hosts.includes(host)) return;
  world.hosts.push(host);
  if (world.hosts.length > 100) world.hosts.shift();
}
