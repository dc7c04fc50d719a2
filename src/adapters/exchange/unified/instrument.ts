/** A market with its tiers and fees as an instrument: lots in base coins, limits of the venue, what it costs to trade. */
import { type DecimalText, multiply, zero } from '../../../domain/decimal.ts';
import { instrumentId } from '../../../domain/ids.ts';
import type { Instrument, MarginTier } from '../../../domain/instrument.ts';
import { OperatingError } from '../../../domain/operatingError.ts';
import { marginVenueOf, normaliseTiers, type VenueTierRow } from '../../../margin/venueTiers.ts';
import {
  amount,
  isRow,
  MalformedAnswer,
  number,
  optionalAmount,
  optionalNumber,
  type Row,
  row,
  rows,
} from '../answer.ts';
import type { Dialect, FeeRates } from '../dialect.ts';
import type { Session } from '../session.ts';
import { type Market, marketOf } from './market.ts';

const MINUTE_MS = 60_000;

/** @throws OperatingError, not retryable, for an unknown or closed market. */
export async function readInstrument(
  session: Session,
  symbol: string,
  own: Pick<Dialect, 'fees' | 'tiers'>,
): Promise<Instrument> {
  const market = marketOf(session, symbol);
  if (!market.isActive) {
    throw new OperatingError(`${session.id}: ${symbol} is not trading`, {
      retryable: false,
      remedy: 'take the leg out of the config, or wait until the venue opens the market',
    });
  }
  const [fees, tiers] = await Promise.all([
    own.fees?.(market) ?? readFees(session, market),
    market.kind === 'perpetual' ? (own.tiers?.(market) ?? readTiers(session, market)) : [],
  ]);
  const what = `market ${symbol}`;
  const precision = row(market.raw['precision'], what);
  const limits = row(market.raw['limits'], what);
  const lots = row(limits['amount'], what);
  const cost = isRow(limits['cost']) ? limits['cost'] : {};
  const inBase = (contracts: DecimalText): DecimalText => multiply(contracts, market.contractSize);
  const step = inBase(amount(precision, 'amount', what));
  const minimum = optionalAmount(lots, 'min', what);
  const maximum = optionalAmount(lots, 'max', what);
  return {
    id: instrumentId(session.id, symbol),
    venue: session.id,
    kind: market.kind,
    symbol,
    baseCoin: market.base,
    quoteCoin: market.quote,
    quantityStepBase: step,
    quantityMinBase: minimum === null ? step : inBase(minimum),
    quantityMaxBase: maximum === null || maximum === zero ? null : inBase(maximum),
    priceTick: amount(precision, 'price', what),
    notionalMinQuote: optionalNumber(cost, 'min', what) ?? 0,
    ...(session.profile.reducesBelowMinimum && market.kind === 'perpetual'
      ? { reducesBelowMinimum: true }
      : {}),
    takerFeeRate: fees.taker,
    makerFeeRate: fees.maker,
    tiers,
    fundingIntervalMs: market.kind === 'perpetual' ? fundingIntervalMs(session, market) : 0,
    redemptionMs: 0,
  };
}

/** The account's own rates where the venue states them, else the market's. */
async function readFees(session: Session, market: Market): Promise<FeeRates> {
  const what = `fees of ${market.symbol}`;
  const isAccountKnown = session.faults.credentialsSource !== null;
  const stated =
    isAccountKnown && session.client.has['fetchTradingFee'] === true
      ? row(await session.read(what, () => session.client.fetchTradingFee(market.symbol)), what)
      : market.raw;
  return { taker: number(stated, 'taker', what), maker: number(stated, 'maker', what) };
}

async function readTiers(session: Session, market: Market): Promise<readonly MarginTier[]> {
  const what = `margin tiers of ${market.symbol}`;
  const { client } = session;
  const isStated = [client.has['fetchMarketLeverageTiers'], client.has['fetchLeverageTiers']].some(
    (has) => has === true || has === 'emulated',
  );
  if (!isStated) return [];
  const ask = () => client.fetchMarketLeverageTiers(market.symbol);
  const answer = await session.read(what, ask, 1, 'market');
  const stated = rows(answer, what).map((tier) => tierRow(tier, what));
  const scale =
    session.exchange === 'okx' ? { contractUsd: await contractUsd(session, market) } : {};
  const normal = normaliseTiers(marginVenueOf(session.exchange), stated, scale);
  if (normal.kind === 'unusable') {
    throw new MalformedAnswer(`${session.id}: ${what}: ${normal.faults.join('; ')}`);
  }
  return normal.tiers;
}

function tierRow(tier: Row, what: string): VenueTierRow {
  return {
    minNotional: optionalNumber(tier, 'minNotional', what) ?? undefined,
    maxNotional: optionalNumber(tier, 'maxNotional', what) ?? undefined,
    maintenanceMarginRate: number(tier, 'maintenanceMarginRate', what),
    maxLeverage: number(tier, 'maxLeverage', what),
    info: isRow(tier['info']) ? tier['info'] : {},
  };
}

async function contractUsd(session: Session, market: Market): Promise<number> {
  const what = `price of ${market.symbol}`;
  const ask = () => session.client.fetchTicker(market.symbol);
  const ticker = row(await session.read(what, ask, 1, 'market'), what);
  return Number(market.contractSize) * number(ticker, 'last', what);
}

/** Bybit states minutes in the market's record; elsewhere the funding reading corrects the profile's guess. */
function fundingIntervalMs(session: Session, market: Market): number {
  const info = isRow(market.raw['info']) ? market.raw['info'] : {};
  const minutes = optionalNumber(info, 'fundingInterval', `market ${market.symbol}`);
  return minutes === null ? session.profile.fundingIntervalMs : minutes * MINUTE_MS;
}
