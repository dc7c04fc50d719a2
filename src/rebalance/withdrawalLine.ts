/** What a person has to take away from a venue that is to be left: the keys cannot withdraw, by design. */
import { add, type DecimalText, sign, zero } from '../domain/decimal.ts';
import { attempt } from './attempt.ts';
import type { VenueReader } from './ports/venue.ts';
import type { Ports } from './ports.ts';

const earnSymbol = /^earn:(.+)$/;

/** One line with every coin and amount; coins that are lent are to be redeemed before. */
export async function withdrawalLine(
  ports: Pick<Ports, 'clock'>,
  reader: VenueReader,
): Promise<string> {
  const [account, positions] = await Promise.all([
    attempt(ports, () => reader.account()),
    attempt(ports, () => reader.positions()),
  ]);
  const by = `withdraw from ${reader.id} by hand, the keys cannot`;
  if (account.kind === 'unknown') return `${by}: what lies there cannot be read now`;
  const held = new Map<string, DecimalText>();
  for (const { coin, wallet } of account.value.coins) held.set(coin, wallet);
  const lent: string[] = [];
  for (const [symbol, amount] of Object.entries(
    positions.kind === 'observed' ? positions.value : {},
  )) {
    const coin = earnSymbol.exec(symbol)?.[1];
    if (coin === undefined || sign(amount) <= 0) continue;
    held.set(coin, add(held.get(coin) ?? zero, amount));
    lent.push(coin);
  }
  const coins = [...held].filter(([, amount]) => sign(amount) > 0);
  if (coins.length === 0) return `${by}: nothing lies there`;
  const amounts = coins
    .map(([coin, amount]) => `${amount} ${coin}${lent.includes(coin) ? ' (partly lent)' : ''}`)
    .join(', ');
  return `${by}, once positions are closed: ${amounts}`;
}
