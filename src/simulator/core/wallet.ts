/**
 * The only way a coin balance changes: by an amount with a cause, written to the journal with the balance after it.
 *
 * A venue has one wallet for everything, or one for contracts and one for pairs and savings.
 */
import Big from 'big.js';
import { isDecimal } from './decimals.ts';
import type { BalanceChange } from './entries.ts';
import { record } from './history.ts';
import { type Refusal, refuse } from './refusal.ts';
import { nextId, type Venue } from './venue.ts';

export type WalletUse = 'contracts' | 'spot';

type Movement = {
  readonly coin: string;
  /** Absent: contracts. */
  readonly use?: WalletUse;
  readonly cause: BalanceChange['cause'];
  readonly cashFlow?: string;
  /** Paid. */
  readonly fee?: string;
  /** Received. */
  readonly funding?: string;
  readonly execId?: string;
  readonly positionAfter?: string;
  readonly reference?: string;
};

/** Coin to balance of the wallet that a use draws on. */
export function walletOf({ live, settings }: Venue, use: WalletUse): Record<string, string> {
  return use === 'spot' && settings.wallets === 'separate' ? live.spotWallets : live.wallets;
}

/** Moves cashFlow + funding - fee into the wallet of a coin; a wallet may go below zero (a loan). */
export function move(venue: Venue, movement: Movement): void {
  const { coin, use = 'contracts', cause, cashFlow = '0', fee = '0', funding = '0' } = movement;
  const { execId, positionAfter, reference } = movement;
  const wallet = walletOf(venue, use);
  const change = new Big(cashFlow).plus(funding).minus(fee);
  const balanceAfter = new Big(wallet[coin] ?? 0).plus(change).toFixed();
  wallet[coin] = balanceAfter;
  record(venue, {
    kind: 'balance',
    id: nextId(venue),
    coin,
    ...(wallet === venue.live.wallets ? {} : { wallet: 'spot' }),
    change: change.toFixed(),
    balanceAfter,
    cause,
    cashFlow,
    fee,
    funding,
    ...(execId === undefined ? {} : { execId }),
    ...(positionAfter === undefined ? {} : { positionAfter }),
    ...(reference === undefined ? {} : { reference }),
  });
}

/** @param free of the coin in the wallet that it leaves. @returns the id that both entries refer to. */
export function transferBetween(
  venue: Venue,
  { coin, amount, from, free }: { coin: string; amount: string; from: WalletUse; free: number },
): string | Refusal {
  if (!isDecimal(amount) || !new Big(amount).gt(0) || new Big(amount).round(8).cmp(amount) !== 0)
    return refuse('badParameter', `amount must be above 0 with at most 8 decimals, was ${amount}`);
  const held = new Big(walletOf(venue, from)[coin] ?? 0);
  if (held.lt(amount) || free < Number(amount))
    return refuse('insufficientBalance', `free ${free} ${coin}, wanted ${amount}`);
  const reference = nextId(venue);
  const to: WalletUse = from === 'spot' ? 'contracts' : 'spot';
  const cashFlow = new Big(amount).neg().toFixed();
  move(venue, { coin, use: from, cause: 'transfer', cashFlow, reference });
  move(venue, { coin, use: to, cause: 'transfer', cashFlow: amount, reference });
  return reference;
}
