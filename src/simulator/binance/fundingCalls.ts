/**
 * Marks, indices and funding of the contracts.
 *
 * `lastFundingRate` is the rate of the settlement to come; `fundingInfo` is where caps and intervals stand.
 */
import Big from 'big.js';
import { fundingRateAt } from '../core/funding.ts';
import { instrumentsNow } from '../core/quotes.ts';
import type { Row } from '../http/json.ts';
import { integer } from '../http/request.ts';
import { type Call, type CallContext, named } from './call.ts';
import { perSymbol, priceText } from './marketCalls.ts';
import { ok, type Reply, unknownSymbol } from './reply.ts';

const premiumIndex = perSymbol('linear', (venue, instrument, quote) => {
  const { nowMs } = venue.live;
  const interval = instrument.fundingIntervalMs;
  const nextMs = interval > 0 ? (Math.floor(nowMs / interval) + 1) * interval : 0;
  const rate = interval > 0 ? fundingRateAt(venue, instrument, nextMs) : undefined;
  return {
    symbol: instrument.symbol,
    markPrice: priceText(quote.mark, instrument),
    indexPrice: priceText(quote.index, instrument),
    estimatedSettlePrice: priceText(quote.index, instrument),
    lastFundingRate: rate === undefined ? '' : new Big(rate).toFixed(8),
    interestRate: interval > 0 ? '0.00010000' : '',
    nextFundingTime: nextMs,
    time: nowMs,
  };
});

function fundingRate(context: CallContext): Reply {
  const { venue, parameters } = context;
  const instrument = named(context, 'linear');
  if (instrument === undefined) return unknownSymbol;
  const { fundingIntervalMs: interval, symbol } = instrument;
  const limit = Math.min(integer(parameters, 'limit') ?? 100, 1000);
  const startMs = integer(parameters, 'startTime');
  const latest = Math.min(integer(parameters, 'endTime') ?? venue.live.nowMs, venue.live.nowMs);
  const rows: Row[] = [];
  if (interval <= 0) return ok(rows);
  const newest = Math.floor(latest / interval) * interval;
  const oldest = Math.max(instrument.launchMs, startMs ?? newest - (limit - 1) * interval);
  for (let at = Math.ceil(oldest / interval) * interval; at <= newest; at += interval) {
    if (rows.length === limit) break;
    const rate = fundingRateAt(venue, instrument, at);
    if (rate === undefined) continue;
    const markPrice = venue.market.quote('linear', symbol, at)?.mark;
    rows.push({
      symbol,
      fundingTime: at,
      fundingRate: new Big(rate).toFixed(8),
      markPrice: markPrice === undefined ? '' : priceText(markPrice, instrument),
    });
  }
  return ok(rows);
}

function fundingInfo({ venue }: CallContext): Reply {
  const rows = instrumentsNow(venue)
    .filter((i) => i.category === 'linear' && i.fundingIntervalMs > 0)
    .map(
      (i): Row => ({
        symbol: i.symbol,
        adjustedFundingRateCap: new Big(i.fundingRateCap).toFixed(8),
        adjustedFundingRateFloor: new Big(-i.fundingRateCap).toFixed(8),
        fundingIntervalHours: i.fundingIntervalMs / 3_600_000,
        disclaimer: false,
      }),
    );
  return ok(rows);
}

const open = { method: 'GET', permission: 'public' } as const;

export const fundingCalls: readonly Call[] = [
  { ...open, path: '/fapi/v1/premiumIndex', weight: 10, answer: premiumIndex },
  { ...open, path: '/fapi/v1/fundingRate', weight: 1, answer: fundingRate },
  { ...open, path: '/fapi/v1/fundingInfo', weight: 1, answer: fundingInfo },
];
