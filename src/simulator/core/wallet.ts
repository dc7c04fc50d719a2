/**
 * The only way a coin balance changes: by an amount with a cause, written to the journal with the balance after it.
 */
import Big from 'big.js';
import type { BalanceChange } from './entries.ts';
import { record } from './history.ts';
import { nextId, type Venue } from './venue.ts';

type Movement = {
  readonly coin: string;
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

/** Moves cashFlow + funding - fee into the wallet of a coin; a wallet may go below zero (a loan). */
export function move(venue: Venue, movement: Movement): void {
  const { coin, cause, cashFlow = '0', fee = '0', funding = '0', ...links } = movement;
  const change = new Big(cashFlow).plus(funding).minus(fee);
  const balanceAfter = new Big(venue.live.wallets[coin] ?? 0).plus(change).toFixed();
  venue.live.wallets[coin] = balanceAfter;
  record(venue, {
    kind: 'balance',
    id: nextId(venue),
    coin,
    change: change.toFixed(),
    balanceAfter,
    cause,
    cashFlow,
    fee,
    funding,
    ...links,
  });
}
