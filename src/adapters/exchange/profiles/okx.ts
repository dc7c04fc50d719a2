/** OKX v5. Its demo is the live host with a header; amounts are contracts; 50004 is a time-out with an open outcome. */
import { carefulProfile, type Profile } from './profile.ts';

export const okxProfile: Profile = {
  ...carefulProfile,
  options: { options: { fetchMarkets: { types: ['spot', 'swap'] }, defaultType: 'swap' } },
  demoHeader: { name: 'x-simulated-trading', value: '1' },
  // 60 orders in two seconds per instrument, the account's readings 10 in two; it states no use in its headers.
  traffic: {
    limits: {
      orders: { burst: 30, perSecond: 25, reserveShare: 0.2 },
      cancels: { burst: 30, perSecond: 25, reserveShare: 0.2 },
      account: { burst: 10, perSecond: 5, reserveShare: 0.2 },
      market: { burst: 20, perSecond: 10, reserveShare: 0 },
    },
    endpoints: [
      [/^POST \/api\/v5\/trade\/cancel/, 'cancels'],
      [/^POST \/api\/v5\/trade\//, 'orders'],
      [/^GET \/api\/v5\/(market|public)\//, 'market'],
    ],
    usage: [],
    banMsByStatus: { 403: 300_000 },
  },
  clientId: { ...carefulProfile.clientId, tradeField: 'clOrdId', repeated: 'refused' },
  lifetime: {
    kind: 'header',
    name: 'expTime',
    paths: /^\/api\/v5\/trade\/(order|batch-orders|amend-order|amend-batch-orders)$/,
  },
  // Its time stamp is good for so long, and nothing shortens that.
  transferLateMsMax: 30_000,
  lookUp: 'clientOrderId',
  forgetsAfterMs: 2 * 3_600_000,
  fillsListedMs: 90 * 86_400_000,
  tradesPage: 100,
  // 100–107: liquidations; 125–128: auto-deleveraging.
  forcedBy: ({ subType }) => {
    const code = Number(subType);
    if (code >= 100 && code <= 107) return 'liquidation';
    return code >= 125 && code <= 128 ? 'deleveraging' : null;
  },
  marginMode: 'stated',
  reducesBelowMinimum: true,
  // Candles of the mark come in hundreds.
  barsMax: 100,
  // Of a window it lists the newest ones only, so the window must not hold more, paid hourly.
  fundingHistory: { page: 100, until: { name: 'after', spanMs: 100 * 3_600_000 } },
  codes: {
    duplicate: ['51016'],
    refused: ['51169', '51020', '51121', '51280'],
    open: ['50001', '50004', '50013', '50026', '51149'],
    gone: ['51400', '51401', '51402', '51410', '51603'],
    unchanged: ['59000', '51040'],
  },
};
