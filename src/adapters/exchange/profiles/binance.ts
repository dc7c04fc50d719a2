/** Binance USD-M: positions without leverage, a duplicate id is found among open orders only, −1007 leaves it open. */
import { carefulProfile, type Profile } from './profile.ts';

export const binanceProfile: Profile = {
  ...carefulProfile,
  options: {
    options: {
      fetchMarkets: { types: ['linear'] },
      fetchMargins: false,
      defaultType: 'swap',
      warnOnFetchOpenOrdersWithoutSymbol: false,
    },
  },
  readLimit: { burst: 100, perSecond: 20, reserveShare: 0 },
  writeLimit: { burst: 50, perSecond: 20, reserveShare: 0.2 },
  lookUp: 'clientOrderId',
  account: {
    equityUsd: ['totalMarginBalance'],
    initialMarginUsd: ['totalInitialMargin'],
    maintenanceMarginUsd: ['totalMaintMargin'],
  },
  barsMax: 500,
  codes: {
    duplicate: ['-4116', '-4111'],
    refused: ['-1111', '-1013', '-4003', '-4014'],
    open: ['-1000', '-1001', '-1006', '-1007', '-1008'],
    gone: ['-2011', '-2013'],
    unchanged: ['-4046', '-4059'],
  },
};
