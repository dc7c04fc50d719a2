/** Bybit v5, unified account. Codes: bybit-exchange.github.io/docs/v5/error. */
import { carefulProfile, type Profile } from './profile.ts';

export const bybitProfile: Profile = {
  ...carefulProfile,
  options: {
    options: {
      fetchMarkets: { types: ['spot', 'linear'] },
      defaultType: 'swap',
      // The adapter serves unified accounts only and says so; this saves ccxt two signed requests to find out.
      enableUnifiedMargin: false,
      enableUnifiedAccount: true,
      unifiedMarginStatus: 6,
    },
  },
  traffic: {
    limits: {
      orders: { burst: 10, perSecond: 10, reserveShare: 0.2 },
      cancels: { burst: 10, perSecond: 10, reserveShare: 0.2 },
      account: { burst: 50, perSecond: 40, reserveShare: 0.2 },
      market: { burst: 200, perSecond: 60, reserveShare: 0 },
    },
    endpoints: [
      [/^POST \/v5\/order\/cancel/, 'cancels'],
      [/^POST \/v5\/(order|earn)\//, 'orders'],
      [/^GET \/v5\/market\//, 'market'],
    ],
    usage: [
      {
        header: 'X-Bapi-Limit-Status',
        counts: 'left',
        limit: 'X-Bapi-Limit',
        windowMs: 1_000,
        classes: null,
        host: null,
      },
    ],
    // "Access too frequent": the address is shut out for ten minutes.
    banMsByStatus: { 403: 600_000 },
  },
  clientId: { ...carefulProfile.clientId, tradeField: 'orderLinkId', repeated: 'refused' },
  lifetime: { kind: 'recvWindow' },
  forgetsAfterMs: 86_400_000,
  fillsListedMs: 730 * 86_400_000,
  bookLevels: 200,
  tradesPage: 100,
  barsMax: 1000,
  fundingHistory: { page: 200, until: null },
  reducesBelowMinimum: true,
  codes: {
    duplicate: ['110072', '110030', '170141', '180010'],
    // The last nine are of earn: parameters, user, amount, product and balance.
    refused:
      '10001 10024 110013 170105 170130 3100116 180001 180002 180003 180004 180005 180006 180007 180008 180016'.split(
        ' ',
      ),
    // Server time-outs and system errors; an order that timed out inside may still appear.
    open: ['10000', '10016', '10019', '170007', '170146', '170147', '170149', '170150'],
    gone: ['110001', '110008', '110010', '170139', '170142', '170143', '170190', '170213'],
    unchanged: ['110025', '110026', '110027', '110043', '34036'],
  },
};
