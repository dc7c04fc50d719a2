/**
 * Hyperliquid: one-way only, client ids are 0x and 32 hexadecimal digits, keys are a wallet and its agent's private key.
 *
 * `refSet` and `builderFee` keep ccxt from signing a referral and a builder fee of its own; openVenue switches off the
 * initialisation that would sign the approval.
 */
import { carefulProfile, type Profile } from './profile.ts';

export const hyperliquidProfile: Profile = {
  ...carefulProfile,
  options: { options: { defaultType: 'swap', refSet: true, builderFee: false } },
  credentialFields: { apiKey: 'walletAddress', secret: 'privateKey' },
  readLimit: { burst: 40, perSecond: 10, reserveShare: 0 },
  writeLimit: { burst: 40, perSecond: 10, reserveShare: 0.25 },
  clientId: { encode: (id) => `0x${id}`, decode: (id) => id.replace(/^0x/, '') },
  lookUp: 'clientOrderId',
  tradeClientIdField: 'cloid',
  hedgeMode: 'never',
  account: {
    equityUsd: ['marginSummary', 'accountValue'],
    initialMarginUsd: ['marginSummary', 'totalMarginUsed'],
    maintenanceMarginUsd: ['crossMaintenanceMarginUsed'],
  },
  barsMax: 5000,
  fundingIntervalMs: 3_600_000,
};
