/**
 * Deribit: one-way only; a client id is a label, which is not unique, so that only the order's last moment keeps a late
 * request from making a second one; amounts of linear perpetuals are coins, whatever the contract size says.
 */
import { carefulProfile, type Profile } from './profile.ts';

export const deribitProfile: Profile = {
  ...carefulProfile,
  options: { options: { defaultType: 'swap' } },
  // Credits: 50,000 refilled at 10,000 a second, 500 a request; the matching engine 20 and 5 a second, cancels with it.
  traffic: {
    limits: {
      orders: { burst: 20, perSecond: 5, reserveShare: 0.4 },
      cancels: 'orders',
      account: { burst: 50, perSecond: 10, reserveShare: 0.2 },
      market: { burst: 50, perSecond: 10, reserveShare: 0 },
    },
    endpoints: [
      [/\/private\/cancel/, 'cancels'],
      [/\/private\/(buy|sell|edit)/, 'orders'],
      [/\/public\//, 'market'],
    ],
    usage: [],
    banMsByStatus: {},
  },
  clientId: {
    ...carefulProfile.clientId,
    param: 'label',
    orderField: 'label',
    tradeField: 'label',
    repeated: 'taken again',
  },
  lifetime: { kind: 'orderParam', name: 'valid_until' },
  lookUp: 'clientOrderId',
  // Its recent orders; what has filled is in the trades, which it lists for a day.
  forgetsAfterMs: 30 * 60_000,
  fillsListedMs: 86_400_000,
  amounts: 'base',
  tradesPage: 100,
  // ccxt hands `until` on as it is, and the venue knows no such thing.
  tradesUntil: 'end_timestamp',
  forcedBy: ({ liquidation }) => (typeof liquidation === 'string' ? 'liquidation' : null),
  hedgeMode: 'never',
  marginMode: 'stated',
  barsMax: 1000,
  isFundingContinuous: true,
  codes: {
    duplicate: [],
    refused: ['10009', '10041', '11029', '11030', '11044', '11054', '13780', '-32602'],
    open: ['10040', '10047', '11051', '13888'],
    gone: ['10004', '10010', '11044'],
    unchanged: [],
  },
};
