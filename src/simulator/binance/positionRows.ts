/**
 * Positions as Binance lists them: v3 those that are held or have orders, v2 every contract, with its leverage.
 */
import { type AccountSummary, type ContractSummary, summarize } from '../core/account.ts';
import { instrumentsNow } from '../core/quotes.ts';
import type { Venue } from '../core/venue.ts';
import type { Row } from '../http/json.ts';
import type { SimulatedInstrument } from '../market/market.ts';
import { priceText } from './marketCalls.ts';

const money = (value: number): string => value.toFixed(8);

/** @param all the flat ones too, and the terms that only v2 tells. */
export function positionRows(
  venue: Venue,
  account: AccountSummary = summarize(venue),
  all = false,
): readonly Row[] {
  const rows: Row[] = [];
  const ordered = new Set(
    Object.values(venue.live.openOrders).flatMap((o) =>
      o.category === 'linear' ? [o.symbol] : [],
    ),
  );
  for (const instrument of instrumentsNow(venue)) {
    if (instrument.category !== 'linear') continue;
    const contract = account.contracts.find((c) => c.instrument.symbol === instrument.symbol);
    const isTouched = (contract?.quantity ?? 0) !== 0 || ordered.has(instrument.symbol);
    if (!all && !isTouched) continue;
    const row = rowOf(venue, instrument, contract);
    rows.push(...inMode(venue, all ? { ...row, ...termsOf(venue, instrument) } : row));
  }
  return rows;
}

/** In hedge mode a contract has a row a side. */
function inMode(venue: Venue, row: Row): Row[] {
  if (venue.live.positionMode === 'oneWay') return [row];
  const held = Number(row['positionAmt']);
  const empty = { ...row, positionAmt: '0', notional: '0', unRealizedProfit: '0' };
  const long = { ...(held > 0 ? row : empty), positionSide: 'LONG' };
  return [long, { ...(held < 0 ? row : empty), positionSide: 'SHORT' }];
}

function rowOf(
  venue: Venue,
  instrument: SimulatedInstrument,
  contract: ContractSummary | undefined,
): Row {
  const position = venue.live.positions[instrument.symbol];
  const price = (value: number) => priceText(value, instrument);
  const quantity = contract?.quantity ?? 0;
  const entry = (contract?.averagePrice ?? 0).toFixed(10).replace(/\.?0+$/, '');
  const initial = (contract?.positionInitial ?? 0) + (contract?.orderInitial ?? 0);
  return {
    symbol: instrument.symbol,
    positionSide: 'BOTH',
    positionAmt: quantity === 0 ? '0' : (position?.quantity ?? '0'),
    entryPrice: entry,
    breakEvenPrice: entry,
    markPrice: price(contract?.mark ?? 0),
    unRealizedProfit: money(contract?.unrealised ?? 0),
    liquidationPrice: price(contract?.liquidationPrice ?? 0),
    isolatedMargin: '0',
    notional: money(quantity * (contract?.mark ?? 0)),
    marginAsset: instrument.quoteCoin,
    isolatedWallet: '0',
    initialMargin: money(initial),
    maintMargin: money(contract?.maintenance ?? 0),
    positionInitialMargin: money(contract?.positionInitial ?? 0),
    openOrderInitialMargin: money(contract?.orderInitial ?? 0),
    adl: quantity === 0 ? 0 : 2,
    bidNotional: '0',
    askNotional: '0',
    updateTime: position?.updatedMs ?? 0,
  };
}

function termsOf(venue: Venue, { symbol, tiers }: SimulatedInstrument): Row {
  const leverage = venue.live.leverages[symbol] ?? venue.settings.leverageDefault;
  return {
    leverage,
    marginType: 'cross',
    isAutoAddMargin: 'false',
    maxNotionalValue: maxNotional(tiers, Number(leverage)),
  };
}

/** Notional that a leverage may reach. */
export function maxNotional(tiers: SimulatedInstrument['tiers'], leverage: number): string {
  const allowed = tiers.filter((tier) => tier.leverageMax >= leverage);
  return String(allowed.at(-1)?.capUsd ?? uncapped);
}

/** What stands for no cap. */
export const uncapped = 1_000_000_000;
