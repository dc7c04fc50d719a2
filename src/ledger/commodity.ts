/** Commodities by symbol: what a position in it is counted in, and the coin that pays for it. */
import type { DecimalText } from '../domain/decimal.ts';
import type { InstrumentId, LegId } from '../domain/ids.ts';
import type { Account, Posting } from './transaction.ts';

/** A symbol's unit and payment. `BTC/USDT:USDT` → itself, USDT; `ETH/USDT` → ETH, USDT; `earn:USDC` → itself, USDC. */
export type SymbolUnits = {
  readonly kind: 'perpetual' | 'spot' | 'earn';
  /** The commodity of a holding in it. */
  readonly unit: string;
  /** The coin in which the price is stated. */
  readonly coin: string;
};

/** @param symbol unified, as in the instrument's id. */
export function unitsOf(symbol: string): SymbolUnits {
  if (symbol.startsWith('earn:')) return { kind: 'earn', unit: symbol, coin: symbol.slice(5) };
  const settled = symbol.indexOf(':');
  if (settled >= 0) return { kind: 'perpetual', unit: symbol, coin: symbol.slice(settled + 1) };
  const slash = symbol.indexOf('/');
  return { kind: 'spot', unit: symbol.slice(0, slash), coin: symbol.slice(slash + 1) };
}

export const symbolOf = (instrument: InstrumentId): string =>
  instrument.slice(instrument.indexOf('|') + 1);

export const posting = (
  account: Account,
  commodity: string,
  amount: DecimalText,
  leg: LegId | null,
): Posting => ({ account, commodity, amount, leg });
