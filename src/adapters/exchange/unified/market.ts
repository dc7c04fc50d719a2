/** A ccxt market, parsed: the border between the venue's contracts and our base quantities. */
import { type DecimalText, decimal, divide, multiply } from '../../../domain/decimal.ts';
import { OperatingError } from '../../../domain/operatingError.ts';
import { amount, isRow, MalformedAnswer, optionalAmount, type Row, row, text } from '../answer.ts';
import type { Session } from '../session.ts';

export type Market = {
  readonly symbol: string;
  /** The venue's own name. */
  readonly id: string;
  readonly kind: 'perpetual' | 'spot';
  readonly base: string;
  readonly quote: string;
  /** Base coins of one unit of ccxt's amounts; 1 for spot. */
  readonly contractSize: DecimalText;
  readonly isActive: boolean;
  readonly listedAtMs: number | null;
  readonly raw: Row;
};

const NEAR_MAX = 5;

/**
 * The market of a unified symbol.
 *
 * @throws OperatingError, not retryable, for one the venue does not have or that is not a spot or linear perpetual market.
 */
export function marketOf(session: Session, symbol: string): Market {
  const found = session.client.markets?.[symbol];
  if (!isRow(found)) throw unknownSymbol(session, symbol);
  return parseMarket(found, session, symbol);
}

/** The symbol of a venue's own market name; null for a market that is not loaded. */
export function symbolOf(session: Session, id: string, kind: Market['kind']): string | null {
  const candidates = session.client.markets_by_id?.[id];
  if (!Array.isArray(candidates)) return null;
  for (const candidate of candidates) {
    if (!isRow(candidate)) continue;
    const isMatch =
      kind === 'spot'
        ? candidate['spot'] === true
        : candidate['swap'] === true && candidate['linear'] === true;
    if (isMatch) return text(candidate, 'symbol', 'market');
  }
  return null;
}

/** Contracts to base coins, exactly. */
export const toBase = (market: Market, contracts: DecimalText): DecimalText =>
  multiply(contracts, market.contractSize);

/** Base coins to contracts. */
export const toContracts = (market: Market, base: DecimalText): DecimalText =>
  divide(base, market.contractSize);

function parseMarket(found: Row, session: Session, symbol: string): Market {
  const isPerpetual = found['swap'] === true && found['linear'] === true;
  if (!isPerpetual && found['spot'] !== true) {
    throw new OperatingError(
      `${session.id}: ${symbol} must be a spot market or a linear perpetual, was ${String(found['type'])}`,
      {
        retryable: false,
        fault: 'input',
        remedy: 'name a market such as BTC/USDT or BTC/USDT:USDT',
      },
    );
  }
  const what = `market ${symbol}`;
  const isCounted = isPerpetual && session.profile.amounts === 'contracts';
  return {
    symbol,
    id: text(found, 'id', what),
    kind: isPerpetual ? 'perpetual' : 'spot',
    base: text(found, 'base', what),
    quote: isPerpetual ? text(found, 'settle', what) : text(found, 'quote', what),
    contractSize: isCounted ? positive(amount(found, 'contractSize', what), what) : decimal(1),
    isActive: found['active'] !== false,
    listedAtMs: listedAt(found),
    raw: row(found, what),
  };
}

function listedAt(found: Row): number | null {
  const created = optionalAmount(found, 'created', 'market');
  return created === null ? null : Number(created);
}

function positive(value: DecimalText, what: string): DecimalText {
  if (Number(value) > 0) return value;
  throw new MalformedAnswer(`${what}: contractSize must be above 0, was ${value}`);
}

function unknownSymbol(session: Session, symbol: string): OperatingError {
  const near = nearest(symbol, Object.keys(session.client.markets ?? {}));
  return new OperatingError(`${session.id} (${session.exchange}) has no market ${symbol}`, {
    retryable: false,
    fault: 'input',
    remedy:
      near.length === 0
        ? 'correct the symbol in the config'
        : `correct the symbol in the config; it has ${near.join(', ')}`,
  });
}

/** Symbols that share the base coin, then those whose base begins alike. */
function nearest(symbol: string, symbols: readonly string[]): readonly string[] {
  const base = symbol.split(/[/:-]/)[0]?.toUpperCase() ?? '';
  const sameBase = symbols.filter((each) => each.split('/')[0] === base);
  const alike = symbols.filter((each) => base.length >= 2 && each.startsWith(base.slice(0, 2)));
  return [...new Set([...sameBase, ...alike])].slice(0, NEAR_MAX);
}
