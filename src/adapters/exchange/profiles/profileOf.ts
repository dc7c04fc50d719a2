/** The profile of a ccxt id, or the careful default. */
import { binanceProfile, binanceusdmProfile } from './binance.ts';
import { bybitProfile } from './bybit.ts';
import { deribitProfile } from './deribit.ts';
import { hyperliquidProfile } from './hyperliquid.ts';
import { okxProfile } from './okx.ts';
import { carefulProfile, type Profile } from './profile.ts';

const profiles: Readonly<Record<string, Profile>> = {
  bybit: bybitProfile,
  okx: okxProfile,
  myokx: okxProfile,
  binance: binanceProfile,
  binanceusdm: binanceusdmProfile,
  bitget: { ...carefulProfile, demoHeader: { name: 'PAPTRADING', value: '1' } },
  hyperliquid: hyperliquidProfile,
  deribit: deribitProfile,
};

export const profileOf = (exchange: string): Profile => profiles[exchange] ?? carefulProfile;
