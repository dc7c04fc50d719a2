/**
 * A market's past bars, read once for all portfolios of a process that look back on it alike.
 *
 * Shared is only what is whole, every bar of it: it can grow no more. A close that a venue corrects is seen a minute later.
 */
import type { CommonReads } from './adapters/exchange/commonReads.ts';
import type { InstrumentId } from './domain/ids.ts';
import type { HistoryStore } from './rebalance/ports/stores.ts';
import type { Clock } from './rebalance/ports.ts';

const ageMsMax = 60_000;

/** @param nameOf the market that an instrument is of, whatever a portfolio calls its venue. */
export function shareBars(
  history: HistoryStore,
  clock: Clock,
  reads: CommonReads,
  nameOf: (instrument: InstrumentId) => string,
): HistoryStore {
  return {
    ...history,
    bars: async (series, fromMs, toMs) => {
      const { instrument, kind, barMs } = series;
      const key = [nameOf(instrument), kind, barMs, fromMs, toMs].join(' ');
      const read = () => history.bars(series, fromMs, toMs);
      const found = await reads.once(key, { nowMs: clock.nowMs(), ageMsMax }, read);
      return found.length * barMs >= toMs - fromMs ? found : await read();
    },
  };
}
