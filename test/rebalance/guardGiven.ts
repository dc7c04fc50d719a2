/** Given for the guard's tests: a ladder with round numbers, and accounts of known margin. */
import { decimal } from '../../src/domain/decimal.ts';
import type { AccountReading } from '../../src/domain/venue.ts';
import type { GuardLimits } from '../../src/margin/guard.ts';
import type { GuardSettings } from '../../src/rebalance/marginWatch.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { alpha } from '../simulation/venueInMemory.ts';
import type { World } from '../simulation/world.ts';
import { btc, policy, withVenue } from './given.ts';

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

/** Bitcoin held at the venue and in the ledger, as leg `btc`, opened at the mark. */
export function holdBitcoin(world: World, quantityBase: number): void {
  const price = world.venue.prices.get(btc.symbol) ?? 0;
  world.venue.positions.set(btc.symbol, {
    quantity: quantityBase,
    cost: quantityBase * price,
  });
  const leg = policy.legs[0]?.id ?? null;
  const amount = (value: number) => decimal(Math.round(value * 1e8) / 1e8);
  world.rows.transactions.set('given bitcoin', {
    id: 'given bitcoin',
    kind: 'opening',
    venue: alpha,
    atMs: world.nowMs - 1,
    instrument: btc.id,
    rebalanceId: null,
    clientOrderId: null,
    postings: [
      { account: 'position', commodity: btc.symbol, amount: amount(quantityBase), leg },
      { account: 'external', commodity: btc.symbol, amount: amount(-quantityBase), leg: null },
      { account: 'contracts', commodity: 'USDT', amount: amount(-quantityBase * price), leg },
      { account: 'external', commodity: 'USDT', amount: amount(quantityBase * price), leg: null },
    ],
  });
}
