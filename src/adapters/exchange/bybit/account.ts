/** The unified account: equity, margins, wallets, modes and positions, from the venue's own figures. */
import {
  add,
  type DecimalText,
  decimal,
  minimum,
  negate,
  sign,
  subtract,
  zero,
} from '../../../domain/decimal.ts';
import type { AccountReading, CoinBalance } from '../../../domain/venue.ts';
import {
  amount,
  MalformedAnswer,
  number,
  optionalAmount,
  optionalNumber,
  type Row,
  row,
  rows,
  text,
} from '../answer.ts';
import { callImplicit } from '../ccxtClient.ts';
import type { Session } from '../session.ts';
import { marketOf, symbolOf } from '../unified/market.ts';
import { readRows, resultOf } from './rows.ts';

/** Coins in which linear perpetuals settle. */
export const SETTLE_COINS = ['USDT', 'USDC'] as const;
/** A mode that was seen holds that long: only a person can change it, and only while flat. */
const MODE_AGE_MS_MAX = 300_000;

export type PositionRow = {
  readonly id: string;
  readonly positionIdx: number;
  /** Signed contracts, which are base coins here. */
  readonly quantity: DecimalText;
  readonly leverage: number | null;
  /** null: no price liquidates it, or the venue leaves it out. */
  readonly liquidationPrice: number | null;
};

export type ModeCache = Map<string, { readonly isHedge: boolean; readonly seenAtMs: number }>;

export async function readAccount(
  session: Session,
  perpetuals: readonly string[],
  modes: ModeCache,
): Promise<AccountReading> {
  const [wallet, info, isHedge, liquidationPrices] = await Promise.all([
    readWallet(session),
    readAccountInfo(session),
    isInHedgeMode(session, perpetuals, modes),
    readLiquidationPrices(session),
  ]);
  const what = 'wallet balance';
  // Empty outside cross margin.
  const marginBalanceUsd = optionalNumber(wallet, 'totalMarginBalance', what);
  return {
    equityUsd: number(wallet, 'totalEquity', what),
    initialMarginUsd: number(wallet, 'totalInitialMargin', what),
    maintenanceMarginUsd: number(wallet, 'totalMaintenanceMargin', what),
    ...(marginBalanceUsd === null ? {} : { marginBalanceUsd }),
    liquidationPrices,
    coins: rows(wallet['coin'], what).map(coinOf),
    positionMode: isHedge ? 'hedge' : 'oneWay',
    marginMode: info.marginMode,
  };
}

async function readWallet(session: Session): Promise<Row> {
  const what = 'wallet balance';
  return session.read(what, async () => {
    const params = { accountType: 'UNIFIED' };
    const answer = await callImplicit(session.client, 'privateGetV5AccountWalletBalance', params);
    return row(rows(resultOf(answer, what)['list'], what)[0], what);
  });
}

export type AccountInfo = {
  readonly marginMode: AccountReading['marginMode'];
  readonly isUnified: boolean;
};

export async function readAccountInfo(session: Session): Promise<AccountInfo> {
  const what = 'account info';
  return session.read(what, async () => {
    const answer = await callImplicit(session.client, 'privateGetV5AccountInfo', {});
    const result = resultOf(answer, what);
    const mode = text(result, 'marginMode', what);
    const known = { REGULAR_MARGIN: 'cross', ISOLATED_MARGIN: 'isolated' } as const;
    return {
      marginMode: known[mode as keyof typeof known] ?? 'unknown',
      isUnified: number(result, 'unifiedMarginStatus', what) >= 3,
    };
  });
}

/** What an order may use: the lesser of wallet and equity, without what orders and positions hold. Never below zero. */
function coinOf(coin: Row): CoinBalance {
  const what = 'wallet balance';
  const wallet = amount(coin, 'walletBalance', what);
  let free = minimum(wallet, amount(coin, 'equity', what));
  // The venue leaves these empty outside cross margin.
  for (const field of ['locked', 'totalOrderIM', 'totalPositionIM']) {
    free = subtract(free, optionalAmount(coin, field, what) ?? zero);
  }
  return { coin: text(coin, 'coin', what), wallet, free: sign(free) > 0 ? free : zero };
}

/** Open positions of every linear perpetual, by symbol; hedged pairs are summed. */
export async function readPositions(
  session: Session,
): Promise<Readonly<Record<string, DecimalText>>> {
  await session.connect();
  const lists = await Promise.all(
    SETTLE_COINS.map((settleCoin) => readPositionRows(session, { settleCoin, limit: 200 })),
  );
  const found: Record<string, DecimalText> = {};
  for (const { id, quantity } of lists.flat()) {
    if (sign(quantity) === 0) continue;
    const symbol = symbolOf(session, id, 'perpetual') ?? id;
    found[symbol] = add(found[symbol] ?? zero, quantity);
  }
  return found;
}

async function readLiquidationPrices(session: Session): Promise<Readonly<Record<string, number>>> {
  await session.connect();
  const lists = await Promise.all(
    SETTLE_COINS.map((settleCoin) => readPositionRows(session, { settleCoin, limit: 200 })),
  );
  return Object.fromEntries(
    lists.flat().flatMap(({ id, quantity, liquidationPrice }) => {
      const symbol = symbolOf(session, id, 'perpetual');
      const isHeld = sign(quantity) !== 0 && liquidationPrice !== null && symbol !== null;
      return isHeld ? [[symbol, liquidationPrice] as const] : [];
    }),
  );
}

export async function readPositionRows(
  session: Session,
  params: Readonly<Record<string, unknown>>,
): Promise<readonly PositionRow[]> {
  const what = 'positions';
  const found = await readRows(session, {
    what,
    method: 'privateGetV5PositionList',
    params: { category: 'linear', ...params },
  });
  return found.map((position) => ({
    id: text(position, 'symbol', what),
    positionIdx: number(position, 'positionIdx', what),
    quantity: signedSize(position),
    leverage: position['leverage'] === '' ? null : number(position, 'leverage', what),
    liquidationPrice: optionalNumber(position, 'liqPrice', what),
  }));
}

function signedSize(position: Row): DecimalText {
  const size = amount(position, 'size', 'positions');
  if (sign(size) === 0) return decimal(0);
  const side = text(position, 'side', 'positions');
  if (side === 'Buy') return size;
  if (side === 'Sell') return negate(size);
  throw new MalformedAnswer(`positions: side must be Buy or Sell, was ${side}`);
}

/** Asked by symbol, a flat one has a row too, and in hedge mode two with an index. */
async function isInHedgeMode(
  session: Session,
  perpetuals: readonly string[],
  modes: ModeCache,
): Promise<boolean> {
  await session.connect();
  const nowMs = session.clock.nowMs();
  await Promise.all(
    perpetuals
      .filter((symbol) => nowMs - (modes.get(symbol)?.seenAtMs ?? -Infinity) > MODE_AGE_MS_MAX)
      .map(async (symbol) => {
        const found = await readPositionRows(session, { symbol: marketOf(session, symbol).id });
        const isHedge = found.some(({ positionIdx }) => positionIdx !== 0);
        modes.set(symbol, { isHedge, seenAtMs: nowMs });
      }),
  );
  return perpetuals.some((symbol) => modes.get(symbol)?.isHedge === true);
}
