/** The account through ccxt's unified balance and positions, with the venue's own totals where the profile names them. */
import { add, compare, type DecimalText, negate, zero } from '../../../domain/decimal.ts';
import type { AccountReading, CoinBalance } from '../../../domain/venue.ts';
import {
  amount,
  isRow,
  MalformedAnswer,
  number,
  optionalAmount,
  optionalNumber,
  optionalText,
  type Row,
  row,
  rows,
  text,
} from '../answer.ts';
import type { Session } from '../session.ts';
import { marketOf, toBase } from './market.ts';

/** Coins that count as one dollar where a venue states no total of its own; others then count for nothing. */
const DOLLAR_COINS = new Set(['USDT', 'USDC', 'USD', 'FDUSD', 'USDE']);

export type Figures = Pick<
  AccountReading,
  'equityUsd' | 'initialMarginUsd' | 'maintenanceMarginUsd' | 'coins'
>;

/** @param own the venue's own figures out of `fetchBalance().info`; absent: summed from coins and positions. */
export async function readAccount(
  session: Session,
  perpetuals: readonly string[],
  own?: (info: Row) => Figures,
): Promise<AccountReading> {
  const [balanceAnswer, positions, isHedge] = await Promise.all([
    session.read('balance', () => session.client.fetchBalance()),
    readPositionRows(session),
    isInHedgeMode(session, perpetuals),
  ]);
  const balance = row(balanceAnswer, 'balance');
  const figures =
    own === undefined ? summed(balance, positions) : own(row(balance['info'], 'balance'));
  return {
    ...figures,
    liquidationPrices: liquidationPricesIn(positions),
    positionMode: isHedge || positions.some(isHedged) ? 'hedge' : 'oneWay',
    marginMode: marginModeOf(session, positions),
  };
}

function summed(balance: Row, positions: readonly Row[]): Figures {
  const coins = coinsIn(balance);
  const sum = (field: string): number =>
    positions.reduce((total, position) => total + number(position, field, 'positions'), 0);
  const dollars = coins
    .filter(({ coin }) => DOLLAR_COINS.has(coin))
    .reduce((total, { wallet }) => total + Number(wallet), 0);
  return {
    equityUsd: dollars + sum('unrealizedPnl'),
    initialMarginUsd: sum('initialMargin'),
    maintenanceMarginUsd: sum('maintenanceMargin'),
    coins,
  };
}

/** Zero stands for none at some venues. */
function liquidationPricesIn(positions: readonly Row[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    positions.flatMap((position) => {
      const price = optionalNumber(position, 'liquidationPrice', 'positions');
      const symbol = text(position, 'symbol', 'positions');
      return price === null || price <= 0 ? [] : [[symbol, price] as const];
    }),
  );
}

function coinsIn(balance: Row): readonly CoinBalance[] {
  const total = row(balance['total'], 'balance: total');
  const free = row(balance['free'], 'balance: free');
  return Object.keys(total)
    .filter((coin) => optionalText(total, coin) !== null)
    .map((coin) => ({
      coin,
      wallet: amount(total, coin, 'balance'),
      free: optionalAmount(free, coin, 'balance') ?? zero,
    }));
}

/** Signed base quantities by symbol. */
export async function readPositions(
  session: Session,
): Promise<Readonly<Record<string, DecimalText>>> {
  await session.connect();
  const found: Record<string, DecimalText> = {};
  for (const position of await readPositionRows(session)) {
    const symbol = text(position, 'symbol', 'positions');
    const quantity = toBase(marketOf(session, symbol), amount(position, 'contracts', 'positions'));
    const side = text(position, 'side', 'positions');
    if (side !== 'long' && side !== 'short') {
      throw new MalformedAnswer(`positions: side must be long or short, was ${side}`);
    }
    found[symbol] = add(found[symbol] ?? zero, side === 'long' ? quantity : negate(quantity));
  }
  return found;
}

/** Rows that hold something; venues list flat ones without a side. */
async function readPositionRows(session: Session): Promise<readonly Row[]> {
  const answer = await session.read('positions', () => session.client.fetchPositions());
  return rows(answer, 'positions').filter((position) => {
    const contracts = optionalAmount(position, 'contracts', 'positions');
    return contracts !== null && compare(contracts, 0) !== 0;
  });
}

async function isInHedgeMode(session: Session, perpetuals: readonly string[]): Promise<boolean> {
  const { client, profile } = session;
  if (profile.hedgeMode === 'never' || client.has['fetchPositionMode'] !== true) return false;
  const what = 'position mode';
  const answer = await session.read(what, () => client.fetchPositionMode(perpetuals[0]));
  const mode = row(answer, what)['hedged'];
  if (typeof mode !== 'boolean')
    throw new MalformedAnswer(`${what} must say hedged, was ${String(mode)}`);
  return mode;
}

const isHedged = (position: Row): boolean => position['hedged'] === true;

function marginModeOf(session: Session, positions: readonly Row[]): AccountReading['marginMode'] {
  const modes = new Set(positions.map((position) => optionalText(position, 'marginMode')));
  if (modes.has('isolated')) return 'isolated';
  // Where each order says it, a flat account is in the mode of our orders.
  if (session.profile.marginMode === 'stated') return 'cross';
  return modes.size === 1 && modes.has('cross') ? 'cross' : 'unknown';
}

/** Leverage of an open position, null where the venue does not state it. */
export function leverageIn(answer: unknown): number | null {
  if (!isRow(answer)) return null;
  return (
    optionalNumber(answer, 'longLeverage', 'leverage') ??
    optionalNumber(answer, 'leverage', 'leverage')
  );
}
