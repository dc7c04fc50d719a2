/** The reading port of a venue's signals: public readings, each bounded by the session's deadlines and attempts. */
import type { Instrument } from '../../../domain/instrument.ts';
import type { SignalsReader } from '../../../rebalance/ports/signals.ts';
import type { Session } from '../session.ts';
import { readLongShare, readOpenInterest } from './crowdReadings.ts';
import { readFutures } from './futureReadings.ts';
import { readBook, readTradedBars } from './marketReadings.ts';
import { readOptions, readVolatilityIndex } from './optionReadings.ts';

export function createSignalsReader(session: Session): SignalsReader {
  const ofPerpetual =
    <T>(read: (session: Session, instrument: Instrument) => Promise<T | null>) =>
    async (instrument: Instrument): Promise<T | null> =>
      instrument.kind === 'perpetual' ? read(session, instrument) : null;
  const ofMarket =
    <T>(read: (session: Session, instrument: Instrument) => Promise<T | null>) =>
    async (instrument: Instrument): Promise<T | null> =>
      instrument.kind === 'earn' ? null : read(session, instrument);
  return {
    book: ofMarket(readBook),
    tradedBars: ofMarket(readTradedBars),
    openInterest: ofPerpetual(readOpenInterest),
    longShare: ofPerpetual(readLongShare),
    futures: ofPerpetual(readFutures),
    options: (coin) => readOptions(session, coin),
    volatilityIndex: (coin) => readVolatilityIndex(session, coin),
  };
}
