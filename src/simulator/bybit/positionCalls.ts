/**
 * Positions of the unified account, leverage and position mode.
 *
 * As on the venue, `bustPrice` is empty in cross margin (so ccxt derives no maintenance margin: `positionMM` is the
 * figure), a symbol that was asked for has a row even when flat, and hedge mode has two.
 */
import { tierAt } from '../../margin/tier.ts';
import { type AccountSummary, summarize } from '../core/account.ts';
import { toGrid } from '../core/decimals.ts';
import { findInstrument, instrumentsNow } from '../core/quotes.ts';
import type { Venue } from '../core/venue.ts';
import type { Row } from '../http/json.ts';
import { text } from '../http/request.ts';
import type { SimulatedInstrument } from '../market/market.ts';
import { type Call, type CallContext, categoryOf } from './call.ts';
import { failed, ok, type Reply } from './reply.ts';

function positionList({ venue, parameters }: CallContext): Reply {
  if (categoryOf(parameters) !== 'linear')
    return ok({ category: '', list: [], nextPageCursor: '' });
  const symbol = text(parameters, 'symbol');
  const settle = text(parameters, 'settleCoin');
  if (symbol === '' && settle === '' && text(parameters, 'baseCoin') === '')
    return failed(10001, 'Missing some parameters that must be filled in, symbol or settleCoin');
  if (symbol !== '' && findInstrument(venue, 'linear', symbol) === undefined)
    return failed(10001, `Not supported symbols: ${symbol}`);
  const account = summarize(venue);
  const list = instrumentsNow(venue)
    .filter((i) => i.category === 'linear')
    .filter((i) => (symbol === '' ? i.quoteCoin === settle : i.symbol === symbol))
    .flatMap((i) => rowsOf(venue, account, i, symbol !== ''));
  return ok({ category: 'linear', list, nextPageCursor: '' });
}

function rowsOf(
  venue: Venue,
  account: AccountSummary,
  instrument: SimulatedInstrument,
  evenFlat: boolean,
): Row[] {
  const quantity = Number(venue.live.positions[instrument.symbol]?.quantity ?? 0);
  if (venue.live.positionMode === 'hedge') {
    const row = positionRow(venue, account, instrument);
    const empty = { ...row, size: '0', side: '', positionValue: '', unrealisedPnl: '' };
    const long = { ...(quantity > 0 ? row : empty), positionIdx: 1 };
    return [long, { ...(quantity < 0 ? row : empty), positionIdx: 2 }];
  }
  return quantity !== 0 || evenFlat ? [positionRow(venue, account, instrument)] : [];
}

function positionRow(venue: Venue, account: AccountSummary, instrument: SimulatedInstrument): Row {
  const contract = account.contracts.find((c) => c.instrument.symbol === instrument.symbol);
  const position = venue.live.positions[instrument.symbol];
  const quantity = contract?.quantity ?? 0;
  const notional = Math.abs(quantity) * (contract?.mark ?? 0);
  const tier = tierAt(notional, instrument.tiers);
  const price = (value: number) => toGrid(value, instrument.tickSize, 'nearest');
  const liquidation = contract?.liquidationPrice ?? null;
  return {
    positionIdx: 0,
    riskId: instrument.tiers.indexOf(tier) + 1,
    riskLimitValue: String(tier.capUsd ?? 1e12),
    symbol: instrument.symbol,
    side: quantity > 0 ? 'Buy' : quantity < 0 ? 'Sell' : '',
    size: quantity === 0 ? '0' : (position?.quantity ?? '0').replace('-', ''),
    avgPrice: (contract?.averagePrice ?? 0).toFixed(10).replace(/\.?0+$/, ''),
    positionValue: quantity === 0 ? '' : notional.toFixed(8),
    tradeMode: 0,
    autoAddMargin: 0,
    positionStatus: 'Normal',
    leverage: venue.live.leverages[instrument.symbol] ?? venue.settings.leverageDefault,
    markPrice: price(contract?.mark ?? 0),
    liqPrice: liquidation === null ? '' : price(liquidation),
    bustPrice: '',
    positionBalance: '0',
    positionIM: (contract?.positionInitial ?? 0).toFixed(8),
    positionMM: (contract?.maintenance ?? 0).toFixed(8),
    takeProfit: '',
    stopLoss: '',
    trailingStop: '0',
    sessionAvgPrice: '',
    unrealisedPnl: quantity === 0 ? '' : (contract?.unrealised ?? 0).toFixed(8),
    curRealisedPnl: position?.realisedCum ?? '0',
    cumRealisedPnl: position?.realisedCum ?? '0',
    adlRankIndicator: quantity === 0 ? 0 : 2,
    createdTime: String(position?.createdMs ?? 0),
    updatedTime: String(position?.updatedMs ?? 0),
    seq: venue.live.journalLength,
    isReduceOnly: false,
    mmrSysUpdatedTime: '',
    leverageSysUpdatedTime: '',
  };
}

function setLeverage({ venue, parameters }: CallContext): Reply {
  const symbol = text(parameters, 'symbol');
  const instrument = findInstrument(venue, 'linear', symbol);
  if (instrument === undefined) return failed(10001, `Not supported symbols: ${symbol}`);
  const leverage = text(parameters, 'buyLeverage');
  const value = Number(leverage);
  if (leverage !== text(parameters, 'sellLeverage'))
    return failed(10001, 'buy leverage must equal sell leverage in one-way mode');
  if (!(value >= 1 && value <= instrument.leverageMax))
    return failed(110013, `cannot set leverage [${leverage}] gt maxLeverage`);
  const current = venue.live.leverages[symbol] ?? venue.settings.leverageDefault;
  if (Number(current) === value) return failed(110043, 'leverage not modified');
  venue.live.leverages[symbol] = leverage;
  const account = summarize(venue);
  if (account.availableUsd >= 0 || value > Number(current)) return ok({});
  venue.live.leverages[symbol] = current;
  return failed(110012, 'insufficient available balance for the leverage');
}

function switchMode({ venue, parameters }: CallContext): Reply {
  const wanted = text(parameters, 'mode') === '3' ? 'hedge' : 'oneWay';
  if (venue.live.positionMode === wanted) return failed(110025, 'Position mode is not modified');
  if (Object.values(venue.live.positions).some((p) => Number(p.quantity) !== 0))
    return failed(110024, 'You have an existing position, so position mode cannot be switched');
  if (Object.keys(venue.live.openOrders).length > 0)
    return failed(110028, 'Open orders exist, so you cannot change position mode');
  venue.live.positionMode = wanted;
  return ok({});
}

export const positionCalls: readonly Call[] = [
  { method: 'GET', path: '/v5/position/list', permission: 'read', answer: positionList },
  { method: 'POST', path: '/v5/position/set-leverage', permission: 'trade', answer: setLeverage },
  { method: 'POST', path: '/v5/position/switch-mode', permission: 'trade', answer: switchMode },
];
