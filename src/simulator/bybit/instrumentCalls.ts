/**
 * Instruments, risk limits and coins as Bybit lists them.
 *
 * Rates of risk limits are in percent and leverage has two decimals, as the venue writes them.
 */
import Big from 'big.js';
import { decimalsOf } from '../core/decimals.ts';
import { instrumentsNow } from '../core/quotes.ts';
import type { Venue } from '../core/venue.ts';
import type { Row } from '../http/json.ts';
import { text } from '../http/request.ts';
import { chainsOf, isShut, type World } from '../http/world.ts';
import type { RiskTier, SimulatedInstrument } from '../market/market.ts';
import { type Call, type CallContext, categoryOf } from './call.ts';
import { optionInstruments } from './optionCalls.ts';
import { failed, ok, type Reply } from './reply.ts';

function linearRow(instrument: SimulatedInstrument): Row {
  const tick = instrument.tickSize;
  return {
    symbol: instrument.symbol,
    contractType: instrument.deliveryMs === undefined ? 'LinearPerpetual' : 'LinearFutures',
    status: 'Trading',
    baseCoin: instrument.baseCoin,
    quoteCoin: instrument.quoteCoin,
    launchTime: String(instrument.launchMs),
    deliveryTime: String(instrument.deliveryMs ?? 0),
    deliveryFeeRate: instrument.deliveryMs === undefined ? '' : '0',
    priceScale: String(decimalsOf(tick)),
    leverageFilter: {
      minLeverage: '1',
      maxLeverage: instrument.leverageMax.toFixed(2),
      leverageStep: '0.01',
    },
    priceFilter: { minPrice: tick, maxPrice: new Big(tick).times(1e7).toFixed(), tickSize: tick },
    lotSizeFilter: {
      maxOrderQty: instrument.quantityMax,
      minOrderQty: instrument.quantityMin,
      qtyStep: instrument.quantityStep,
      postOnlyMaxOrderQty: instrument.quantityMax,
      maxMktOrderQty: instrument.quantityMax,
      minNotionalValue: instrument.notionalMin,
    },
    unifiedMarginTrade: true,
    fundingInterval: instrument.fundingIntervalMs / 60_000,
    settleCoin: instrument.quoteCoin,
    copyTrading: 'none',
    upperFundingRate: new Big(instrument.fundingRateCap).toFixed(),
    lowerFundingRate: new Big(-instrument.fundingRateCap).toFixed(),
    isPreListing: false,
  };
}

function spotRow(instrument: SimulatedInstrument): Row {
  return {
    symbol: instrument.symbol,
    baseCoin: instrument.baseCoin,
    quoteCoin: instrument.quoteCoin,
    innovation: '0',
    status: 'Trading',
    marginTrading: 'utaOnly',
    lotSizeFilter: {
      basePrecision: instrument.quantityStep,
      quotePrecision: '0.00000001',
      minOrderQty: instrument.quantityMin,
      maxOrderQty: instrument.quantityMax,
      minOrderAmt: instrument.notionalMin,
      maxOrderAmt: '10000000',
    },
    priceFilter: { tickSize: instrument.tickSize },
    riskParameters: { priceLimitRatioX: '0.05', priceLimitRatioY: '0.05' },
  };
}

function instrumentsInfo({ venue, parameters }: CallContext): Reply {
  const category = text(parameters, 'category');
  const symbol = text(parameters, 'symbol');
  const preLaunch = text(parameters, 'status') === 'PreLaunch';
  if (category === 'option') return optionInstruments(venue, text(parameters, 'baseCoin'));
  const found = instrumentsNow(venue).filter(
    (i) => !preLaunch && i.category === category && (symbol === '' || i.symbol === symbol),
  );
  const list = found.map((i) => (i.category === 'linear' ? linearRow(i) : spotRow(i)));
  return ok({ category, list, nextPageCursor: '' });
}

function tierRow(symbol: string, tier: RiskTier, index: number): Row {
  return {
    id: index + 1,
    symbol,
    riskLimitValue: String(tier.capUsd ?? 1e12),
    maintenanceMargin: new Big(tier.maintenanceMarginRate).times(100).toFixed(),
    initialMargin: new Big(100).div(tier.leverageMax).round(4).toFixed(),
    isLowestRisk: index === 0 ? 1 : 0,
    maxLeverage: tier.leverageMax.toFixed(2),
    mmDeduction: new Big(tier.deductionUsd).toFixed(),
  };
}

function riskLimit({ venue, parameters }: CallContext): Reply {
  const symbol = text(parameters, 'symbol');
  if (categoryOf(parameters) !== 'linear') return failed(10001, 'params error: Category');
  const list = instrumentsNow(venue)
    .filter((i) => i.category === 'linear' && (symbol === '' || i.symbol === symbol))
    .flatMap((i) => i.tiers.map((tier, index) => tierRow(i.symbol, tier, index)));
  return ok({ category: 'linear', list, nextPageCursor: '' });
}

function coinRow(venue: Venue, world: World, coin: string): Row {
  const { nowMs } = venue.live;
  const open = (way: 'withdraw' | 'deposit', chain: string) =>
    isShut(world, { way, coin, chain }, nowMs) ? '0' : '1';
  return {
    name: coin,
    coin,
    remainAmount: '10000000',
    chains: chainsOf(coin).map(
      (chain): Row => ({
        chainType: chain,
        confirmation: '6',
        withdrawFee: new Big(world.withdrawalFees[coin] ?? 1).toFixed(),
        depositMin: '0',
        withdrawMin: '10',
        chain,
        chainDeposit: open('deposit', chain),
        chainWithdraw: open('withdraw', chain),
        minAccuracy: '6',
        withdrawPercentageFee: '0',
      }),
    ),
  };
}

function coinInfo({ venue, world, parameters }: CallContext): Reply {
  const coin = text(parameters, 'coin');
  const coins = venue.market.coins.filter((c) => coin === '' || c === coin);
  return ok({ rows: coins.map((c) => coinRow(venue, world, c)) });
}

export const instrumentCalls: readonly Call[] = [
  {
    method: 'GET',
    path: '/v5/market/instruments-info',
    permission: 'public',
    answer: instrumentsInfo,
  },
  { method: 'GET', path: '/v5/market/risk-limit', permission: 'public', answer: riskLimit },
  { method: 'GET', path: '/v5/asset/coin/query-info', permission: 'wallet', answer: coinInfo },
];
