/**
 * Binance: spot and USD-M contracts behind two hosts, a wallet each, its own fees, brackets and names.
 */
import type { Dialect } from '../http/dialect.ts';
import { createBinanceDesk } from './desk.ts';
import { isCounted, numberOf } from './ids.ts';
import { onBinanceTerms } from './terms.ts';

export const binanceDialect: Dialect = {
  name: 'binance',
  marketOf: onBinanceTerms,
  settings: {
    wallets: 'separate',
    // Single-asset mode: a contract has its quote coin behind it and nothing else.
    collateralRatios: { USDT: 1 },
    leverageDefault: '20',
    clientIdPattern: '^[.A-Z:/a-z0-9_-]{1,36}$',
    clientIdReuse: 'whenOver',
    postOnlyTaking: 'refused',
  },
  idShown: (id) => (isCounted(id) ? String(numberOf(id)) : id),
  createDesk: createBinanceDesk,
};
