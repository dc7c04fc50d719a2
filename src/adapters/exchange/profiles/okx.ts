/** OKX v5. Its demo is the live host with a header; amounts are contracts; 50004 is a time-out with an open outcome. */
import { carefulProfile, type Profile } from './profile.ts';

export const okxProfile: Profile = {
  ...carefulProfile,
  options: { options: { fetchMarkets: { types: ['spot', 'swap'] }, defaultType: 'swap' } },
  demoHeader: { name: 'x-simulated-trading', value: '1' },
  readLimit: { burst: 40, perSecond: 20, reserveShare: 0 },
  writeLimit: { burst: 30, perSecond: 30, reserveShare: 0.2 },
  lookUp: 'clientOrderId',
  tradeClientIdField: 'clOrdId',
  account: {
    equityUsd: ['data', 0, 'totalEq'],
    initialMarginUsd: ['data', 0, 'imr'],
    maintenanceMarginUsd: ['data', 0, 'mmr'],
  },
  barsMax: 300,
  codes: {
    duplicate: ['51016'],
    refused: ['51169', '51020', '51121'],
    open: ['50004', '50026', '51149'],
    gone: ['51400', '51401', '51402', '51410', '51603'],
    unchanged: ['59000', '51040'],
  },
};
