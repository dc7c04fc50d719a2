/**
 * Hyperliquid: one-way only, client ids are 0x and 32 hexadecimal digits, keys are a wallet and its agent's private key.
 *
 * `refSet` keeps ccxt from signing a referral of its own; openVenue switches off the initialisation that would sign the
 * approval of its builder fee, so that no order carries a builder. Spot has a wallet of its own and is not served.
 */
import { carefulProfile, type Profile } from './profile.ts';

export const hyperliquidProfile: Profile = {
  ...carefulProfile,
  options: {
    options: {
      defaultType: 'swap',
      fetchMarkets: { types: ['swap'] },
      enableUnifiedMargin: false,
      refSet: true,
      builderFee: false,
    },
  },
  credentialFields: { apiKey: 'walletAddress', secret: 'privateKey' },
  // 1,200 of weight a minute and address: an order 1, states, books and look-ups 2, most other readings 20.
  traffic: {
    limits: {
      orders: { burst: 100, perSecond: 3, reserveShare: 0.25 },
      cancels: { burst: 100, perSecond: 3, reserveShare: 0.25 },
      account: { burst: 40, perSecond: 2, reserveShare: 0.25 },
      market: { burst: 20, perSecond: 1, reserveShare: 0 },
    },
    endpoints: [[/^POST \/exchange/, 'orders']],
    usage: [],
    banMsByStatus: {},
  },
  clientId: {
    ...carefulProfile.clientId,
    encode: (id) => `0x${id}`,
    decode: (id) => id.replace(/^0x/, ''),
    tradeField: 'cloid',
    repeated: 'unknown',
  },
  lifetime: { kind: 'signedAction' },
  lookUp: 'clientOrderId',
  tradesPage: 2000,
  tradesOf: 'account',
  forcedBy: ({ liquidation }) =>
    typeof liquidation === 'object' && liquidation !== null ? 'liquidation' : null,
  hedgeMode: 'never',
  marginMode: 'stated',
  barsMax: 5000,
  fundingHistory: { page: 500, until: null },
  fundingIntervalMs: 3_600_000,
};
