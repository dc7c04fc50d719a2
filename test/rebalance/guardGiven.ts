/** Given for the guard's tests: a ladder with round numbers, and accounts of known margin. */
import { decimal } from '../../src/domain/decimal.ts';
import { legId } from '../../src/domain/ids.ts';
import type { AccountReading } from '../../src/domain/venue.ts';
import { applyTransactions, emptyBook } from '../../src/ledger/book.ts';
import { reconcile } from '../../src/ledger/reconcile.ts';
import type { GuardLimits } from '../../src/margin/guard.ts';
import type { GuardSettings } from '../../src/rebalance/marginWatch.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { alpha, instruments } from '../simulation/instrumentsInMemory.ts';
import { createVenue } from '../simulation/venueInMemory.ts';
import type { World } from '../simulation/world.ts';
import { btc, eth, ethSpot, symbolNamed, withVenue } from './given.ts';

export const limits: GuardLimits = {
  ratioAt: { warn: 0.5, noIncrease: 0.7, deleverage: 0.8, flatten: 0.9 },
  distanceAt: { warn: 0.2, noIncrease: 0.15, deleverage: 0.1, flatten: 0.03 },
  releaseShare: 0.1,
  holdMs: 60_000,
};

export const settings: GuardSettings = { limits, periodMs: 5_000, leaseWaitMs: 2_000 };

/** The fence stands so long after it was raised. */
export const fenceMs = 3 * settings.periodMs + settings.leaseWaitMs;

/** The same venue with its account exchanged. */
export async function withAccount(ports: Ports, change: Partial<AccountReading>): Promise<Ports> {
  const account = await ports.venues.get(alpha)?.reader.account();
  if (account === undefined) throw new Error('the venue is there');
  return withVenue(ports, { reader: { account: async () => ({ ...account, ...change }) } });
}

/** What a leg holds, at the venue and in the ledger, opened at the marks. */
export function holdPerpetual(
  world: World,
  symbol: string,
  leg: string,
  quantityBase: number,
): void {
  const price = world.venue.prices.get(symbol) ?? 0;
  world.venue.positions.set(symbol, { quantity: quantityBase, cost: quantityBase * price });
  book(world, symbol, [
    { account: 'position', commodity: symbol, amount: quantityBase, leg },
    { account: 'contracts', commodity: 'USDT', amount: -quantityBase * price, leg },
  ]);
}

export const holdBitcoin = (world: World, quantityBase: number): void =>
  holdPerpetual(world, btc.symbol, 'btc', quantityBase);

/** Coins bought from the wallet's USDT, and the perpetual sold against them. */
export function holdCarry(world: World, quantityBase: number): void {
  const costUsd = quantityBase * (world.venue.prices.get(ethSpot.symbol) ?? 0);
  const { wallet } = world.venue;
  wallet.set('ETH', (wallet.get('ETH') ?? 0) + quantityBase);
  wallet.set('USDT', (wallet.get('USDT') ?? 0) - costUsd);
  book(world, ethSpot.symbol, [
    { account: 'wallet', commodity: 'ETH', amount: quantityBase, leg: 'eth-carry' },
    { account: 'wallet', commodity: 'USDT', amount: -costUsd, leg: null },
  ]);
  holdPerpetual(world, eth.symbol, 'eth-carry', -quantityBase);
}

type Given = Readonly<{
  account: 'position' | 'contracts' | 'wallet';
  commodity: string;
  amount: number;
  leg: string | null;
}>;

function book(world: World, symbol: string, given: readonly Given[]): void {
  const exact = (value: number) => decimal(Math.round(value * 1e8) / 1e8);
  world.rows.transactions.set(`given ${symbol}`, {
    id: `given ${symbol}`,
    kind: 'opening',
    venue: alpha,
    atMs: world.nowMs - 1,
    instrument: symbolNamed(symbol).id,
    rebalanceId: null,
    clientOrderId: null,
    postings: given.flatMap(({ account, commodity, amount, leg }) => [
      { account, commodity, amount: exact(amount), leg: leg === null ? null : legId(leg) },
      { account: 'external' as const, commodity, amount: exact(-amount), leg: null },
    ]),
  });
}

/** Where the ledger and the venue differ. */
export async function differences(world: World) {
  const clock = { nowMs: () => world.nowMs, sleep: async () => undefined };
  const { reader } = createVenue(world.venue, clock);
  const [account, positions] = await Promise.all([reader.account(), reader.positions()]);
  return reconcile(applyTransactions(emptyBook, [...world.rows.transactions.values()]), {
    venue: alpha,
    positions,
    coins: account.coins,
    quantityStepBase: Object.fromEntries(
      instruments.map((one) => [one.symbol, one.quantityStepBase]),
    ),
    usdByCoin: { USDT: 1, USDC: 1, ETH: 3_000 },
  });
}
