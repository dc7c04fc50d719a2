/** Bybit v5: one unified account; the instruments and the core's ways are already its own. */
import type { Dialect } from '../http/dialect.ts';
import { createBybitDesk } from './desk.ts';

export const bybitDialect: Dialect = {
  name: 'bybit',
  marketOf: (market) => market,
  settings: {},
  idShown: null,
  createDesk: createBybitDesk,
};
